import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

// The tables of the jobs that the cron trigger runs.

/** One row per job and database: who may work now, and where the last run stopped. */
export const leases = sqliteTable("leases", {
  job: text("job").primaryKey(),
  holder: text("holder").notNull(),
  /** Rises with every take-over; writes of an earlier holder fail at the guard. */
  fencing: integer("fencing").notNull(),
  expiresAt: text("expires_at").notNull(),
});

export const reconciliations = sqliteTable("reconciliations", {
  run: integer("run").primaryKey({ autoIncrement: true }),
  id: text("id").notNull(),
  trigger: text("trigger").notNull(),
  /** The one tenant that it is for; null: all. */
  tenantKey: integer("tenant_key"),
  startedAt: text("started_at").notNull(),
  finishedAt: text("finished_at"),
  /** Tenants after this key are still to be done; a killed run goes on here. */
  cursor: integer("cursor").notNull().default(0),
  tenants: integer("tenants").notNull().default(0),
  marked: integer("marked").notNull().default(0),
  unmarked: integer("unmarked").notNull().default(0),
  retired: integer("retired").notNull().default(0),
  repaired: integer("repaired").notNull().default(0),
  brakes: text("brakes").notNull().default("[]"),
});

/** What tenants wrote, by the hour, rolled up from the journal. WITHOUT ROWID. */
export const traffic = sqliteTable(
  "traffic",
  {
    tenantKey: integer("tenant_key").notNull(),
    /** Beginning of the hour. */
    hour: text("hour").notNull(),
    writes: integer("writes").notNull().default(0),
    refused: integer("refused").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.tenantKey, table.hour] })],
);

/** How far the journal of a tenant has been rolled up. */
export const trafficCursors = sqliteTable("traffic_cursors", {
  tenantKey: integer("tenant_key").primaryKey(),
  seq: integer("seq").notNull(),
});

/**
 * The tenants that are being moved to another database; read in the control database only. A row is the intent
 * to move, and says how far the move has come, so that anybody can go on with it. WITHOUT ROWID.
 */
export const moves = sqliteTable("moves", {
  tenantId: text("tenant_id").primaryKey(),
  source: text("source").notNull(),
  sourceKey: integer("source_key").notNull(),
  target: text("target").notNull(),
  /** Unknown until the tenant has a row there. */
  targetKey: integer("target_key"),
  state: text("state").notNull(),
  /** The tenant's epoch in the source, as last seen: the state there is changed from this one only. */
  epoch: integer("epoch").notNull(),
  /** Where copying or comparing has come to, as JSON; null: nothing is done yet. */
  cursor: text("cursor"),
  /** How often the copy was not like the original. */
  failures: integer("failures").notNull().default(0),
  /** How many runs one after the other came no further. */
  stalls: integer("stalls").notNull().default(0),
  startedAt: text("started_at").notNull(),
  /** Who asked for it, for the journal. */
  actorId: text("actor_id"),
  actorHint: text("actor_hint"),
  requestId: text("request_id"),
});
