import { sql } from "drizzle-orm";

import type { Actor, Change, Operation } from "../../journal/change.ts";
import type { RecordedChange, RecordedDiff } from "../../journal/recorded-change.ts";

export interface ChangeRow {
  seq: number;
  at: string;
  request_id: string;
  actor_kind: Actor["kind"];
  actor_id: string;
  actor_hint: string;
  operation: Operation;
  resource_type: string;
  resource_id: string | null;
  outcome: Change["outcome"];
  status: number;
  scim_type: string | null;
  reason: string | null;
  diff: string;
}

export const changeColumns = sql`seq, at, request_id, actor_kind, actor_id, actor_hint, operation, resource_type,
  resource_id, outcome, status, scim_type, reason, diff`;

/** The guarantee of the cast: change-statement.ts writes the column, and nothing else does. */
export const parseDiff = (text: string): RecordedDiff[] => JSON.parse(text) as RecordedDiff[];

export const recordedChange = (row: ChangeRow): RecordedChange => ({
  seq: row.seq,
  at: row.at,
  requestId: row.request_id,
  actor: { kind: row.actor_kind, id: row.actor_id, hint: row.actor_hint },
  operation: row.operation,
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  outcome: row.outcome,
  status: row.status,
  scimType: row.scim_type,
  reason: row.reason,
  diff: parseDiff(row.diff),
});
