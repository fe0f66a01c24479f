import { BATCHES_ACROSS_TENANTS } from "./across-tenants.ts";
import { verdictOn, type Verdict } from "./statement-fault.ts";

/** Files that only pass on what others ask. */
const PASSED_ON_BY = /\/test\/(?:sql\/watch-statements|storage\/intercept-d1)\.ts/;

/** The lines of the stack that are in the Worker's own files; none: the test itself asks. Slow, so for what is wrong. */
function askedBy(): readonly string[] {
  const lines = (new Error("Who asks").stack ?? "")
    .split("\n")
    .filter((line) => /\/(?:src|test|tools)\//.test(line) && !PASSED_ON_BY.test(line));
  return lines[0]?.includes("/src/") ? lines.filter((line) => line.includes("/src/")) : [];
}

/** Puts something around a method of a class of the runtime. */
function around(
  owner: object,
  name: string,
  call: (call: () => unknown, given: readonly unknown[], self: object) => unknown,
): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== "function") throw new Error(`No method ${name}.`);
  Reflect.set(owner, name, function wrapped(this: object, ...given: unknown[]) {
    return call((): unknown => Reflect.apply(original, this, given), given, this);
  });
}

/** The numbers of tenants among the values of a statement, which may be one JSON array of all. */
function tenantsAmong(values: readonly unknown[], verdict: Verdict): readonly unknown[] {
  if (verdict.kind === "fault" || verdict.tenantKeys.length === 0) return [];
  const all: unknown = verdict.isPacked ? JSON.parse(String(values[0])) : values;
  return Array.isArray(all) ? verdict.tenantKeys.map((at): unknown => all[at]) : [];
}

export interface StatementWatch {
  /**
   * Tells, and forgets, the faults since it was last asked: statements that do not keep to one tenant, and batches
   * for several.
   */
  takeFaults(): string[];
  /** In how many batches a tenant's number was bound. */
  batchesOfTenants(): number;
}

/** Reads along every statement that the Worker prepares and batches in this isolate. */
export function watchStatements(database: D1Database): StatementWatch {
  const faults: string[] = [];
  let batches = 0;
  const verdicts = new Map<string, Verdict>();
  const verdictOf = new WeakMap<object, Verdict>();
  /** The tenants' numbers that a statement was given. */
  const tenantsOf = new WeakMap<object, readonly unknown[]>();
  const tell = (fault: string) => {
    if (askedBy().length > 0) faults.push(fault);
  };

  function look(sql: string): Verdict {
    const known = verdicts.get(sql);
    if (known) return known;
    try {
      const verdict = verdictOn(sql);
      if (verdict.kind === "fault") tell(verdict.text);
      else verdicts.set(sql, verdict);
      return verdict;
    } catch (error) {
      // Of what a test itself asks not all is understood.
      tell(String(error));
      return { kind: "fault", text: sql };
    }
  }

  const ofStatements: object = Object.getPrototypeOf(database.prepare("SELECT 1"));
  const ofDatabases: object = Object.getPrototypeOf(database);
  around(ofDatabases, "prepare", (call, [sql]) => {
    const prepared = call();
    if (typeof prepared === "object" && prepared) verdictOf.set(prepared, look(String(sql)));
    return prepared;
  });
  around(ofStatements, "bind", (call, values, prepared) => {
    const bound = call();
    const verdict = verdictOf.get(prepared);
    if (typeof bound === "object" && bound && verdict) {
      tenantsOf.set(bound, tenantsAmong(values, verdict));
    }
    return bound;
  });
  around(ofDatabases, "batch", (call, [statements]) => {
    const all: object[] = Array.isArray(statements) ? statements : [];
    const tenants = [...new Set(all.flatMap((statement) => tenantsOf.get(statement) ?? []))];
    if (tenants.length > 0) batches += 1;
    if (tenants.length > 1) {
      const files = askedBy().join("\n");
      const isMeant = BATCHES_ACROSS_TENANTS.some(({ file }) => files.includes(file));
      if (!isMeant) tell(`A batch for the tenants ${tenants.join(", ")}:\n${files}`);
    }
    return call();
  });
  return { takeFaults: () => faults.splice(0), batchesOfTenants: () => batches };
}
