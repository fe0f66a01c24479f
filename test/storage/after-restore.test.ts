import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import script from "../../tools/after-restore.sql?raw";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant } from "../mint-tenant.ts";
import type { Transport } from "../scim-client.ts";

/** As from an isolate that has just begun: it remembers nothing and asks KV, under an object of its own. */
const freshIsolate: Transport = (request) =>
  callWorker({
    TOKENS: new Proxy(env.TOKENS, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    }),
  })(request);

/** What `wrangler d1 execute DB --remote --file tools/after-restore.sql` does. */
async function runScript(): Promise<void> {
  const statements = script
    .replaceAll(/^--.*$/gm, "")
    .split(";")
    .filter((statement) => statement.trim() !== "");
  await env.DB.batch(statements.map((statement) => env.DB.prepare(statement)));
}

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

it("refuses a token that is revoked after a restore, although KV holds it under the epoch that this gives out again", async () => {
  const tenant = await mintTenant();
  await tenant.change({ name: "Changed", settings: { logRetentionDays: 30 } });
  const directory = tenant.through(freshIsolate);
  expect((await directory.get("/Users")).status).toBe(200);
  await run("UPDATE tenant_states SET epoch = epoch - 1 WHERE tenant_key = ?", tenant.key);

  await runScript();

  await admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`);
  expect((await directory.get("/Users")).status).toBe(401);
});

it("does not let the token of a tenant that a restore made undone into a new one", async () => {
  const gone = await mintTenant();
  const directory = gone.through(freshIsolate);
  expect((await directory.get("/Users")).status).toBe(200);
  for (const table of ["tenant_states", "tenant_counts", "credentials", "changes"]) {
    // oxlint-disable-next-line no-await-in-loop -- one table after the other
    await run(`DELETE FROM ${table} WHERE tenant_key = ?`, gone.key);
  }
  await run("DELETE FROM credential_index WHERE tenant_id = ?", gone.tenantId);
  await run("DELETE FROM tenants WHERE id = ?", gone.tenantId);
  await run("UPDATE sqlite_sequence SET seq = ? WHERE name = 'tenant_states'", gone.key - 1);

  await runScript();

  const next = await mintTenant();
  expect((await next.scim.get("/Users")).status).toBe(200);
  expect((await directory.get("/Users")).status).toBe(401);
});

it("leaves a row in each journal, and a product that asks for the row it handled last meets another one", async () => {
  const { scim, key, slug } = await mintTenant();
  await scim.post("/Users", { userName: "kept@example.com" });
  await scim.post("/Users", { userName: "undone@example.com" });
  const follow = async (after: number) => {
    const answer = await admin("GET", `/tenants/${slug}/changes?after=${after}&order=asc`);
    return answer.body["items"] as { seq: number; requestId: string }[];
  };
  const handled = (await follow(0)).at(-1);
  const seq = handled?.seq ?? 0;
  expect(await follow(seq - 1)).toEqual([handled]);
  await run("DELETE FROM changes WHERE tenant_key = ? AND seq = ?", key, seq);

  await runScript();

  const [row] = await follow(seq - 1);
  expect(row).toMatchObject({
    seq,
    operation: "settings",
    actor: { kind: "job", id: "restore" },
    outcome: "applied",
    reason: expect.stringContaining("put back to an earlier time"),
  });
  expect(row?.requestId).not.toBe(handled?.requestId);
});

it("may be run twice, and leaves no tenant behind", async () => {
  const { scim } = await mintTenant();
  await runScript();
  await runScript();
  expect((await scim.get("/Users")).status).toBe(200);
  const found = await env.DB.prepare(
    "SELECT 1 FROM tenant_states WHERE tenant_id = 'restore'",
  ).all();
  expect(found.results).toEqual([]);
});
