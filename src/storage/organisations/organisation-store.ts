import { sql, type SQL } from "drizzle-orm";

import type { OrganisationStore } from "../../tenancy/organisations/ports.ts";
import type { Databases } from "../d1/databases.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { tenantCounts, tenants, tenantStates } from "../tables.ts";
import { withRetry } from "../d1/with-retry.ts";

interface TenantRow {
  id: string;
  organisation: string;
  database: string;
}

interface CountsRow {
  tenant_id: string;
  users: number;
  users_active: number;
}

export function organisationStore(databases: Databases): OrganisationStore {
  const query = async <Row>(database: D1Database, statement: SQL): Promise<Row[]> =>
    rowsOf<Row>(await withRetry(() => prepare(database, statement).run()));

  /** One query for each database that one of the tenants lives in. */
  async function countsOf(rows: readonly TenantRow[]): Promise<Map<string, CountsRow>> {
    const places = Map.groupBy(rows, (row) => row.database);
    const found = await Promise.all(
      [...places].map(([name, living]) =>
        query<CountsRow>(
          databases.named(name),
          sql`SELECT state.tenant_id, counts.users, counts.users_active
            FROM json_each(${JSON.stringify(living.map(({ id }) => id))}) AS named
            CROSS JOIN ${tenantStates} AS state ON state.tenant_id = named.value
            CROSS JOIN ${tenantCounts} AS counts ON counts.tenant_key = state.tenant_key`,
        ),
      ),
    );
    return new Map(found.flat().map((row) => [row.tenant_id, row]));
  }

  return {
    async list({ limit, cursor }) {
      const names = await query<{ organisation: string }>(
        databases.control,
        sql`SELECT DISTINCT organisation FROM ${tenants} WHERE organisation > ${cursor ?? ""}
          ORDER BY organisation LIMIT ${limit + 1}`,
      );
      const shown = names.slice(0, limit).map((row) => row.organisation);
      const rows = await query<TenantRow>(
        databases.control,
        sql`SELECT id, organisation, database FROM ${tenants}
          WHERE organisation IN (SELECT value FROM json_each(${JSON.stringify(shown)}))`,
      );
      const counts = await countsOf(rows);
      const members = Map.groupBy(rows, (row) => row.organisation);
      const items = shown.map((organisation) => {
        const own = members.get(organisation) ?? [];
        const sum = (of: "users" | "users_active") =>
          own.reduce((total, { id }) => total + (counts.get(id)?.[of] ?? 0), 0);
        return {
          organisation,
          tenants: own.length,
          users: sum("users"),
          active: sum("users_active"),
        };
      });
      return { items, nextCursor: names.length > limit ? shown.at(-1) : undefined };
    },
  };
}
