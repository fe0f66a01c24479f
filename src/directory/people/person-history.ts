import type { RecordedChange } from "../../journal/recorded-change.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { DirectoryContext } from "../context.ts";
import type { Assignment } from "../departments/ports.ts";

/** The beginning or the end of a time in a department. The rows of the journal that led to it may be gone. */
export interface AssignmentEvent {
  readonly at: string;
  readonly operation: "assign" | "unassign";
  readonly department: Pick<Assignment, "name" | "source"> & { readonly id: string };
}

export type HistoryItem =
  | { readonly kind: "change"; readonly change: RecordedChange }
  | { readonly kind: "assignment"; readonly event: AssignmentEvent };

/** Where a page ended in each of the two sources. */
interface Position {
  readonly seq: number | undefined;
  readonly event: string | undefined;
}

const orderOf = ({ at, operation, department }: AssignmentEvent): string =>
  JSON.stringify([at, operation, department.id, department.source]);

function eventsOf(assignments: readonly Assignment[]): AssignmentEvent[] {
  const events = assignments.flatMap(({ departmentId: id, name, source, startedAt, endedAt }) => {
    const department = { id, name, source };
    return [
      { at: startedAt, operation: "assign", department } as const,
      ...(endedAt === null ? [] : [{ at: endedAt, operation: "unassign", department } as const]),
    ];
  });
  return events.toSorted((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
}

/** The newest of both, which are each newest first. An assignment comes out of a change: at one moment it is newer. */
export function mergeHistory(
  changes: readonly RecordedChange[],
  events: readonly AssignmentEvent[],
): HistoryItem[] {
  const items: HistoryItem[] = [];
  let next = 0;
  // Each keeps its own order: clocks differ, and the numbers of the journal are what its pages go by.
  for (const change of changes) {
    for (let event = events[next]; event && event.at >= change.at; event = events[next]) {
      items.push({ kind: "assignment", event });
      next += 1;
    }
    items.push({ kind: "change", change });
  }
  const rest = events.slice(next).map((event) => ({ kind: "assignment", event }) as const);
  return [...items, ...rest];
}

/**
 * What happened to a person, newest first: the journal, and the times in departments, which outlive it. Undefined
 * when there is nobody of that id, and there was nobody.
 */
export async function personHistory(
  { people, departments }: Pick<DirectoryContext, "people" | "departments">,
  id: string,
  { limit, cursor }: PageRequest,
): Promise<Page<HistoryItem> | undefined> {
  if (!(await people.one(id))) return undefined;
  const start = readPosition(cursor);
  const changes = await people.changesOf(id, { before: start.seq, limit: limit + 1 });
  const events = eventsOf(await departments.history(id)).filter(
    (event) => start.event === undefined || orderOf(event) < start.event,
  );
  const all = mergeHistory(changes, events);
  const items = all.slice(0, limit);
  if (all.length <= limit) return { items, nextCursor: undefined };
  return { items, nextCursor: writePosition(positionAfter(items, start)) };
}

function positionAfter(items: readonly HistoryItem[], start: Position): Position {
  const change = items.findLast((item) => item.kind === "change");
  const event = items.findLast((item) => item.kind === "assignment");
  return {
    seq: change?.kind === "change" ? change.change.seq : start.seq,
    event: event?.kind === "assignment" ? orderOf(event.event) : start.event,
  };
}

const writePosition = ({ seq, event }: Position): string => `${seq ?? ""} ${event ?? ""}`;

function readPosition(cursor: string | undefined): Position {
  const [seq = "", ...event] = (cursor ?? "").split(" ");
  return {
    seq: seq === "" ? undefined : Number(seq),
    event: event.join(" ") || undefined,
  };
}
