import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

// What is sent to people: invitations to users, alerts to administrators, and the counts that raise them.

/** One per person for ever, so that nobody is invited twice. WITHOUT ROWID. */
export const invitations = sqliteTable(
  "invitations",
  {
    tenantKey: integer("tenant_key").notNull(),
    userId: text("user_id").notNull(),
    state: text("state").notNull(),
    createdAt: text("created_at").notNull(),
    dueAt: text("due_at").notNull(),
    sentAt: text("sent_at"),
    attempts: integer("attempts").notNull().default(0),
    lastError: text("last_error"),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.userId] }),
    /** For the job, which looks over all tenants of the database. */
    index("invitations_due").on(table.dueAt).where(sql.raw("state = 'queued'")),
  ],
);

/** WITHOUT ROWID. */
export const alerts = sqliteTable(
  "alerts",
  {
    tenantKey: integer("tenant_key").notNull(),
    id: text("id").notNull(),
    kind: text("kind").notNull(),
    /** What it is about where a tenant may have several of a kind: a token's id; else ''. */
    subject: text("subject").notNull(),
    detail: text("detail").notNull(),
    raisedAt: text("raised_at").notNull(),
    resolvedAt: text("resolved_at"),
    /** When it was mailed; null while it waits for that, or nobody is to be told. */
    notifiedAt: text("notified_at"),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.id] }),
    uniqueIndex("alerts_open")
      .on(table.tenantKey, table.kind, table.subject)
      .where(sql.raw("resolved_at IS NULL")),
    index("alerts_to_send").on(table.raisedAt).where(sql.raw("notified_at IS NULL")),
  ],
);

/** The running window of the mass-deactivation guard. */
export const deactivationWindows = sqliteTable("deactivation_windows", {
  tenantKey: integer("tenant_key").primaryKey(),
  startedAt: text("started_at").notNull(),
  /** People who were active when it began. */
  activeAtStart: integer("active_at_start").notNull(),
  /** How many have been deactivated or deleted since. */
  people: integer("people").notNull(),
  /** When the guard stopped a request; until its alert is resolved the window does not end. */
  trippedAt: text("tripped_at"),
  /** 1: an administrator let this window finish. */
  released: integer("released").notNull().default(0),
});

/** Who was counted in a window, so that nobody is counted twice. WITHOUT ROWID. */
export const deactivations = sqliteTable(
  "deactivations",
  {
    tenantKey: integer("tenant_key").notNull(),
    windowStartedAt: text("window_started_at").notNull(),
    userId: text("user_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantKey, table.windowStartedAt, table.userId] })],
);
