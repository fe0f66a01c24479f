import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { isWellFormedToken } from "../../src/tenancy/token.ts";
import { callWorker } from "../call-worker.ts";
import { admin, issueToken, mintTenant, SCIM_BASE, type MintedTenant } from "../mint-tenant.ts";
import { scimClient, type Answer, type Json, type Transport } from "../scim-client.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const rotate = ({ slug }: { slug: string }, id: string, body: Json = {}): Promise<Answer> =>
  admin("POST", `/tenants/${slug}/tokens/${id}/rotate`, body);

async function rotated(
  tenant: { slug: string },
  id: string,
  body?: Json,
): Promise<{ id: string; token: string }> {
  const answer = await rotate(tenant, id, body);
  expect(answer.status, answer.text).toBe(201);
  return { id: answer.id, token: String(answer.body["token"]) };
}

async function listed({ slug }: { slug: string }, query = ""): Promise<Json[]> {
  const { status, body } = await admin("GET", `/tenants/${slug}/tokens${query}`);
  expect(status).toBe(200);
  return body["items"] as Json[];
}

/** Of another isolate: it remembers nothing, and KV is asked. */
const coldIsolate: Transport = (request) => {
  const TOKENS = new Proxy(env.TOKENS, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return callWorker({ TOKENS })(request);
};
/** One that KV knows nothing of either. */
const withoutKv: Transport = (request) => {
  const TOKENS = new Proxy(env.TOKENS, {
    get(target, name) {
      if (name === "get") return () => Promise.resolve(null);
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return callWorker({ TOKENS })(request);
};
const isolates: readonly (readonly [string, Transport])[] = [
  ["an isolate that remembers", callWorker()],
  ["KV that remembers", coldIsolate],
  ["nobody who remembers", withoutKv],
];

const statusOf = async (token: string, transport: Transport): Promise<number> =>
  (await scimClient(SCIM_BASE, token, transport).get("/Users")).status;

const used = ({ key }: MintedTenant, id: string, at: number) =>
  env.DB.prepare("UPDATE credentials SET last_used_at = ? WHERE tenant_key = ? AND id = ?")
    .bind(new Date(at).toISOString(), key, id)
    .run();

afterEach(() => {
  vi.useRealTimers();
});

describe("a rotation", () => {
  it("answers with a new token of the same name and scopes; the old one ends in a week", async () => {
    const tenant = await mintTenant();
    const scopes = ["users:read", "groups:read"];
    const old = await issueToken(tenant.slug, { name: "Okta", scopes });
    const answer = await rotate(tenant, old.id);
    const { token, ...shown } = answer.body;
    expect(answer.status).toBe(201);
    expect(isWellFormedToken(String(token))).toBe(true);
    expect(token).not.toBe(old.token);
    expect(shown).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Okta",
      last4: String(token).slice(-4),
      scopes,
      createdAt: expect.stringMatching(ISO),
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      lastUsedBy: null,
      safeToRevoke: false,
      underOldPepper: false,
    });
    const [, before, after] = await listed(tenant);
    expect(before).toMatchObject({ id: old.id, name: "Okta", scopes, revokedAt: null });
    expect(after).toEqual(shown);
    const hours =
      (Date.parse(String(before?.["expiresAt"])) - Date.parse(String(after?.["createdAt"]))) /
      HOUR_MS;
    // The new one is made a moment later.
    expect(Math.round(hours)).toBe(168);
  });

  it.each(isolates)("lets both work until the overlap is over, for %s", async (_who, transport) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const tenant = await mintTenant();
    const start = Date.now();
    expect(await statusOf(tenant.token, transport)).toBe(200);
    const { token } = await rotated(tenant, tenant.id, { overlapHours: 48 });
    expect(await statusOf(tenant.token, transport)).toBe(200);
    expect(await statusOf(token, transport)).toBe(200);
    vi.setSystemTime(start + 48 * HOUR_MS - 1);
    expect(await statusOf(tenant.token, transport)).toBe(200);
    vi.setSystemTime(start + 48 * HOUR_MS);
    expect(await statusOf(tenant.token, transport)).toBe(401);
    expect(await statusOf(token, transport)).toBe(200);
  });

  it.each(isolates)(
    "without an overlap ends the old one at once, for %s",
    async (_who, transport) => {
      const tenant = await mintTenant();
      expect(await statusOf(tenant.token, transport)).toBe(200);
      const { token } = await rotated(tenant, tenant.id, { overlapHours: 0 });
      expect(await statusOf(tenant.token, transport)).toBe(401);
      expect(await statusOf(token, transport)).toBe(200);
    },
  );

  it("hands on the life span, also when the old token is rotated once more", async () => {
    const tenant = await mintTenant();
    const expiresAt = new Date(Date.now() + 90 * DAY_MS).toISOString();
    const { id } = await issueToken(tenant.slug, { expiresAt });
    for (const overlapHours of [720, 24]) {
      const answer = await rotate(tenant, id, { overlapHours });
      const { createdAt, expiresAt: end } = answer.body;
      const days = (Date.parse(String(end)) - Date.parse(String(createdAt))) / DAY_MS;
      expect(Math.round(days)).toBe(90);
    }
  });

  it("does not let the old one live for longer than it was to", async () => {
    const tenant = await mintTenant();
    const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
    const { id } = await issueToken(tenant.slug, { expiresAt });
    await rotated(tenant, id);
    expect((await listed(tenant)).find((token) => token["id"] === id)).toMatchObject({ expiresAt });
  });

  it("is a row of the journal that names both, and neither of them in full", async () => {
    const tenant = await mintTenant();
    const next = await rotated(tenant, tenant.id);
    const { body, text } = await admin("GET", `/tenants/${tenant.slug}/changes`);
    expect(body["items"]).toMatchObject([
      {
        seq: 1,
        actor: { kind: "admin", id: "operator", hint: "operator" },
        operation: "token",
        resourceType: "Token",
        resourceId: tenant.id,
        outcome: "applied",
        status: 201,
        diff: [
          { attribute: "successor", after: next.id },
          { attribute: "expiresAt", before: null, after: expect.stringMatching(ISO) },
        ],
      },
    ]);
    expect(text).not.toContain("scim_");
  });

  it.each([
    [
      "revoked",
      (tenant: MintedTenant) => admin("DELETE", `/tenants/${tenant.slug}/tokens/${tenant.id}`),
    ],
    ["ended", (tenant: MintedTenant) => rotate(tenant, tenant.id, { overlapHours: 0 })],
  ])("of a token that is %s is 409, and makes none", async (_how, end) => {
    const tenant = await mintTenant();
    await end(tenant);
    const before = await listed(tenant);
    const answer = await rotate(tenant, tenant.id);
    expect([answer.status, answer.body["detail"]]).toEqual([
      409,
      "This token was revoked or has expired. Issue a new one instead.",
    ]);
    expect(await listed(tenant)).toEqual(before);
  });

  it("of another tenant's token is 404, as of one that never was", async () => {
    const [mine, theirs] = [await mintTenant(), await mintTenant()];
    const foreign = await rotate(mine, theirs.id);
    const never = await rotate(mine, "01890000-0000-7000-8000-000000000000");
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, requestId: "" }).toEqual({ ...never.body, requestId: "" });
    expect(await listed(theirs)).toMatchObject([{ id: theirs.id, expiresAt: null }]);
  });

  it("is 409 while single sign-on is required and not active; the old token goes on", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await tenant.change({ settings: { ssoActive: false } });
    const answer = await rotate(tenant, tenant.id);
    expect(answer.status).toBe(409);
    expect(answer.body["detail"]).toContain("ssoActive");
    expect(await listed(tenant)).toMatchObject([{ id: tenant.id, expiresAt: null }]);
    expect((await tenant.scim.get("/Users")).status).toBe(200);
  });

  it.each([
    [{ overlapHours: -1 }, "overlapHours"],
    [{ overlapHours: 1.5 }, "overlapHours"],
    [{ overlapHours: 100_000 }, "overlapHours"],
    [{ overlapHours: "168" }, "overlapHours"],
    [{ name: "New" }, "name"],
    [{ expiresAt: null }, "expiresAt"],
  ])("of %j is 422", async (body, path) => {
    const tenant = await mintTenant();
    const answer = await rotate(tenant, tenant.id, body);
    expect(answer.status).toBe(422);
    expect(answer.body["errors"]).toMatchObject([{ path }]);
    expect(await listed(tenant)).toHaveLength(1);
  });

  it("needs no body", async () => {
    const tenant = await mintTenant();
    const answer = await admin("POST", `/tenants/${tenant.slug}/tokens/${tenant.id}/rotate`);
    expect(answer.status).toBe(201);
  });
});

describe("rotations under load", () => {
  it.each(isolates)(
    "refuse no request, for %s",
    async (_who, transport) => {
      const tenant = await mintTenant();
      let [old, current] = [tenant.token, tenant.token];
      let currentId = tenant.id;
      const answers: Answer[] = [];
      for (let round = 0; round < 4; round++) {
        const send = async (number: number) => {
          const scim = scimClient(SCIM_BASE, number % 2 === 0 ? old : current, transport);
          const userName = `ana-${round}-${number}`;
          answers.push(await scim.post("/Users", { userName }), await scim.get("/Users"));
        };
        // oxlint-disable-next-line no-await-in-loop -- one rotation after the other
        const [next] = await Promise.all([
          rotated(tenant, currentId),
          ...Array.from({ length: 10 }, (_, number) => send(number)),
        ]);
        [old, current, currentId] = [current, next.token, next.id];
      }
      expect(answers).toHaveLength(80);
      expect(answers.filter(({ status }) => status > 201).map(({ text }) => text)).toEqual([]);
    },
    30_000,
  );
});

describe("a token in the list", () => {
  it("says when it was used last, and by which identity provider", async () => {
    const tenant = await mintTenant();
    await tenant.scim.get("/Users", { "User-Agent": "Okta SCIM Client 1.0.0" });
    expect(await listed(tenant)).toMatchObject([
      { lastUsedAt: expect.stringMatching(ISO), lastUsedBy: "Okta" },
    ]);
  });

  it("may be revoked safely when a newer one is in use and it has been quiet for a day, on whichever page", async () => {
    const tenant = await mintTenant();
    const next = await rotated(tenant, tenant.id, { overlapHours: 2160 });
    const safe = async (query = "") =>
      (await listed(tenant, query)).map((token) => token["safeToRevoke"]);
    expect(await safe()).toEqual([false, false]);
    await used(tenant, next.id, Date.now());
    expect(await safe()).toEqual([true, false]);
    expect(await safe("?limit=1")).toEqual([true]);
    await used(tenant, tenant.id, Date.now() - 23 * HOUR_MS);
    expect(await safe("?limit=1")).toEqual([false]);
    await used(tenant, tenant.id, Date.now() - 24 * HOUR_MS);
    expect(await safe("?limit=1")).toEqual([true]);
    await admin("DELETE", `/tenants/${tenant.slug}/tokens/${next.id}`);
    expect(await safe()).toEqual([false, false]);
  });

  it("is not made safe to revoke by a key of the admin API that is in use", async () => {
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}/admin-keys`;
    const { id } = await admin("POST", path, { name: "Ada", role: "admin" });
    await used(tenant, id, Date.now());
    expect(await listed(tenant)).toMatchObject([{ safeToRevoke: false }]);
  });

  it("is a SCIM token and nothing else", async () => {
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}`;
    await admin("POST", `${path}/admin-keys`, { name: "Ada", role: "admin" });
    await admin("POST", `${path}/setup-links`, {});
    await admin("POST", `${path}/clients`, { name: "Entra ID" });
    expect((await listed(tenant)).map(({ id }) => id)).toEqual([tenant.id]);
  });
});
