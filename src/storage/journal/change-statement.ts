import { sql, type SQL } from "drizzle-orm";

import type { AttributeChange, Change } from "../../journal/change.ts";
import { changes, tenantStates } from "../tables.ts";

/** Rows above about 1,000 bytes would each take an overflow page of 4 KB. */
const MAX_DIFF_BYTES = 750;
export const MAX_REASON_CHARACTERS = 200;

const encoder = new TextEncoder();
const bytesOf = (text: string) => encoder.encode(text).byteLength;

/** The diff as the row holds it: the longest values are the first to go. */
export function fitDiff(diff: readonly AttributeChange[]): string {
  const told: object[] = [...diff];
  const lengths = diff.map((change) => bytesOf(JSON.stringify(change)));
  const longestFirst = [...diff.keys()].toSorted((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  for (const at of longestFirst) {
    const text = JSON.stringify(told);
    if (bytesOf(text) <= MAX_DIFF_BYTES) return text;
    told[at] = { attribute: diff[at]?.attribute, cut: true };
  }
  // Nothing but names is left: what still does not fit is counted.
  for (let kept = told.length; kept > 0; kept--) {
    const rest = told.length - kept;
    const text = JSON.stringify([...told.slice(0, kept), ...(rest > 0 ? [{ more: rest }] : [])]);
    if (bytesOf(text) <= MAX_DIFF_BYTES) return text;
  }
  return JSON.stringify(told.length === 0 ? [] : [{ more: told.length }]);
}

const into = sql`INSERT INTO ${changes} (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint,
  operation, resource_type, resource_id, outcome, status, scim_type, reason, diff)`;

const toldBy = (change: Omit<Change, "diff">): SQL =>
  sql`${change.at}, ${change.requestId}, ${change.actor.kind}, ${change.actor.id}, ${change.actor.hint},
    ${change.operation}, ${change.resourceType}, ${change.resourceId}, ${change.outcome}, ${change.status},
    ${change.scimType}, ${change.reason?.slice(0, MAX_REASON_CHARACTERS) ?? null}`;

function valuesOf(tenantKey: number, change: Omit<Change, "diff">, diff: SQL): SQL {
  const nextSeq = sql`coalesce((SELECT max(seq) FROM ${changes} WHERE tenant_key = ${tenantKey}), 0) + 1`;
  return sql`${tenantKey}, ${nextSeq}, ${toldBy(change)}, ${diff}`;
}

/** The journal row of a change, numbered inside the batch. */
export const insertChange = (tenantKey: number, change: Change): SQL =>
  sql`${into} VALUES (${valuesOf(tenantKey, change, sql`${fitDiff(change.diff)}`)})`;

/** The first row of a journal, in the batch that makes its tenant: nobody knows the tenant's number yet. */
export const insertFirstChange = (tenantId: string, change: Change): SQL =>
  sql`${into} SELECT tenant_key, 1, ${toldBy(change)}, ${fitDiff(change.diff)}
    FROM ${tenantStates} WHERE tenant_id = ${tenantId}`;

/** A row with a diff that a query makes (in its column `diff`); no row where the query finds none. */
export const insertChangeFrom = (
  tenantKey: number,
  change: Omit<Change, "diff">,
  query: SQL,
): SQL => sql`${into} SELECT ${valuesOf(tenantKey, change, sql`diff`)} FROM (${query})`;

/**
 * Whether this request's row is among the newest ones: the answer to "was it applied?" after a failure that
 * leaves the outcome open. Reads at most 500 rows; a retry comes within seconds.
 */
export function selectChangeOf(tenantKey: number, change: Omit<Change, "diff">): SQL {
  return sql`SELECT 1 FROM (
      SELECT request_id, resource_id, operation FROM ${changes}
      WHERE tenant_key = ${tenantKey} ORDER BY seq DESC LIMIT 500
    ) WHERE request_id = ${change.requestId} AND resource_id IS ${change.resourceId}
      AND operation = ${change.operation}`;
}
