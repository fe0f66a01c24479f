export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** One round trip to D1: its statements, and the way to send it. */
export interface Trip {
  readonly statements: readonly Statement[];
  readonly send: () => Promise<D1Result[]>;
}

/** What happens in place of a round trip; usually it sends it, before or after something else. */
export type Around = (trip: Trip) => Promise<D1Result[]>;

/** A database whose every round trip goes through `around`. */
export function interceptD1(database: D1Database, around: Around): D1Database {
  const originals = new Map<
    D1PreparedStatement,
    { prepared: D1PreparedStatement; statement: Statement }
  >();

  function wrap(prepared: D1PreparedStatement, statement: Statement): D1PreparedStatement {
    const run = async (send: () => Promise<D1Result>) => {
      const [result] = await around({ statements: [statement], send: async () => [await send()] });
      if (!result) throw new Error("A round trip without a result.");
      return result;
    };
    const wrapped = new Proxy(prepared, {
      get(target, name) {
        if (name === "bind") {
          return (...values: unknown[]) => wrap(target.bind(...values), { ...statement, values });
        }
        if (name === "run" || name === "all") return () => run(() => target.run());
        if (name === "first") {
          return async (column?: string) => {
            const [row]: unknown[] = (await run(() => target.run())).results;
            return (column === undefined ? row : Reflect.get(Object(row), column)) ?? null;
          };
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    originals.set(wrapped, { prepared, statement });
    return wrapped;
  }

  return new Proxy(database, {
    get(target, name) {
      if (name === "prepare")
        return (sql: string) => wrap(target.prepare(sql), { sql, values: [] });
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) => {
          const known = statements.flatMap((one) => originals.get(one) ?? []);
          return around({
            statements: known.map(({ statement }) => statement),
            send: () => target.batch(known.map(({ prepared }) => prepared)),
          });
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
