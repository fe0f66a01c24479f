import { columnsInSqlite, PLACES, THREE } from "../many-databases.ts";
import type { Json } from "../scim-client.ts";
import type { Inhabitant } from "./inhabitant.ts";

/** Every row of these tenants in every table of every database, as text. */
export async function rowsOf(tenants: readonly Inhabitant[]): Promise<readonly string[]> {
  const dumps = await Promise.all(
    PLACES.map(async (place) => {
      const database = THREE[place];
      const keys = JSON.stringify(
        tenants.filter((one) => one.place === place).map(({ key }) => key),
      );
      const tables = [...(await columnsInSqlite(database)).keys()];
      const found = await database.batch<Json>(
        tables.map((table) =>
          database
            .prepare(
              `SELECT * FROM "${table}" WHERE tenant_key IN (SELECT value FROM json_each(?))`,
            )
            .bind(keys),
        ),
      );
      return found.flatMap(({ results }, at) =>
        results.map((row) => `${place} ${tables[at]} ${JSON.stringify(row)}`),
      );
    }),
  );
  return dumps.flat().sort();
}

/** Takes all rows of a tenant away, so that nobody is next to it any more. */
export async function removeRows({ place, key }: Inhabitant): Promise<void> {
  const database = THREE[place];
  const tables = [...(await columnsInSqlite(database)).keys()];
  await database.batch(
    tables.map((table) =>
      database.prepare(`DELETE FROM "${table}" WHERE tenant_key = ?`).bind(key),
    ),
  );
}
