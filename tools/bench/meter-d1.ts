export interface Cost {
  trips: number;
  read: number;
  written: number;
}

/**
 * A database that adds what each round trip cost to `cost` when its answer comes. Ways to ask that bring no
 * `meta` back are refused: nothing may go uncounted.
 */
export function meterD1(database: D1Database, cost: Cost): D1Database {
  const originals = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

  async function counted<Result extends D1Result | D1Result[]>(
    answer: Promise<Result>,
  ): Promise<Result> {
    const results = await answer.finally(() => {
      cost.trips += 1;
    });
    for (const { meta } of [results].flat() as D1Result[]) {
      cost.read += meta.rows_read;
      cost.written += meta.rows_written;
    }
    return results;
  }

  const refused = (name: string | symbol): never => {
    throw new Error(`D1's ${String(name)}() goes uncounted.`);
  };

  function meterStatement(statement: D1PreparedStatement): D1PreparedStatement {
    const metered = new Proxy(statement, {
      get(target, name) {
        if (name === "bind")
          return (...values: unknown[]) => meterStatement(target.bind(...values));
        if (name === "run" || name === "all") return () => counted(target.run());
        return () => refused(name);
      },
    });
    originals.set(metered, statement);
    return metered;
  }

  return new Proxy(database, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => meterStatement(target.prepare(sql));
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) =>
          counted(target.batch(statements.map((one) => originals.get(one) ?? refused("batch"))));
      }
      return () => refused(name);
    },
  });
}
