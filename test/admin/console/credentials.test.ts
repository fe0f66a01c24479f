import { describe, expect, it } from "vitest";

import { callWorker } from "../../call-worker.ts";
import { admin, mintTenant } from "../../mint-tenant.ts";
import { consoleClient, type ConsolePage, signedInClient } from "./console-client.ts";

const copied = (page: ConsolePage, prefix: string): string =>
  new RegExp(`${prefix}[\\w-]{49}`).exec(page.html)?.[0] ?? "";

describe("the page of SCIM tokens", () => {
  it("shows a new token once, and it works", async () => {
    const { slug, through } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/tokens`;
    const made = await client.post(path, {
      does: "issue",
      name: "Entra ID",
      days: "90",
      scopes: ["users:read"],
    });
    expect(made.status).toBe(200);
    const token = copied(made, "scim_");
    const scim = through(callWorker(), { token });
    expect((await scim.get("/Users")).status).toBe(200);
    expect((await scim.post("/Users", { userName: "a@example.com" })).status).toBe(403);
    const later = await client.get(path);
    expect(later.html).not.toContain(token);
    expect(later.text).toContain(`Entra ID …${token.slice(-4)}`);
  });

  it("rotates a token, which works on, and revokes it", async () => {
    const { slug, id, scim, through } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/tokens`;
    const rotated = await client.post(path, { does: "rotate", id, overlapHours: "24" });
    const successor = through(callWorker(), { token: copied(rotated, "scim_") });
    expect((await scim.get("/Users")).status).toBe(200);
    expect((await successor.get("/Users")).status).toBe(200);
    expect(await client.post(path, { does: "revoke", id })).toMatchObject({
      status: 303,
      location: `${path}?done=revoked`,
    });
    expect((await scim.get("/Users")).status).toBe(401);
    expect((await client.get(`${path}?done=revoked`)).text).toContain("The token is revoked");
  });

  it("says why a token cannot be made, and keeps what was typed", async () => {
    await admin("POST", "/tenants", { slug: "waits-for-sso", name: "W", preset: "training" });
    const client = await signedInClient();
    const path = "/console/t/waits-for-sso/tokens";
    expect((await client.get(path)).text).toContain("requires single sign-on");
    const refused = await client.post(path, {
      does: "issue",
      name: "Okta",
      days: "",
      scopes: ["users:read"],
    });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("single sign-on, and it is not active yet");
    expect(refused.html).toContain('value="Okta"');
  });

  it("shows a name with markup as text", async () => {
    const { slug } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/tokens`;
    const name = `<img src=x onerror="alert(1)">'&`;
    await client.post(path, { does: "issue", name, days: "", scopes: ["users:read"] });
    const page = await client.get(path);
    expect(page.html).not.toContain("<img");
    expect(page.text).toContain(name);
  });

  it("knows no form of another name, also none that every object has", async () => {
    const { slug } = await mintTenant();
    const client = await signedInClient();
    for (const does of ["constructor", "__proto__", "nonsense", ""]) {
      expect((await client.post(`/console/t/${slug}/tokens`, { does })).status).toBe(422);
    }
  });
});

describe("the page of OAuth clients", () => {
  it("makes a client, gives it another secret, and deletes it", async () => {
    const { slug } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/clients`;
    const made = await client.post(path, { does: "create", name: "Entra", scopes: ["users:read"] });
    const secret = copied(made, "scimsecret_");
    expect(secret).not.toBe("");
    const [{ clientId }] = (await admin("GET", `/tenants/${slug}/clients`)).body["items"] as [
      { clientId: string },
    ];
    expect(made.text).toContain(clientId);
    const more = await client.post(path, { does: "secret", clientId });
    expect(copied(more, "scimsecret_")).not.toBe(secret);
    expect((await client.post(path, { does: "delete", clientId })).status).toBe(303);
    expect((await admin("GET", `/tenants/${slug}/clients`)).body["items"]).toEqual([]);
  });
});

describe("the pages of keys and set-up links", () => {
  it("make a key with which somebody signs in", async () => {
    const { slug } = await mintTenant();
    const operator = await signedInClient();
    const path = `/console/t/${slug}/admin-keys`;
    const made = await operator.post(path, { does: "create", name: "Ada", role: "admin" });
    const administrator = await signedInClient(copied(made, "scimkey_"));
    expect((await administrator.get(path)).text).toContain("Ada Administrator");
    expect((await administrator.get("/console/tenants")).status).toBe(403);
  });

  it("make a link that somebody opens", async () => {
    const { slug } = await mintTenant();
    const operator = await signedInClient();
    const made = await operator.post(`/console/t/${slug}/setup-links`, {
      does: "create",
      expiresInHours: "24",
    });
    const code = copied(made, "scimlink_");
    const guest = consoleClient();
    expect((await guest.post(`/console/setup/${code}`, {}, { csrf: "" })).status).toBe(303);
    expect((await operator.get(`/console/t/${slug}/setup-links`)).text).toContain("Used");
  });
});
