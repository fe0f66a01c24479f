import { describe, expect, it } from "vitest";

import { callWorker } from "../../call-worker.ts";
import { admin, issueToken, mintTenant, ORIGIN } from "../../mint-tenant.ts";
import { consoleClient, signedInClient } from "./console-client.ts";

const SIGN_IN = "/console/sign-in";
const OPERATOR_KEY = "admin-key-of-the-test-suite-0123456789abcdef";

async function keyOf(slug: string, role: "admin" | "reader"): Promise<{ id: string; key: string }> {
  const made = await admin("POST", `/tenants/${slug}/admin-keys`, { name: "Ada", role });
  return { id: made.id, key: String(made.body["key"]) };
}

async function linkOf(slug: string): Promise<{ id: string; path: string }> {
  const made = await admin("POST", `/tenants/${slug}/setup-links`, {});
  return { id: made.id, path: new URL(String(made.body["url"])).pathname };
}

const signIn = (client: ReturnType<typeof consoleClient>, key: string, next = "") =>
  client.post(SIGN_IN, { key, next }, { csrf: "" });

describe("signing in", () => {
  it("leads everybody without a session to the door, and back to where they wanted to go", async () => {
    const client = consoleClient();
    const page = await client.get("/console/tenants?q=a");
    expect(page).toMatchObject({
      status: 303,
      location: `${SIGN_IN}?next=%2Fconsole%2Ftenants%3Fq%3Da`,
    });
    const door = await client.get(page.location ?? "");
    expect(door.html).toContain('name="next" value="/console/tenants?q=a"');
    expect(await signIn(client, OPERATOR_KEY, "/console/tenants?q=a")).toMatchObject({
      status: 303,
      location: "/console/tenants?q=a",
    });
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/console/..//evil.example",
    "javascript:alert(1)",
  ])("never leads on to %s", async (next) => {
    const answer = await signIn(consoleClient(), OPERATOR_KEY, next);
    expect(answer).toMatchObject({ status: 303, location: "/console/tenants" });
  });

  it("keeps the session in a cookie that no script reads and no other site sends", async () => {
    const answer = await signIn(consoleClient(), OPERATOR_KEY);
    const cookie = answer.headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(/^__Host-session=/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"]) {
      expect(cookie).toContain(attribute);
    }
    expect(cookie).not.toContain(OPERATOR_KEY);
  });

  it("takes no cookie that was changed, made up, or signed with another key", async () => {
    const client = await signedInClient();
    const [name = "", value = ""] = client.cookie().split(/=(.*)/s);
    const [payload = "", signature = ""] = decodeURIComponent(value).split(/\.(?=[^.]*$)/);
    const forged = payload.replace('"operator"', '"admin"');
    expect(forged).not.toBe(payload);
    const others = [
      `${forged}.${signature}`,
      `${payload}.`,
      payload,
      `${payload}.${"A".repeat(43)}=`,
      "{}",
    ];
    const statusOf = async (cookie: string, bindings: Partial<Env> = {}) => {
      const headers = { Cookie: `${name}=${encodeURIComponent(cookie)}` };
      const request = new Request(`${ORIGIN}/console/tenants`, { headers, redirect: "manual" });
      return (await callWorker(bindings)(request)).status;
    };
    expect(await statusOf(`${payload}.${signature}`)).toBe(200);
    for (const other of others) expect(await statusOf(other)).toBe(303);
    const elsewhere = { SIGNING_KEY: "another-signing-key-0123456789abcdefghij" };
    expect(await statusOf(`${payload}.${signature}`, elsewhere)).toBe(303);
  });

  it("takes an administrator to their tenant, and refuses readers, tokens and nonsense", async () => {
    const { slug } = await mintTenant();
    const { key } = await keyOf(slug, "admin");
    expect(await signIn(consoleClient(), key)).toMatchObject({
      status: 303,
      location: `/console/t/${slug}/overview`,
    });
    const { key: reader } = await keyOf(slug, "reader");
    const { token } = await issueToken(slug);
    for (const other of [reader, token, "nonsense", ""]) {
      const answer = await signIn(consoleClient(), other);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("Set-Cookie")).toBeNull();
    }
  });

  it("ends with the key that began it, and with a sign-out", async () => {
    const { slug } = await mintTenant();
    const { id, key } = await keyOf(slug, "admin");
    const client = await signedInClient(key);
    expect((await client.get(`/console/t/${slug}/overview`)).status).toBe(200);
    await admin("DELETE", `/tenants/${slug}/admin-keys/${id}`);
    expect((await client.get(`/console/t/${slug}/overview`)).status).toBe(303);

    const operator = await signedInClient();
    expect((await operator.get("/console/tenants")).status).toBe(200);
    expect(
      await operator.post("/console/sign-out", {}, { from: "/console/tenants" }),
    ).toMatchObject({
      status: 303,
      location: SIGN_IN,
    });
    expect((await operator.get("/console/tenants")).status).toBe(303);
  });

  it("outlives a rotation of SIGNING_KEY and of ADMIN_TOKEN, and ends with the old values", async () => {
    const OLD = {
      SIGNING_KEY: "old-signing-key-0123456789abcdefghij",
      ADMIN_TOKEN: "old-admin-key-0123456789abcdefghijkl",
    };
    const NEW = {
      SIGNING_KEY: "new-signing-key-0123456789abcdefghij",
      ADMIN_TOKEN: "new-admin-key-0123456789abcdefghijkl",
    };
    const both = {
      SIGNING_KEY: `${NEW.SIGNING_KEY},${OLD.SIGNING_KEY}`,
      ADMIN_TOKEN: `${NEW.ADMIN_TOKEN},${OLD.ADMIN_TOKEN}`,
    };
    const client = await signedInClient(OLD.ADMIN_TOKEN, callWorker(OLD));
    const seenBy = async (bindings: Partial<Env>) => {
      const request = new Request(`${ORIGIN}/console/tenants`, {
        headers: { Cookie: client.cookie() },
        redirect: "manual",
      });
      return (await callWorker(bindings)(request)).status;
    };
    expect(await seenBy(both)).toBe(200);
    expect(await seenBy({ ...both, SIGNING_KEY: NEW.SIGNING_KEY })).toBe(303);
    expect(await seenBy({ ...both, ADMIN_TOKEN: NEW.ADMIN_TOKEN })).toBe(303);
  });

  it("takes a form of its own session only, and none from another site", async () => {
    const { slug } = await mintTenant();
    const client = await signedInClient();
    const path = `/console/t/${slug}/tokens`;
    const fields = { does: "issue", name: "x", days: "", scopes: "users:read" };
    const stranger = (await (await signedInClient()).get(path)).html;
    const foreign = /name="csrf" value="([0-9a-f]+)"/.exec(stranger)?.[1] ?? "none";
    expect((await client.post(path, fields, { csrf: "" })).status).toBe(403);
    expect((await client.post(path, fields, { csrf: foreign })).status).toBe(403);
    const headers = { "Sec-Fetch-Site": "cross-site" };
    expect((await client.post(path, fields, { headers })).status).toBe(403);
    expect(
      (await client.post(path, fields, { headers: { Origin: "https://evil.example" } })).status,
    ).toBe(403);
    expect((await client.post(SIGN_IN, { key: OPERATOR_KEY }, { csrf: "", headers })).status).toBe(
      403,
    );
    expect((await admin("GET", `/tenants/${slug}/tokens`)).body["items"]).toHaveLength(1);
    expect((await client.post(path, fields)).status).toBe(200);
  });

  it("runs and loads nothing but its own files", async () => {
    const page = await consoleClient().get(SIGN_IN);
    expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(page.headers.get("Content-Security-Policy")).not.toContain("unsafe");
    expect(page.headers.get("Cache-Control")).toBe("no-store");
    expect(page.html).not.toMatch(/(?:src|href)="https?:/);
    for (const [file, type] of [
      ["console.css", "text/css"],
      ["console.js", "text/javascript"],
    ] as const) {
      const asset = await consoleClient().get(`/console/${file}`);
      expect(asset.status).toBe(200);
      expect(asset.headers.get("Content-Type")).toContain(type);
      expect(asset.headers.get("Cache-Control")).toBe("no-cache");
      const known = { "If-None-Match": asset.headers.get("ETag") ?? "" };
      expect((await consoleClient().get(`/console/${file}`, known)).status).toBe(304);
    }
  });
});

describe("a set-up link", () => {
  it("changes nothing when it is opened, and is used up by its button", async () => {
    const { slug } = await mintTenant();
    const { path } = await linkOf(slug);
    for (const _ of [1, 2, 3]) {
      const scanner = await consoleClient().get(path);
      expect(scanner.status).toBe(200);
      expect(scanner.headers.get("Set-Cookie")).toBeNull();
    }
    const client = consoleClient();
    expect(await client.post(path, {}, { csrf: "" })).toMatchObject({
      status: 303,
      location: `/console/t/${slug}/connect`,
    });
    expect((await client.get(`/console/t/${slug}/connect`)).status).toBe(200);
    expect((await consoleClient().get(path)).status).toBe(404);
    expect((await consoleClient().post(path, {}, { csrf: "" })).status).toBe(404);
  });

  it("lets one of two in who press the button at once", async () => {
    const { slug } = await mintTenant();
    const { path } = await linkOf(slug);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => consoleClient().post(path, {}, { csrf: "" })),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(4);
  });

  it("opens tokens, clients, guides, overview and log of its tenant, and nothing else", async () => {
    const [{ slug }, other] = [await mintTenant(), await mintTenant()];
    const { path } = await linkOf(slug);
    const client = consoleClient();
    await client.post(path, {}, { csrf: "" });
    for (const section of ["overview", "connect", "tokens", "clients"]) {
      expect((await client.get(`/console/t/${slug}/${section}`)).status).toBe(200);
    }
    for (const section of ["admin-keys", "setup-links"]) {
      expect((await client.get(`/console/t/${slug}/${section}`)).status).toBe(403);
    }
    expect((await client.get("/console/tenants")).status).toBe(403);
    const [foreign, unknown] = [
      await client.get(`/console/t/${other.slug}/overview`),
      await client.get("/console/t/nobodys/overview"),
    ];
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(unknown.text);
    expect(
      (
        await client.post(
          `/console/t/${slug}/settings`,
          { does: "save", name: "x" },
          { from: `/console/t/${slug}/tokens` },
        )
      ).status,
    ).toBe(403);
  });

  it("is refused once it is revoked, and so is the session that it began", async () => {
    const { slug } = await mintTenant();
    const [first, second] = [await linkOf(slug), await linkOf(slug)];
    await admin("DELETE", `/tenants/${slug}/setup-links/${first.id}`);
    expect((await consoleClient().get(first.path)).status).toBe(404);
    const client = consoleClient();
    await client.post(second.path, {}, { csrf: "" });
    await admin("DELETE", `/tenants/${slug}/setup-links/${second.id}`);
    expect((await client.get(`/console/t/${slug}/overview`)).status).toBe(303);
  });

  it("is no key and no token", async () => {
    const { slug, through } = await mintTenant();
    const { path } = await linkOf(slug);
    const code = path.split("/").at(-1) ?? "";
    expect((await signIn(consoleClient(), code)).status).toBe(401);
    expect((await through(callWorker(), { token: code }).get("/Users")).status).toBe(401);
  });
});
