import type { Row } from "./copy-row.ts";

/** Never copied: the journal tells what happened, and nothing happened to a copy. */
const LEFT_OUT = ["changes", "guards", "group_members"];

/**
 * Every row of the tenant that holds this text in a column, with its table. Asked of the database
 * and not of the code, so that what a later migration adds for each person is seeded too.
 */
export async function rowsHolding(
  database: D1Database,
  tenantKey: number,
  text: string,
): Promise<{ table: string; model: Row }[]> {
  const { results: tables } = await database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%tenant_key%'")
    .all<{ name: string }>();
  const found: { table: string; model: Row }[] = [];
  for (const { name } of tables.filter(({ name }) => !LEFT_OUT.includes(name))) {
    // oxlint-disable-next-line no-await-in-loop -- a handful of tables
    const { results } = await database
      .prepare(`SELECT * FROM "${name}" WHERE tenant_key = ?`)
      .bind(tenantKey)
      .all<Row>();
    for (const model of results) {
      if (Object.values(model).includes(text)) found.push({ table: name, model });
    }
  }
  return found;
}
