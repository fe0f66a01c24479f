import { sql, type SQL } from "drizzle-orm";

import { invitations } from "../notice-tables.ts";
import { changes } from "../tables.ts";

/**
 * A row `invite` in the journal of each tenant for each of the named invitations that the condition holds for, to
 * stand in the batch in front of what changes them.
 */
export function insertInvites(
  named: SQL,
  condition: SQL,
  state: { readonly before: string; readonly after: string },
  now: string,
): SQL {
  const lastSeq = sql`coalesce((SELECT max(seq) FROM ${changes} AS written
    WHERE written.tenant_key = ${invitations}.tenant_key), 0)`;
  const number = sql`row_number() OVER (PARTITION BY ${invitations}.tenant_key ORDER BY ${invitations}.user_id)`;
  const diff = JSON.stringify([{ attribute: "invitation", ...state }]);
  return sql`INSERT INTO ${changes} (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint, operation,
      resource_type, resource_id, outcome, status, reason, diff)
    SELECT ${invitations}.tenant_key, ${lastSeq} + ${number}, ${now}, ${`invitations-${now}`}, 'job',
      'send-invitations', 'cron', 'invite', 'User', ${invitations}.user_id, 'applied', 200, named.error, ${diff}
    FROM ${named} CROSS JOIN ${invitations} WHERE ${condition}`;
}
