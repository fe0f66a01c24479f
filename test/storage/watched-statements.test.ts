import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";

import { prepare } from "../../src/storage/d1/prepare.ts";
import { tenantDatabase } from "../../src/storage/d1/tenant-database.ts";
import { callWorker } from "../call-worker.ts";
import { mintTenant, throughTheDoor } from "../mint-tenant.ts";
import { statementWatch } from "../sql/statement-watch.ts";
import { interceptD1 } from "./intercept-d1.ts";

describe("the watch over the Worker's statements", () => {
  it("finds one that is tied to no tenant, each time", async () => {
    for (const database of [env.DB, env.SPARE_1, interceptD1(env.DB, ({ send }) => send())]) {
      prepare(database, sql`SELECT id FROM users WHERE user_name_key = ${"ana"}`);
      const fault = expect.stringContaining(
        "users, in SELECT id FROM users WHERE user_name_key = ?",
      );
      expect(statementWatch.takeFaults()).toEqual([fault]);
    }
  });

  it("finds one that it cannot read", () => {
    prepare(env.DB, sql`SELECT [id] FROM users WHERE tenant_key = ${1}`);
    expect(statementWatch.takeFaults()).toEqual([expect.stringContaining("Not understood")]);
  });

  it("finds a batch for two tenants, also where a statement has its values in one", async () => {
    const [here, there] = [await mintTenant(), await mintTenant()];
    const state = await env.DB.prepare("SELECT epoch FROM tenant_states WHERE tenant_key = ?")
      .bind(here.key)
      .first<{ epoch: number }>();
    const database = tenantDatabase(env.DB, { key: here.key, epoch: state?.epoch ?? 0 });
    const ids = Array.from({ length: 120 }, (_, at) => sql`${String(at)}`);
    const of = (key: number) => [
      sql`SELECT id FROM users WHERE id = ${"x"} AND tenant_key = ${key}`,
      sql`SELECT id FROM groups WHERE id IN (${sql.join(ids, sql`, `)}) AND tenant_key = ${key}`,
    ];
    await database.read(of(here.key));
    expect(statementWatch.takeFaults()).toEqual([]);
    for (const query of of(there.key)) {
      await database.read([query]);
      const fault = expect.stringContaining(`tenants ${here.key}, ${there.key}`);
      expect(statementWatch.takeFaults()).toEqual([fault]);
    }
  });

  it("reads along what the Worker asks, whichever way it was called", async () => {
    const { through } = await mintTenant();
    for (const transport of [callWorker(), throughTheDoor]) {
      const before = statementWatch.batchesOfTenants();
      expect((await through(transport).get("/Users")).status).toBe(200);
      expect(statementWatch.batchesOfTenants()).toBeGreaterThan(before);
    }
  });

  it("leaves alone what a test asks", async () => {
    await env.DB.batch([
      env.DB.prepare("SELECT id FROM users WHERE tenant_key = ?").bind(1),
      env.DB.prepare("SELECT id FROM users WHERE tenant_key = ?").bind(2),
      env.DB.prepare("SELECT id FROM users"),
    ]);
    expect(statementWatch.takeFaults()).toEqual([]);
  });
});
