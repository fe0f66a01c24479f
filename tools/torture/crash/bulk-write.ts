import type { BenchAnswer } from "../../bench/open-client.ts";
import {
  type Holdings,
  withChange,
  withGroupChange,
  withoutPerson,
  withPerson,
} from "./holdings.ts";
import { displayNameFor, ownGroup, someone, type Pen } from "./pen.ts";
import { newPerson, patchBody, userBody } from "./user-writes.ts";
import type { Write } from "./write.ts";

const SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

interface Operation {
  readonly call: {
    readonly method: string;
    readonly path: string;
    readonly [name: string]: unknown;
  };
  readonly after: Holdings;
  readonly status: string;
}

/**
 * Somebody new who joins a group by a reference, a change and a deletion: one request, and as many transactions as it
 * has operations, in their order.
 */
export function bulk(pen: Pen): Write | undefined {
  const made = newPerson(pen);
  const group = ownGroup(pen);
  if (made === undefined || group === undefined) return undefined;
  const { label, person } = made;
  const created = withPerson(pen.holdings, label, person);
  const joined = withGroupChange(created, group, { joining: [label] });
  const join = { op: "add", path: "members", value: [{ value: `bulkId:${label}` }] };
  const operations: [Operation, ...Operation[]] = [
    {
      call: { method: "POST", path: "/Users", bulkId: label, data: userBody(label, person) },
      after: created,
      status: "201",
    },
    {
      call: { method: "PATCH", path: `/Groups/${pen.idOf(group)}`, data: patchBody(join) },
      after: joined,
      status: "204",
    },
    ...more(pen, joined),
  ];
  const [first, ...rest] = operations.map(({ after }) => after);
  return {
    kind: "bulk",
    request: {
      method: "POST",
      path: "/Bulk",
      body: { schemas: [SCHEMA], Operations: operations.map(({ call }) => call) },
    },
    steps: [first ?? created, ...rest],
    isDone: (answer) =>
      answer.status === 200 &&
      outcomesIn(answer).join() === operations.map(({ status }) => status).join(),
    // What refers to somebody whom the repetition cannot make again fails with it.
    repeated: undefined,
    idsIn: (answer) => [[label, madeId(answer)]],
  };
}

function more(pen: Pen, before: Holdings): Operation[] {
  const changed = someone(pen);
  const deleted = someone(pen);
  if (changed === undefined || deleted === undefined || changed === deleted) return [];
  const displayName = displayNameFor(pen);
  const replaced = { op: "replace", path: "displayName", value: displayName };
  const after = withChange(before, changed, { displayName });
  return [
    {
      call: { method: "PATCH", path: `/Users/${pen.idOf(changed)}`, data: patchBody(replaced) },
      after,
      status: "200",
    },
    {
      call: { method: "DELETE", path: `/Users/${pen.idOf(deleted)}` },
      after: withoutPerson(after, deleted),
      status: "204",
    },
  ];
}

const operationsIn = ({ text }: BenchAnswer): { status?: unknown; location?: unknown }[] =>
  (JSON.parse(text) as { Operations?: [] }).Operations ?? [];

const outcomesIn = (answer: BenchAnswer): string[] =>
  operationsIn(answer).map(({ status }) => String(status));

const madeId = (answer: BenchAnswer): string =>
  String(operationsIn(answer)[0]?.location).split("/").at(-1) ?? "";
