import { sql, type SQL } from "drizzle-orm";

import type { Invitation, InvitationState } from "../../directory/invitations/invitation.ts";
import type { InvitationStore } from "../../directory/invitations/ports.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import { insertChange, selectChangeOf } from "../journal/change-statement.ts";
import { idChunks } from "../d1/id-chunks.ts";
import { invitations } from "../notice-tables.ts";
import { formerPeople } from "../people-tables.ts";
import { rowsOf } from "../d1/prepare.ts";
import { sameVersion } from "../d1/same-version.ts";
import { guards, users } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";

/** A state that few invitations have costs its walk: a page ends after so many rows, found or not. */
const ROWS_PER_PAGE = 10_000;

interface InvitationRow {
  user_id: string;
  email: string | null;
  state: InvitationState;
  due_at: string;
  sent_at: string | null;
  attempts: number;
  last_error: string | null;
}

interface PersonColumns {
  person_id: string | null;
  person_active: number | null;
  person_email: string | null;
}

const invitationOf = (row: InvitationRow): Invitation => ({
  userId: row.user_id,
  email: row.email,
  state: row.state,
  dueAt: row.due_at,
  sentAt: row.sent_at,
  attempts: row.attempts,
  lastError: row.last_error,
});

const inviteeOf = (row: PersonColumns) =>
  row.person_id === null ? undefined : { active: row.person_active === 1, email: row.person_email };

const columns = sql`user_id, state, due_at, sent_at, attempts, last_error`;
const personColumns = sql`person.id AS person_id, person.active AS person_active, person.email AS person_email`;

/** The invitations of one tenant. See `InvitationStore` for what it promises. */
export function invitationStore(d1: D1Database, tenant: LiveTenant): InvitationStore {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  // Of somebody who was deleted too, as long as their record is kept.
  const email = sql`coalesce(person.email, (SELECT email FROM ${formerPeople} INDEXED BY former_people_id
    WHERE tenant_key = ${key} AND id = listed.user_id)) AS email`;
  const person = (id: SQL) =>
    sql`LEFT JOIN ${users} AS person ON person.tenant_key = ${key} AND person.id = ${id}`;

  return {
    async list({ state, limit, cursor = "" }) {
      const ofState = state === undefined ? sql`` : sql`WHERE state = ${state}`;
      const rows = sql`SELECT ${columns} FROM ${invitations}
        WHERE tenant_key = ${key} AND user_id > ${cursor} ORDER BY user_id LIMIT ${ROWS_PER_PAGE}`;
      const [found, walked] = await database.read([
        sql`SELECT listed.*, ${email}
          FROM (SELECT * FROM (${rows}) ${ofState} ORDER BY user_id LIMIT ${limit + 1}) AS listed
          ${person(sql`listed.user_id`)} ORDER BY listed.user_id`,
        state === undefined
          ? sql`SELECT NULL AS last`
          : sql`SELECT user_id AS last FROM ${invitations} WHERE tenant_key = ${key}
              AND user_id > ${cursor} ORDER BY user_id LIMIT 1 OFFSET ${ROWS_PER_PAGE - 1}`,
      ]);
      const all = rowsOf<InvitationRow>(found);
      const shown = all.slice(0, limit);
      const [end] = rowsOf<{ last: string | null }>(walked);
      return {
        items: shown.map(invitationOf),
        nextCursor: all.length > limit ? shown.at(-1)?.user_id : (end?.last ?? undefined),
      };
    },

    async find(userId) {
      const [found] = await database.read([
        sql`SELECT listed.*, ${email}, ${personColumns}
          FROM (SELECT ${columns} FROM ${invitations} WHERE tenant_key = ${key} AND user_id = ${userId})
            AS listed ${person(sql`listed.user_id`)}`,
      ]);
      const [row] = rowsOf<InvitationRow & PersonColumns>(found);
      return row && { invitation: invitationOf(row), person: inviteeOf(row) };
    },

    async candidates(userIds) {
      const found = await database.read(
        idChunks(userIds).map(
          (ids) => sql`SELECT named.value AS user_id, state, ${personColumns}
            FROM json_each(${ids}) AS named ${person(sql`named.value`)}
            LEFT JOIN ${invitations} ON ${invitations}.tenant_key = ${key}
              AND ${invitations}.user_id = named.value ORDER BY named.key`,
        ),
      );
      return found
        .flatMap((result) =>
          rowsOf<PersonColumns & { user_id: string; state: InvitationState | null }>(result),
        )
        .map((row) => ({
          userId: row.user_id,
          person: inviteeOf(row),
          state: row.state ?? undefined,
        }));
    },

    async queue(userIds, dueAt, change) {
      const ids = JSON.stringify(userIds);
      const result = await database.write(
        [
          sql`INSERT INTO ${invitations} (tenant_key, user_id, state, created_at, due_at)
            SELECT ${key}, person.id, 'queued', ${change.at}, ${dueAt}
            FROM json_each(${ids}) AS named CROSS JOIN ${users} AS person
            WHERE person.tenant_key = ${key} AND person.id = named.value AND person.active = 1
              AND person.email IS NOT NULL
            ON CONFLICT (tenant_key, user_id) DO UPDATE SET state = 'queued', due_at = excluded.due_at,
              attempts = 0, last_error = NULL WHERE state IN ('failed', 'cancelled')`,
          // Each of them or none: the list of those who were skipped is told to somebody.
          sql`INSERT INTO ${guards} (version) SELECT 0 WHERE changes() <> ${userIds.length}`,
          insertChange(key, change),
        ],
        selectChangeOf(key, change),
      );
      return result.kind === "written" ? "queued" : "stale";
    },

    async move(userId, from, to, change) {
      const anew =
        to.dueAt === undefined
          ? sql``
          : sql`, due_at = ${to.dueAt}, attempts = 0, last_error = NULL`;
      // Nobody who is gone or inactive by now waits for one.
      const invitable =
        to.state === "queued"
          ? sql` AND EXISTS (SELECT 1 FROM ${users} WHERE tenant_key = ${key} AND id = ${userId}
              AND active = 1 AND email IS NOT NULL)`
          : sql``;
      const result = await database.write(
        [
          ...sameVersion(sql`UPDATE ${invitations} SET state = ${to.state}${anew}
            WHERE tenant_key = ${key} AND user_id = ${userId} AND state = ${from}${invitable}`),
          insertChange(key, change),
        ],
        selectChangeOf(key, change),
      );
      return result.kind === "written" ? "moved" : "stale";
    },
  };
}
