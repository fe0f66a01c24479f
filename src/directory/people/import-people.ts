import type { Change } from "../../journal/change.ts";
import { clash } from "../clash-error.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import type { CommitOutcome, DepartmentDraft, UserDraft, UserUpdate } from "../ports.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { departmentWrites } from "./user-draft.ts";
import type { PeopleRow } from "./csv/read-people-file.ts";
import { decideLines, type DecidedLine } from "./decide-lines.ts";
import type { ImportDecision } from "./decide-import.ts";
import { handOutcome, type HandOutcome } from "./hand-outcome.ts";
import { importMemory, type ImportMemory } from "./import-memory.ts";
import { typeNamed } from "../key-writes.ts";
import { toldDiff } from "../told-diff.ts";

/** Looked up together and written in one transaction. */
const CHUNK = 500;
const MAX_TOLD_ROWS = 1_000;

export interface ImportReport {
  create: number;
  update: number;
  conflict: number;
  skip: number;
  /** The first 1,000 lines about which there is something to say. */
  readonly rows: { line: number; outcome: ImportDecision["kind"]; message: string }[];
}

/** An import under way. It goes on where it was when the tenant changes in between. */
export interface ImportRun {
  readonly report: ImportReport;
  readonly memory: ImportMemory;
  readonly left: PeopleRow[][];
}

export function importRun(rows: readonly PeopleRow[]): ImportRun {
  const left: PeopleRow[][] = [];
  for (let at = 0; at < rows.length; at += CHUNK) left.push(rows.slice(at, at + CHUNK));
  const report = { create: 0, update: 0, conflict: 0, skip: 0, rows: [] };
  return { report, memory: importMemory(), left };
}

/**
 * Enrols and changes the people of a file, or with `dryRun` only tells what it would do: both count the same as
 * long as nobody else writes. What is written stays written when a later portion fails; sent again, the file goes
 * on from there, because lines that change nothing write nothing.
 */
export const importPeople = (
  context: DirectoryContext,
  run: ImportRun,
  { dryRun }: { readonly dryRun: boolean },
): Promise<HandOutcome<ImportReport>> =>
  handOutcome(async () => {
    for (let rows = run.left[0]; rows !== undefined; rows = run.left[0]) {
      const { decided, outcome } = await retryStale(context, async () => {
        const decided = await decideLines(context, run.memory, rows);
        const outcome = dryRun ? ({ kind: "committed" } as const) : await write(context, decided);
        return outcome.kind === "stale" ? STALE : { decided, outcome };
      });
      run.left.shift();
      const [first, ...others] = decided;
      if (outcome.kind === "committed") {
        for (const { row, decision } of decided) tell(run.report, row.line, decision);
      } else if (first !== undefined && others.length === 0) {
        tell(run.report, first.row.line, { kind: "conflict", message: messageOf(outcome) });
      } else {
        const middle = rows.length >> 1;
        run.left.unshift(rows.slice(0, middle), rows.slice(middle));
      }
    }
    return run.report;
  });

const messageOf = (outcome: CommitOutcome): string =>
  outcome.kind === "duplicate"
    ? clash(outcome.attribute).detail
    : "This line could not be written.";

function tell(report: ImportReport, line: number, decision: ImportDecision): void {
  report[decision.kind] += 1;
  const message = "message" in decision ? decision.message : undefined;
  if (message === undefined || report.rows.length === MAX_TOLD_ROWS) return;
  report.rows.push({ line, outcome: decision.kind, message });
}

/** One row in the journal for each person, so that their history has it and an erasure finds it. */
async function write(
  context: DirectoryContext,
  decided: readonly DecidedLine[],
): Promise<CommitOutcome> {
  const inserted = decided.flatMap((one) => one.inserted ?? []);
  const updated = decided.flatMap((one) => one.updated ?? []);
  const changes = decided.flatMap((one): Change[] => {
    const after = one.inserted ?? one.updated?.after;
    if (after === undefined) return [];
    const before = one.updated?.before.document ?? {};
    return [
      changeBy(context, {
        operation: "import",
        resourceType: "User",
        resourceId: after.id,
        status: one.inserted ? 201 : 200,
        diff: toldDiff(typeNamed(context, "User"), before, after.document),
      }),
    ];
  });
  const change = changes.pop();
  if (change === undefined) return { kind: "committed" };
  const departments = departmentsOf(context, inserted, updated);
  return context.store.commit({
    writes: [{ kind: "write-people", departments, inserted, updated, changes }],
    change,
  });
}

/** Each once, and one id for each. */
function departmentsOf(
  context: DirectoryContext,
  inserted: readonly UserDraft[],
  updated: readonly UserUpdate[],
): DepartmentDraft[] {
  const nextId = () => context.ids.next();
  const writes = [
    ...inserted.flatMap(({ keys }) => departmentWrites(undefined, keys, nextId)),
    ...updated.flatMap(({ before, after }) => departmentWrites(before.keys, after.keys, nextId)),
  ];
  const drafts = writes.flatMap((write) =>
    write.kind === "ensure-department" ? [write.department] : [],
  );
  return [...new Map(drafts.map((draft) => [draft.nameKey, draft])).values()];
}
