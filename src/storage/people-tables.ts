import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

// What is left of people's past: those who are gone, and the departments that people were in.

/**
 * Soft-deleted people: out of `users`, so that its indexes stay full and their names are free at once. WITHOUT
 * ROWID and by userName, so that somebody who returns finds their predecessor at no cost for the deletion.
 */
export const formerPeople = sqliteTable(
  "former_people",
  {
    tenantKey: integer("tenant_key").notNull(),
    userNameKey: text("user_name_key").notNull(),
    id: text("id").notNull(),
    resource: text("resource").notNull(),
    externalId: text("external_id"),
    email: text("email"),
    origin: text("origin").notNull(),
    /** The departments at the end, as JSON: `[{id, name, source, since}]`. */
    departments: text("departments").notNull().default("[]"),
    version: integer("version").notNull(),
    createdAt: text("created_at").notNull(),
    deletedAt: text("deleted_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.userNameKey, table.id] }),
    index("former_people_id").on(table.tenantKey, table.id),
  ],
);

/**
 * Times in a department that are over. The present ones are not here: `group_members.added_at`,
 * `department_members.added_at` and `users.department_since` tell when each began, so that joining writes no
 * row more. WITHOUT ROWID.
 */
export const assignments = sqliteTable(
  "assignments",
  {
    tenantKey: integer("tenant_key").notNull(),
    userId: text("user_id").notNull(),
    endedAt: text("ended_at").notNull(),
    departmentId: text("department_id").notNull(),
    source: text("source").notNull(),
    startedAt: text("started_at").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.tenantKey, table.userId, table.endedAt, table.departmentId, table.source],
    }),
  ],
);
