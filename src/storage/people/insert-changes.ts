import { sql, type SQL } from "drizzle-orm";

import type { Change } from "../../journal/change.ts";
import { fitDiff, MAX_REASON_CHARACTERS } from "../journal/change-statement.ts";
import { changes } from "../tables.ts";
import { jsonChunks } from "./json-chunks.ts";

/** The columns of the journal that follow from a change, in their order. */
const rowOf = (change: Change): Record<string, string | number | null> => ({
  at: change.at,
  request_id: change.requestId,
  actor_kind: change.actor.kind,
  actor_id: change.actor.id,
  actor_hint: change.actor.hint,
  operation: change.operation,
  resource_type: change.resourceType,
  resource_id: change.resourceId,
  outcome: change.outcome,
  status: change.status,
  scim_type: change.scimType,
  reason: change.reason?.slice(0, MAX_REASON_CHARACTERS) ?? null,
  diff: fitDiff(change.diff),
});

/** The journal rows of many changes, numbered inside the batch in the order given. */
export function insertChanges(tenantKey: number, made: readonly Change[]): SQL[] {
  const [first] = made;
  if (first === undefined) return [];
  const names = Object.keys(rowOf(first));
  const columns = sql.join(
    names.map((name) => sql`${sql.identifier(name)}`),
    sql`, `,
  );
  const values = sql.join(
    names.map((name) => sql`json_extract(named.value, ${`$.${name}`})`),
    sql`, `,
  );
  return jsonChunks(made.map(rowOf)).map(
    (chunk) => sql`INSERT INTO ${changes} (tenant_key, seq, ${columns})
      SELECT ${tenantKey}, coalesce((SELECT max(seq) FROM ${changes} WHERE tenant_key = ${tenantKey}), 0) + 1
        + named.key, ${values} FROM json_each(${chunk}) AS named`,
  );
}
