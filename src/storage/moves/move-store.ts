import { sql, type SQL } from "drizzle-orm";

import { TenantFenced } from "../../tenancy/fence.ts";
import type { HeldMove, Move, MoveCursor, MoveState, MoveStore } from "../../tenancy/move-ports.ts";
import type { Databases } from "../d1/databases.ts";
import { guardedBatch } from "../d1/guarded-batch.ts";
import { moves } from "../job-tables.ts";
import { acquireLease, releaseLease, renewLease, requireLease } from "../d1/lease.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { schemaVersion } from "../d1/schema-version.ts";
import { tenants } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";

interface MoveRow {
  tenant_id: string;
  source: string;
  source_key: number;
  target: string;
  target_key: number | null;
  state: MoveState;
  epoch: number;
  cursor: string | null;
  failures: number;
  stalls: number;
  actor_id: string | null;
  actor_hint: string | null;
  request_id: string | null;
}

/** The guarantee of the cast: only this store writes the column, from a value of the type. */
const parseCursor = (text: string): MoveCursor => JSON.parse(text) as MoveCursor;

const jobOf = (tenantId: string): string => `move:${tenantId}`;

const moveOf = (row: MoveRow): Move => ({
  tenantId: row.tenant_id,
  source: row.source,
  sourceKey: row.source_key,
  target: row.target,
  targetKey: row.target_key,
  state: row.state,
  epoch: row.epoch,
  cursor: row.cursor === null ? null : parseCursor(row.cursor),
  failures: row.failures,
  stalls: row.stalls,
  by: {
    // A move of a version that did not note it.
    actor:
      row.actor_id === null
        ? { kind: "job", id: "move-tenants", hint: "cron" }
        : { kind: "admin", id: row.actor_id, hint: row.actor_hint ?? "" },
    requestId: row.request_id ?? jobOf(row.tenant_id),
  },
});

/** The moves of the deployment, in the control database. */
export function moveStore(databases: Databases): MoveStore {
  const { control } = databases;
  const run = (query: SQL) => withRetry(() => prepare(control, query).run());
  const guard = ({ move, fencing }: HeldMove) => requireLease(jobOf(move.tenantId), fencing);

  return {
    async begin(tenant, target, startedAt, { actor, requestId }) {
      if (tenant.database !== target) {
        const places = [tenant.database, target].map((name) => databases.named(name));
        const [here, there] = await Promise.all(places.map((place) => schemaVersion(place)));
        if (here !== there) return "unprepared";
      }
      const [, begun, listed] = await guardedBatch(control, [
        sql`INSERT INTO ${moves} (tenant_id, source, source_key, target, state, epoch, started_at,
            actor_id, actor_hint, request_id)
          SELECT id, database, ${tenant.key}, ${target}, 'pausing', ${tenant.epoch}, ${startedAt},
            ${actor.id}, ${actor.hint}, ${requestId}
          FROM ${tenants} WHERE id = ${tenant.id} AND database = ${tenant.database}
            AND database <> ${target} ON CONFLICT DO NOTHING`,
        sql`SELECT target, state FROM ${moves} WHERE tenant_id = ${tenant.id}`,
        sql`SELECT database FROM ${tenants} WHERE id = ${tenant.id}`,
      ]);
      const [move] = rowsOf<Pick<MoveRow, "target" | "state">>(begun);
      if (move) {
        const isOurs = move.target === target && move.state !== "abandoning";
        return isOurs ? "moving" : "moving-elsewhere";
      }
      const [row] = rowsOf<{ database: string }>(listed);
      if (row?.database !== target) throw new TenantFenced();
      return "there";
    },

    async unfinished() {
      const found = await run(sql`SELECT tenant_id FROM ${moves} ORDER BY started_at, tenant_id`);
      return rowsOf<{ tenant_id: string }>(found).map((row) => row.tenant_id);
    },

    async take(tenantId, lease) {
      const [acquired, found] = await guardedBatch(control, [
        acquireLease(jobOf(tenantId), lease),
        sql`SELECT * FROM ${moves} WHERE tenant_id = ${tenantId}`,
      ]);
      const [held] = rowsOf<{ fencing: number }>(acquired);
      const [row] = rowsOf<MoveRow>(found);
      if (!held) return undefined;
      if (!row) {
        await run(releaseLease(jobOf(tenantId), lease.holder));
        return undefined;
      }
      return { move: moveOf(row), holder: lease.holder, fencing: held.fencing };
    },

    async advance(held, change, until) {
      const { tenantId, target } = held.move;
      const move = { ...held.move, stalls: 0, ...change };
      const cursor = move.cursor === null ? null : JSON.stringify(move.cursor);
      await guardedBatch(control, [
        guard(held),
        ...(change.state === "leaving"
          ? [sql`UPDATE ${tenants} SET database = ${target} WHERE id = ${tenantId}`]
          : []),
        sql`UPDATE ${moves} SET target_key = ${move.targetKey}, state = ${move.state}, epoch = ${move.epoch},
            cursor = ${cursor}, failures = ${move.failures}, stalls = ${move.stalls}
          WHERE tenant_id = ${tenantId}`,
        renewLease(jobOf(tenantId), held.fencing, until),
      ]);
      return { ...held, move };
    },

    async end(held) {
      const row = sql`DELETE FROM ${moves} WHERE tenant_id = ${held.move.tenantId}`;
      await guardedBatch(control, [guard(held), row]);
    },

    async release({ move, holder }) {
      await run(releaseLease(jobOf(move.tenantId), holder));
    },
  };
}
