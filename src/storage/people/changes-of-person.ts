import { sql } from "drizzle-orm";

import type { RecordedChange } from "../../directory/people/ports.ts";
import type { Actor, AttributeChange, Operation } from "../../journal/change.ts";
import { rowsOf } from "../prepare.ts";
import { changes } from "../tables.ts";
import type { TenantDatabase } from "../tenant-database.ts";

interface ChangeRow {
  seq: number;
  at: string;
  request_id: string;
  actor_kind: Actor["kind"];
  actor_id: string;
  actor_hint: string;
  operation: Operation;
  resource_type: string;
  resource_id: string;
  outcome: RecordedChange["outcome"];
  status: number;
  scim_type: string | null;
  reason: string | null;
  diff: string;
}

/** The guarantee of the cast: only change-statement.ts and what builds on it write the column. */
const parseDiff = (text: string) => JSON.parse(text) as AttributeChange[];

/** By the index changes_resource, as many rows as asked for. */
export async function changesOfPerson(
  database: TenantDatabase,
  id: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<RecordedChange[]> {
  const behind = before === undefined ? sql`` : sql` AND seq < ${before}`;
  const [found] = await database.read([
    sql`SELECT seq, at, request_id, actor_kind, actor_id, actor_hint, operation, resource_type, resource_id,
        outcome, status, scim_type, reason, diff
      FROM ${changes} INDEXED BY changes_resource
      WHERE tenant_key = ${database.key} AND resource_id = ${id}${behind} ORDER BY seq DESC LIMIT ${limit}`,
  ]);
  return rowsOf<ChangeRow>(found).map((row) => ({
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
  }));
}
