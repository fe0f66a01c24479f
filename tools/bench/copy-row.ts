import { slices } from "./seed-plan.ts";

export type Row = Readonly<Record<string, string | number | null>>;

/** What a copy says in place of a text of its model: the SQL expression may name `n`, the number of the copy. */
export interface Replacement {
  readonly text: string;
  readonly sql: string;
}

export interface Copies {
  readonly table: string;
  readonly model: Row;
  readonly replacements: readonly Replacement[];
  readonly count: number;
}

/** The statement that writes the copies `?1` to `?2` (without it), and the values of the model from `?3` on. */
export function copyStatement({ table, model, replacements }: Omit<Copies, "count">): {
  sql: string;
  values: Row[string][];
} {
  const columns = Object.entries(model);
  const expressions = columns.map(([, value], at) => {
    const parameter = `?${at + 3}`;
    if (typeof value !== "string") return parameter;
    return replacements
      .filter(({ text }) => value.includes(text))
      .reduce((sql, { text, sql: by }) => `replace(${sql}, '${text}', ${by})`, parameter);
  });
  const names = columns.map(([name]) => `"${name}"`);
  return {
    sql: `INSERT INTO "${table}" (${names.join(", ")})
      WITH RECURSIVE numbers(n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)
      SELECT ${expressions.join(", ")} FROM numbers`,
    values: columns.map(([, value]) => value),
  };
}

/** Writes so many copies of a row that the server made, without the server. */
export async function copyRow(
  database: D1Database,
  copies: Copies,
  tick: () => void,
): Promise<void> {
  const { sql, values } = copyStatement(copies);
  for (const { from, to } of slices(copies.count)) {
    // oxlint-disable-next-line no-await-in-loop -- one writer at a time
    await database
      .prepare(sql)
      .bind(from, to, ...values)
      .run();
    tick();
  }
}
