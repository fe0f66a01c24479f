import { env } from "cloudflare:workers";
import { it, vi } from "vitest";
import { reconcileDepartments } from "../../src/jobs/reconcile-departments.ts";
import { reconciliationStore } from "../../src/storage/reconciliation/reconciliation-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { mintTenant } from "../mint-tenant.ts";
import { interceptD1 } from "./intercept-d1.ts";
vi.setConfig({ testTimeout: 60000 });
let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
it("measures", async () => {
  const tenant = await mintTenant({ preset: "training" });
  const exec = (sql: string, ...v: unknown[]) => env.DB.prepare(sql).bind(...v).run();
  await exec(`INSERT INTO departments (tenant_key, id, name, name_key, origin, created_at)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10200)
        SELECT ?1, printf('d-%05d', n), printf('Seeded %d', n), printf('seeded %d', n), 'group', '2020'
        FROM numbers`, tenant.key);
  const groups = () => exec(`INSERT INTO groups (tenant_key, id, resource, display_name, display_name_key, changed_by, version,
          created_at, updated_at)
        SELECT tenant_key, 'g' || id, '{}', name, name_key, '', 1, '2020', '2020' FROM departments WHERE tenant_key = ?`, tenant.key);
  const run = async (name: string, hours: number) => {
    now += hours * 3600000;
    let trips = 0, r = 0, w = 0, q = 0, maxms = 0; const lines: string[] = [];
    const db = interceptD1(env.DB, async ({ statements, send }) => {
      const t = Date.now(); const results = await send(); const ms = Date.now() - t; maxms = Math.max(ms, maxms);
      trips++; q += statements.length;
      let br = 0; results.forEach(({ meta }, i) => { br += meta.rows_read; r += meta.rows_read; w += meta.rows_written;
        if (trips < 8) lines.push(`   ${meta.rows_read}/${meta.rows_written} ${(statements[i]?.sql ?? "").replace(/\s+/g, " ").slice(0, 90)}`); });
      return results;
    });
    await reconcileDepartments({ stores: [reconciliationStore(db)], graceHours: 24, trigger: "admin", tenantKey: tenant.key, clock, ids });
    console.info(`${name}: trips ${trips} queries ${q} read ${r} written ${w} slowest ${maxms} ms\n${lines.join("\n")}`);
  };
  await run("mark all", 1);
  await run("brake", 48);
  await groups();
  await run("link all", 1);
  await run("idle", 1);
});
