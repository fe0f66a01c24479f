import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, SCIM_BASE, type MintedTenant } from "../mint-tenant.ts";
import type { Answer } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const remove = (slug: string, confirm: string | undefined = slug): Promise<Answer> =>
  admin("DELETE", `/tenants/${slug}${confirm === "" ? "" : `?confirm=${confirm}`}`);

/** KV knows nothing: every request asks D1. */
const TOKENS = new Proxy(env.TOKENS, {
  get: (target, name) =>
    name === "get" ? () => Promise.resolve(null) : Reflect.get(target, name).bind(target),
});

const ownBase = ({ slug }: MintedTenant) => `${ORIGIN}/api/v1/tenants/${slug}/scim/v2`;

describe("DELETE /tenants/{slug}", () => {
  it.each([
    ["without a confirmation", ""],
    ["with another slug", "another"],
    ["with the slug in capitals", "MINTED"],
  ])("changes nothing %s", async (_what, confirm) => {
    const tenant = await mintTenant();
    await tenant.scim.post("/Users", { userName: "ana" });
    const before = await tenantRows(tenant.key);
    const answer = await remove(tenant.slug, confirm);
    expect(answer.status).toBe(422);
    expect(answer.body["errors"]).toEqual([{ path: "confirm", message: expect.any(String) }]);
    expect(await tenantRows(tenant.key)).toEqual(before);
    expect((await tenant.scim.get("/Users")).status).toBe(200);
  });

  it("answers 404 for a tenant that is not there, and the second time", async () => {
    expect((await remove("nobody")).status).toBe(404);
    const { slug } = await mintTenant();
    const answer = await remove(slug);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect((await remove(slug)).status).toBe(404);
  });

  it("makes the tenant as unknown as one that never was, to administrators", async () => {
    const { slug } = await mintTenant();
    await admin("PATCH", `/tenants/${slug}`, { organisation: `Deleted ${slug}` });
    await remove(slug);
    for (const path of ["", "/tokens", "/users", "/changes", "/stats", "/departments"]) {
      expect((await admin("GET", `/tenants/${slug}${path}`)).status).toBe(404);
    }
    expect((await admin("PATCH", `/tenants/${slug}`, { name: "New" })).status).toBe(404);
    const list = await admin("GET", `/tenants?organisation=Deleted%20${slug}`);
    expect(list.body["items"]).toEqual([]);
    const { body } = await admin("GET", "/organisations?limit=200");
    expect(JSON.stringify(body)).not.toContain(`Deleted ${slug}`);
  });

  it("ends every token at once, at both URLs, whether KV knows it or not", async () => {
    const tenant = await mintTenant();
    await tenant.scim.get("/Users");
    await remove(tenant.slug);
    for (const transport of [callWorker(), callWorker({ TOKENS })]) {
      for (const base of [SCIM_BASE, ownBase(tenant)]) {
        const scim = tenant.through(transport, { base });
        expect((await scim.get("/Users")).status).toBe(401);
        expect((await scim.post("/Users", { userName: "late" })).status).toBe(401);
      }
    }
    expect(await rowsIn("users", tenant.key)).toEqual([]);
    const live = await env.DB.prepare(
      "SELECT count(*) AS n FROM credentials WHERE tenant_key = ? AND revoked_at IS NULL",
    )
      .bind(tenant.key)
      .first("n");
    expect(live).toBe(0);
  });

  it("stops a request that was under way", async () => {
    const tenant = await mintTenant();
    await tenant.scim.get("/Users");
    let removed = false;
    const DB = interceptD1(env.DB, async ({ statements, send }) => {
      if (!removed && statements.some(({ sql }) => sql.startsWith('INSERT INTO "users"'))) {
        removed = true;
        expect((await remove(tenant.slug)).status).toBe(204);
      }
      return send();
    });
    const late = await tenant.through(callWorker({ DB })).post("/Users", { userName: "late" });
    expect([removed, late.status]).toEqual([true, 401]);
    expect(await rowsIn("users", tenant.key)).toEqual([]);
  });

  it("frees the slug for another tenant, to which the old tokens are strangers", async () => {
    const old = await mintTenant();
    await old.scim.post("/Users", { userName: "ana" });
    await remove(old.slug);
    const made = await admin("POST", "/tenants", { slug: old.slug, name: "New" });
    expect(made.status).toBe(201);
    expect((await admin("GET", `/tenants/${old.slug}/users`)).body["items"]).toEqual([]);
    const scim = old.through(callWorker(), { base: ownBase(old) });
    expect((await scim.get("/Users")).status).toBe(401);
  });

  it("answers 204 when the database did it and its answer was lost", async () => {
    const { slug } = await mintTenant();
    let lost = false;
    const DB = interceptD1(env.DB, async ({ statements, send }) => {
      const results = await send();
      if (!lost && statements.some(({ sql }) => sql.includes("SET tenant_id ="))) {
        lost = true;
        throw new Error("D1_ERROR: Network connection lost.");
      }
      return results;
    });
    const path = `/tenants/${slug}?confirm=${slug}`;
    const answer = await admin("DELETE", path, undefined, callWorker({ DB }));
    expect([lost, answer.status]).toEqual([true, 204]);
  });

  it("waits for a tenant that is on its way to another database", async () => {
    const tenant = await mintTenant();
    const moving = "UPDATE tenant_states SET moving_to = ? WHERE tenant_key = ?";
    await env.DB.prepare(moving).bind("DB_1", tenant.key).run();
    expect((await remove(tenant.slug)).status).toBe(409);
    await env.DB.prepare(moving).bind(null, tenant.key).run();
    expect((await tenant.scim.get("/Users")).status).toBe(200);
  });
});

describe("GET /organisations", () => {
  it("adds up the tenants of each", async () => {
    const [first, second, third] = [await mintTenant(), await mintTenant(), await mintTenant()];
    await first.change({ organisation: "Berg" });
    await second.change({ organisation: "Berg" });
    await third.change({ organisation: "Tal" });
    for (const userName of ["ana", "bo", "cy"]) await first.scim.post("/Users", { userName });
    await second.scim.post("/Users", { userName: "dan", active: false });
    const { status, body } = await admin("GET", "/organisations");
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        { organisation: "Berg", tenants: 2, users: 4, active: 3 },
        { organisation: "Tal", tenants: 1, users: 0, active: 0 },
      ],
      nextCursor: null,
    });
    const page = await admin("GET", "/organisations?limit=1");
    const cursor = encodeURIComponent(String(page.body["nextCursor"]));
    const rest = await admin("GET", `/organisations?limit=1&cursor=${cursor}`);
    expect([page.body["items"], rest.body["items"]].flat()).toEqual(body["items"]);
    expect(rest.body["nextCursor"]).toBeNull();
  });
});
