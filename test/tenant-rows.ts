import { env } from "cloudflare:workers";

import type { Json } from "./scim-client.ts";

const TABLES = [
  "users",
  "former_people",
  "groups",
  "group_members",
  "departments",
  "department_members",
  "assignments",
  "tenant_counts",
] as const;

type Table = (typeof TABLES)[number] | "changes" | "tenant_states";

/** The rows of one tenant in one table, in a stable order. */
export async function rowsIn(table: Table, tenantKey: number): Promise<Json[]> {
  const { results } = await env.DB.prepare(`SELECT * FROM ${table} WHERE tenant_key = ?`)
    .bind(tenantKey)
    .all<Json>();
  return results.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Everything that a write may change of a tenant, refusals in the journal left out. */
export async function tenantRows(tenantKey: number): Promise<Record<string, Json[]>> {
  const rows = await Promise.all(TABLES.map((table) => rowsIn(table, tenantKey)));
  const changes = await rowsIn("changes", tenantKey);
  return {
    ...Object.fromEntries(TABLES.map((table, at) => [table, rows[at] ?? []])),
    changes: changes.filter((change) => change["outcome"] === "applied"),
  };
}
