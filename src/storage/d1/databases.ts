/** The D1 databases of the deployment. The control database holds the list of tenants. */
export interface Databases {
  readonly control: D1Database;
  /** The binding names of all of them, the control database first. */
  readonly names: readonly string[];
  /** The database of that binding name. Throws `DatabaseNotBound`. */
  named(name: string): D1Database;
}

/** A tenant lives in a database that this deployment does not have: a fault of its configuration. */
export class DatabaseNotBound extends Error {
  override readonly name = "DatabaseNotBound";

  constructor(binding: string) {
    super(
      `A tenant lives in the database ${binding}. List it under [[d1_databases]] in wrangler.toml.`,
    );
  }
}

export const CONTROL_DATABASE = "DB";

/** The databases among a Worker's bindings: `DB`, and `DB_1`, `DB_2`, … in the order of their numbers. */
export function databasesAmong(
  bindings: Readonly<Record<`DB_${number}`, D1Database | undefined>> & { readonly DB: D1Database },
): Databases {
  const bound = new Map([[CONTROL_DATABASE, bindings.DB]]);
  const others = Object.entries(bindings).flatMap(([name, database]) => {
    const number = /^DB_(\d+)$/.exec(name)?.[1];
    return number === undefined || database === undefined
      ? []
      : [{ name, database, number: Number(number) }];
  });
  for (const { name, database } of others.toSorted((a, b) => a.number - b.number)) {
    bound.set(name, database);
  }
  return {
    control: bindings.DB,
    names: [...bound.keys()],
    named(name) {
      const database = bound.get(name);
      if (!database) throw new DatabaseNotBound(name);
      return database;
    },
  };
}
