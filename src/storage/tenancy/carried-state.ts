import { getTableColumns, sql, type SQL } from "drizzle-orm";

import { tenantStates } from "../tables.ts";

/** What the row of the fence says of the tenant itself, and not of its place. */
const CARRIED = Object.values(getTableColumns(tenantStates))
  .map((column) => column.name)
  .filter((name) => !["tenant_key", "tenant_id", "epoch", "moving_to"].includes(name));
/** For one JSON array. */
export const carriedColumns = sql.join(
  CARRIED.map((name) => sql.identifier(name)),
  sql`, `,
);
/** The assignments that put such an array into another row. */
export const carry = (values: string): SQL =>
  sql.join(
    CARRIED.map(
      (name, at) =>
        sql`${sql.identifier(name)} = json_extract(${values}, ${sql.raw(`'$[${at}]'`)})`,
    ),
    sql`, `,
  );
