import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { mintTenant } from "../mint-tenant.ts";
import { callWorker } from "../call-worker.ts";
it("probe", async () => {
  const t = await mintTenant({ preset: "training" });
  console.log((await t.scim.get("/Users")).text);
  console.log((await t.through(callWorker()).get("/Users")).text);
  console.log(JSON.stringify((await env.TOKENS.list()).keys));
  expect(1).toBe(1);
});
