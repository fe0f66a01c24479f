import { sql, type SQL } from "drizzle-orm";

import type { Write } from "../../directory/ports.ts";
import { invitations } from "../notice-tables.ts";

export const queueInvitation = (
  tenantKey: number,
  { userId, dueAt }: Extract<Write, { kind: "queue-invitation" }>,
  at: string,
): SQL =>
  sql`INSERT INTO ${invitations} (tenant_key, user_id, state, created_at, due_at)
    VALUES (${tenantKey}, ${userId}, 'queued', ${at}, ${dueAt})`;

export const withdrawInvitation = (
  tenantKey: number,
  { userId, forget }: Extract<Write, { kind: "withdraw-invitation" }>,
): SQL => {
  const ofPerson = sql`tenant_key = ${tenantKey} AND user_id = ${userId}`;
  return forget
    ? sql`DELETE FROM ${invitations} WHERE ${ofPerson}`
    : sql`UPDATE ${invitations} SET state = 'cancelled' WHERE ${ofPerson} AND state = 'queued'`;
};
