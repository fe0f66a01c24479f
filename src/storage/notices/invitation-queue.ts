import { sql, type SQL } from "drizzle-orm";

import type {
  DueInvitation,
  InvitationQueue,
  Settlement,
} from "../../directory/invitations/queue.ts";
import type { PresetName } from "../../tenancy/presets.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { parseOverrides } from "../tenancy/live-tenant-rows.ts";
import { invitations } from "../notice-tables.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { tenantStates, users } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";
import { insertInvites } from "./insert-invites.ts";
import { staysHereOf } from "./stays-here-of.ts";

/** What `lastError` says of an invitation that the product was told of instead of the person. */
const NO_MAILER = "No mail is set up; the product invites.";

interface DueRow {
  tenant_key: number;
  tenant_id: string;
  preset: PresetName;
  overrides: string;
  user_id: string;
  person_id: string | null;
  active: number | null;
  email: string | null;
  attempts: number;
  due_at: string;
  last_error: string | null;
}

const dueInvitationOf = (row: DueRow): DueInvitation => ({
  tenantKey: row.tenant_key,
  tenantId: row.tenant_id,
  preset: row.preset,
  overrides: parseOverrides(row.overrides),
  userId: row.user_id,
  person: row.person_id === null ? undefined : { active: row.active === 1, email: row.email },
  attempts: row.attempts,
  dueAt: row.due_at,
  announced: row.last_error === NO_MAILER,
});

const named = (items: readonly unknown[]): SQL =>
  sql`(SELECT value ->> 0 AS tenant_key, value ->> 1 AS user_id, value ->> 2 AS attempts,
    value ->> 3 AS due_at, value ->> 4 AS next, value ->> 5 AS error FROM json_each(${JSON.stringify(items)})) AS named`;

const itemOf = ({ tenantKey, userId, attempts, dueAt }: DueInvitation, ...rest: unknown[]) => [
  tenantKey,
  userId,
  attempts,
  dueAt,
  ...rest,
];

const isNamed = sql`${invitations}.tenant_key = named.tenant_key AND ${invitations}.user_id = named.user_id
  AND ${invitations}.state = 'queued' AND ${staysHereOf(sql`${invitations}`)}`;
/** Nobody has claimed, moved or postponed it since it was read. */
const isAsRead = sql`${isNamed} AND ${invitations}.attempts = named.attempts
  AND ${invitations}.due_at = named.due_at`;
/** The claim that was made of what was read still holds. */
const isClaimed = sql`${isNamed} AND ${invitations}.attempts = named.attempts + 1`;

/** The queue of invitations of one database. See `InvitationQueue` for what it promises. */
export function invitationQueue(database: D1Database): InvitationQueue {
  const work = jobDatabase(database, "send-invitations");

  return {
    lease: work.lease,

    async due(now, limit) {
      const query = sql`SELECT due.tenant_key, tenant_id, preset, overrides, due.user_id, person.id AS person_id,
          person.active, person.email, due.attempts, due.due_at, due.last_error
        FROM ${invitations} AS due INDEXED BY invitations_due
        CROSS JOIN ${tenantStates} AS tenant ON tenant.tenant_key = due.tenant_key
        LEFT JOIN ${users} AS person ON person.tenant_key = due.tenant_key AND person.id = due.user_id
        WHERE due.state = 'queued' AND due.due_at <= ${now} AND tenant.status = 'active'
          AND tenant.moving_to IS NULL
        ORDER BY due.due_at LIMIT ${limit}`;
      return (await work.read<DueRow>(query)).map(dueInvitationOf);
    },

    async claim(fencing, claims) {
      const items = claims.map(({ invitation, nextAt }) => itemOf(invitation, nextAt));
      const written = await work.write(fencing, [
        sql`UPDATE ${invitations} SET attempts = ${invitations}.attempts + 1, due_at = named.next
          FROM ${named(items)} WHERE ${isAsRead}
          RETURNING ${invitations}.tenant_key, ${invitations}.user_id`,
      ]);
      if (written.kind !== "written") return "lease-lost";
      const rows = rowsOf<{ tenant_key: number; user_id: string }>(written.results[0]);
      const taken = new Set(rows.map((row) => `${row.tenant_key} ${row.user_id}`));
      const isTaken = ({ tenantKey, userId }: DueInvitation) => taken.has(`${tenantKey} ${userId}`);
      return new Set(claims.map(({ invitation }) => invitation).filter(isTaken));
    },

    async cancel(fencing, unwanted, now) {
      const items = unwanted.map((invitation) => itemOf(invitation));
      const written = await work.write(fencing, [
        insertInvites(named(items), isAsRead, { before: "queued", after: "cancelled" }, now),
        sql`UPDATE ${invitations} SET state = 'cancelled' FROM ${named(items)} WHERE ${isAsRead}`,
      ]);
      return written.kind === "written" ? "done" : "lease-lost";
    },

    async announce(fencing, waiting, { now, nextAt }) {
      const items = waiting.map((invitation) => itemOf(invitation, nextAt, NO_MAILER));
      const unannounced = sql`${isAsRead} AND ${invitations}.last_error IS NOT named.error`;
      const written = await work.write(fencing, [
        insertInvites(named(items), unannounced, { before: "queued", after: "due" }, now),
        sql`UPDATE ${invitations} SET due_at = named.next, last_error = named.error
          FROM ${named(items)} WHERE ${isAsRead}`,
      ]);
      return written.kind === "written" ? "done" : "lease-lost";
    },

    async settle(results, now) {
      const of = (kind: Settlement["kind"]) => {
        const items = results
          .filter(({ settlement }) => settlement.kind === kind)
          .map(({ invitation, settlement }) =>
            itemOf(invitation, null, settlement.kind === "sent" ? null : settlement.error),
          );
        return items.length === 0 ? undefined : named(items);
      };
      const sent = of("sent");
      const failed = of("failed");
      const again = of("again");
      const unclaimed = of("unclaimed");
      const update = (assignments: SQL, which: SQL) =>
        sql`UPDATE ${invitations} SET ${assignments} FROM ${which} WHERE ${isClaimed}`;
      const statements = [
        ...(sent
          ? [
              insertInvites(sent, isClaimed, { before: "queued", after: "sent" }, now),
              update(sql`state = 'sent', sent_at = ${now}, last_error = NULL`, sent),
            ]
          : []),
        ...(failed
          ? [
              insertInvites(failed, isClaimed, { before: "queued", after: "failed" }, now),
              update(sql`state = 'failed', last_error = named.error`, failed),
            ]
          : []),
        ...(again ? [update(sql`last_error = named.error`, again)] : []),
        ...(unclaimed
          ? [update(sql`attempts = named.attempts, last_error = named.error`, unclaimed)]
          : []),
      ];
      if (statements.length === 0) return;
      // Sent twice after an unknown outcome, the second one finds no claim and does nothing.
      await withRetry(() =>
        database.batch(statements.map((statement) => prepare(database, statement))),
      );
    },
  };
}
