import type { Databases } from "./databases.ts";

const SENDING = new Set<PropertyKey>(["run", "all", "first", "raw", "exec"]);

/** The same databases; `count` is told of every round trip to one of them. A batch is one. */
export function countRoundTrips(databases: Databases, count: () => void): Databases {
  const originals = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const known = new Map<D1Database, D1Database>();

  function watch<Target extends object>(target: Target, own: Record<PropertyKey, unknown>): Target {
    return new Proxy(target, {
      get(_target, name) {
        if (Object.hasOwn(own, name)) return own[name];
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]): unknown => {
          if (SENDING.has(name)) count();
          return Reflect.apply(member, target, given);
        };
      },
    });
  }

  function statement(original: D1PreparedStatement): D1PreparedStatement {
    const watched = watch(original, {
      bind: (...values: unknown[]) => statement(original.bind(...values)),
    });
    originals.set(watched, original);
    return watched;
  }

  const database = (original: D1Database): D1Database =>
    watch(original, {
      prepare: (sql: string) => statement(original.prepare(sql)),
      batch: (statements: readonly D1PreparedStatement[]) => {
        count();
        return original.batch(statements.map((each) => originals.get(each) ?? each));
      },
    });

  function watched(original: D1Database): D1Database {
    const seen = known.get(original) ?? database(original);
    known.set(original, seen);
    return seen;
  }

  return {
    control: watched(databases.control),
    names: databases.names,
    named: (name) => watched(databases.named(name)),
  };
}
