import { env } from "cloudflare:workers";
import { it } from "vitest";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant } from "../mint-tenant.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

it("measures", async () => {
  const tenant = await mintTenant();
  const { id } = await tenant.scim.post("/Users", { userName: "model", displayName: "Model" });
  await seedPeople(tenant.key, id, 9000);
  const lines: string[] = [];
  const w = callWorker({ DB: interceptD1(env.DB, async ({ statements, send }) => {
    const results = await send();
    results.forEach(({ meta }, i) => { if (meta.rows_read > 20) lines.push(`${meta.rows_read} ${meta.duration} ${statements[i]?.sql.replace(/\s+/g, " ").slice(-300)}`); });
    return results;
  }) });
  for (const q of ["q=seeded-&origin=manual&limit=200", "active=false"]) {
    let cursor: unknown = "";
    let pages = 0;
    while (cursor !== null && pages++ < 30) {
      lines.push(`--- ${q} ${pages}`);
      const page = await admin("GET", `/tenants/${tenant.slug}/users?${q}&cursor=${cursor}`, undefined, w);
      cursor = page.body["nextCursor"];
      lines.push(`=> ${(page.body["items"] as unknown[]).length}`);
    }
  }
  console.error(lines.join("\n"));
  throw new Error("show");
});
