import { sql, type SQL } from "drizzle-orm";

import type { Change } from "../../journal/change.ts";
import {
  LeaseLost,
  type Move,
  type MoveCursor,
  type MovePlaces,
  type SourceState,
} from "../../tenancy/move-ports.ts";
import { carriedColumns, carry } from "../tenancy/carried-state.ts";
import type { Databases } from "../d1/databases.ts";
import { fitDiff, insertChange, insertChangeFrom } from "../journal/change-statement.ts";
import { guardedBatch } from "../d1/guarded-batch.ts";
import { isSameChunk, readChunk, tablesFrom, type TenantPlace } from "./move-chunks.ts";
import { claim, isOurs, requireOurs, requireOursOrGone, rowOf } from "./move-fence.ts";
import { CHUNK_LIMITS, deleteRows, insertRows } from "./move-rows.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { departments, tenantStates } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";

/** A move has one in every state behind `pausing`. */
function targetKeyOf({ targetKey }: Move): number {
  if (targetKey === null) throw new Error("A move without a number in its target.");
  return targetKey;
}

/** The two places of every move. `limits` are how much is read, written or deleted at once. */
export function movePlaces(databases: Databases, limits = CHUNK_LIMITS): MovePlaces {
  const source = (move: Move) => databases.named(move.source);
  const target = (move: Move) => databases.named(move.target);
  const read = async <Row>(database: D1Database, query: SQL): Promise<Row[]> =>
    rowsOf<Row>(await withRetry(() => prepare(database, query).run()));

  /** Deletes everything of a tenant but the row of its fence, a part at a time. */
  async function empty(
    { database, tenantKey }: TenantPlace,
    cursor: MoveCursor | null,
    first: SQL,
  ): Promise<MoveCursor | undefined> {
    const { tables, following } = tablesFrom(cursor, limits);
    const deletions = tables.map((table) => deleteRows(table, tenantKey, limits));
    const [, ...results] = await guardedBatch(database, [first, ...deletions]);
    const unfinished = tables.find((_, at) => results[at]?.meta.changes === limits.rows);
    if (unfinished) return { table: unfinished.name, after: [] };
    return following === undefined ? undefined : { table: following, after: null };
  }

  /**
   * Changes the state in the source from the epoch that the move knows, and says what it is then. The row of a
   * tenant that was deleted has its number still and another name: what was deleted must not arrive anywhere.
   */
  async function changeSource(
    move: Move,
    change: SQL,
    entry: Change,
  ): Promise<SourceState | undefined> {
    const isTenant = sql`tenant_key = ${move.sourceKey} AND tenant_id = ${move.tenantId}`;
    const once = sql`SELECT ${fitDiff(entry.diff)} AS diff WHERE changes() = 1`;
    const [, , found] = await guardedBatch(source(move), [
      sql`UPDATE ${tenantStates} SET epoch = epoch + 1, ${change}
        WHERE ${isTenant} AND epoch = ${move.epoch}`,
      insertChangeFrom(move.sourceKey, entry, once),
      sql`SELECT epoch, moving_to FROM ${tenantStates} WHERE ${isTenant}`,
    ]);
    const [row] = rowsOf<{ epoch: number; moving_to: string | null }>(found);
    return row && { epoch: row.epoch, isPaused: row.moving_to === move.target };
  }

  return {
    async prepare(held) {
      const { move } = held;
      const [, , found] = await guardedBatch(target(move), [
        sql`INSERT INTO ${tenantStates} (tenant_id, epoch, status, preset, overrides, moving_to)
          VALUES (${move.tenantId}, 0, 'paused', 'generic', '{}', ${move.target}) ON CONFLICT DO NOTHING`,
        claim(held),
        sql`SELECT tenant_key FROM ${tenantStates} WHERE tenant_id = ${move.tenantId} AND ${isOurs(held)}`,
      ]);
      const [row] = rowsOf<{ tenant_key: number }>(found);
      if (!row)
        throw new Error(`The database ${move.target} serves a tenant that lives elsewhere.`);
      return row.tenant_key;
    },

    async claim(held) {
      if (held.move.targetKey === null) return;
      await guardedBatch(target(held.move), [claim(held)]);
    },

    pause: (move, entry) => changeSource(move, sql`moving_to = ${move.target}`, entry),
    resume: (move, entry) => changeSource(move, sql`moving_to = NULL`, entry),

    async copy(held) {
      const { move } = held;
      const tenantKey = targetKeyOf(move);
      const from = { database: source(move), tenantKey: move.sourceKey };
      const { parts, next } = await readChunk(from, move.cursor, limits);
      const rows = parts.map((part) => insertRows(part.table, tenantKey, part.rows));
      if (rows.length > 0) await guardedBatch(target(move), [requireOurs(held), ...rows]);
      return next;
    },

    async compare(move) {
      const places = [
        { database: source(move), tenantKey: move.sourceKey },
        { database: target(move), tenantKey: targetKeyOf(move) },
      ];
      const [original, copy] = await Promise.all(
        places.map((place) => readChunk(place, move.cursor, limits)),
      );
      const isSame = original && copy && (await isSameChunk(original, copy));
      return isSame ? { kind: "same", next: original.next } : { kind: "different" };
    },

    async clear(held) {
      const { move } = held;
      if (move.targetKey === null) return undefined;
      const place = { database: target(move), tenantKey: move.targetKey };
      return empty(place, move.cursor, requireOursOrGone(held));
    },

    async discard(held) {
      if (held.move.targetKey === null) return;
      const row = sql`DELETE FROM ${rowOf(held.move.targetKey)} AND ${isOurs(held)}`;
      await guardedBatch(target(held.move), [row]);
    },

    async open(held, entry) {
      const { move } = held;
      const [row] = await read<{ epoch: number; carried: string }>(
        source(move),
        sql`SELECT epoch, json_array(${carriedColumns}) AS carried FROM ${rowOf(move.sourceKey)}`,
      );
      // Another run has opened the target and left the source.
      if (!row) throw new LeaseLost();
      const here = rowOf(move.targetKey);
      try {
        await guardedBatch(target(move), [
          requireOurs(held),
          // Runs have other numbers in every database; any run that comes is a later one.
          sql`UPDATE ${departments} SET orphaned_run = 0
            WHERE tenant_key = ${move.targetKey} AND orphaned_run IS NOT NULL`,
          sql`UPDATE ${tenantStates} SET ${carry(row.carried)}, epoch = ${row.epoch} + 1, moving_to = NULL
            WHERE tenant_key = ${move.targetKey}`,
          insertChange(targetKeyOf(move), entry),
        ]);
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
        // An earlier run may have come as far as this.
        const open = sql`SELECT 1 FROM ${here} AND moving_to IS NULL`;
        if ((await read(target(move), open)).length === 0) throw error;
      }
    },

    leave(move) {
      const place = { database: source(move), tenantKey: move.sourceKey };
      return empty(place, move.cursor, sql`DELETE FROM ${rowOf(move.sourceKey)}`);
    },
  };
}
