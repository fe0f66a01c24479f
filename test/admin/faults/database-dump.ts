import type { Json } from "../../scim-client.ts";

/** Every row of a database, by its table. */
export type Dump = Readonly<Record<string, readonly Json[]>>;

const byText = (a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

async function tablesOf(database: D1Database): Promise<string[]> {
  const { results } = await database
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 1) <> '_'
        AND name <> 'd1_migrations' ORDER BY name`,
    )
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Whole databases, read and put back: a scene that is made once serves every play. */
export interface Stage {
  dump(): Promise<Dump>;
  /** Writes only the tables that are not as they were; `now` is what is there. */
  restore(from: Dump, now: Dump): Promise<void>;
}

export async function stageOf(database: D1Database): Promise<Stage> {
  const tables = await tablesOf(database);

  async function dump(): Promise<Dump> {
    const found = await database.batch<Json>(
      tables.map((table) => database.prepare(`SELECT * FROM "${table}"`)),
    );
    return Object.fromEntries(
      tables.map((table, at) => [table, (found[at]?.results ?? []).toSorted(byText)]),
    );
  }

  async function restore(from: Dump, now: Dump): Promise<void> {
    const changed = tables.filter(
      (table) => JSON.stringify(now[table]) !== JSON.stringify(from[table]),
    );
    const statements = changed.flatMap((table) => {
      const rows = from[table] ?? [];
      const columns = Object.keys(rows[0] ?? {});
      const values = columns.map((_, at) => `value ->> '$[${at}]'`);
      const insert = `INSERT INTO "${table}" (${columns.join()}) SELECT ${values.join()} FROM json_each(?)`;
      return [
        database.prepare(`DELETE FROM "${table}"`),
        ...(rows.length === 0
          ? []
          : [database.prepare(insert).bind(JSON.stringify(rows.map(Object.values)))]),
      ];
    });
    if (statements.length > 0) await database.batch(statements);
  }

  return { dump, restore };
}

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;
/** Of a secret that was made: random, and known to nobody who could compare it. */
const SECRET = /"(?:\w*digest|last4|token|clientSecret|key|code|url)":"[^"]*"/;
/** The number of a reconciliation: one that was broken off has one too. */
const RUN = /"orphaned_run":\d+|reconciliation-\d+/;
const CHANCE = new RegExp([SECRET, UUID, TIME, RUN].map(({ source }) => source).join("|"), "g");

/**
 * Makes lines in which whatever was made by chance or by the clock, and was not there before, has a name that is the
 * same each time; in an order that does not depend on it.
 */
export function withoutChance(before: string): (lines: readonly string[]) => string {
  const known = new Set(before.match(CHANCE));
  return (lines) => {
    const names = new Map<string, string>();
    const nameOf = (found: string) => {
      if (known.has(found)) return found;
      if (!UUID.test(found) || found.startsWith('"')) return "new";
      const name = names.get(found) ?? `id-${names.size + 1}`;
      names.set(found, name);
      return name;
    };
    const placeOf = (line: string) =>
      line.replaceAll(CHANCE, (found) => (known.has(found) ? found : "new"));
    return lines
      .map((line) => ({ line, place: placeOf(line) }))
      .toSorted((a, b) => (a.place < b.place ? -1 : 1))
      .map(({ line }) => line.replaceAll(CHANCE, nameOf))
      .join("\n");
  };
}
