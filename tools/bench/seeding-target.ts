import type { Row } from "./copy-row.ts";
import type { BenchClient, BenchRequest } from "./open-client.ts";

/** Where a tenant is filled: its database, and the server that makes the models. */
export interface SeedingTarget {
  readonly database: D1Database;
  readonly tenantKey: number;
  readonly scim: BenchClient;
}

/** Creates a resource through the server; its id. */
export async function created(
  { scim }: Pick<SeedingTarget, "scim">,
  path: string,
  body: unknown,
): Promise<string> {
  const text = await expected(scim, { method: "POST", path, body }, 201);
  return String((JSON.parse(text) as Record<string, unknown>)["id"]);
}

export async function deleted({ scim }: SeedingTarget, path: string): Promise<void> {
  await expected(scim, { method: "DELETE", path }, 204);
}

async function expected(scim: BenchClient, request: BenchRequest, status: number): Promise<string> {
  const answer = await scim.send(request);
  if (answer.status === status) return answer.text;
  throw new Error(
    `${request.method} ${request.path} was answered with ${answer.status}: ${answer.text.slice(0, 300)}`,
  );
}

/** The totals that the tenant keeps; empty before there are any. */
export async function totalsOf({ database, tenantKey }: SeedingTarget): Promise<Row> {
  const row = await database
    .prepare("SELECT * FROM tenant_counts WHERE tenant_key = ?")
    .bind(tenantKey)
    .first<Row>();
  return row ?? {};
}

/** Adds to every total what the model has added to it, once for each copy. */
export async function raiseTotals(
  { database, tenantKey }: SeedingTarget,
  before: Row,
  after: Row,
  copies: number,
): Promise<void> {
  const raised = Object.entries(after).flatMap(([name, value]) => {
    const added = Number(value) - Number(before[name] ?? 0);
    return name === "tenant_key" || added === 0
      ? []
      : [`"${name}" = "${name}" + ${added * copies}`];
  });
  if (raised.length === 0) return;
  await database
    .prepare(`UPDATE tenant_counts SET ${raised.join(", ")} WHERE tenant_key = ?`)
    .bind(tenantKey)
    .run();
}
