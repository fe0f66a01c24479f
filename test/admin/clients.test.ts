import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { SCOPES } from "../../src/tenancy/scopes.ts";
import { isWellFormedToken } from "../../src/tenancy/token.ts";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { accessToken, addSecret, askForToken, makeClient } from "../oauth-client.ts";
import { readAnswer, type Answer, type Json, type Transport } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { rowsIn } from "../tenant-rows.ts";

const pathOf = ({ slug }: MintedTenant) => `/tenants/${slug}/clients`;

async function listed(tenant: MintedTenant, query = ""): Promise<Json[]> {
  const { status, body } = await admin("GET", `${pathOf(tenant)}${query}`);
  expect(status).toBe(200);
  return body["items"] as Json[];
}

const secretsOf = async (tenant: MintedTenant): Promise<unknown[]> =>
  (await listed(tenant)).flatMap(({ secrets }) => (secrets as Json[]).map(({ id }) => id));

const columnOf = async (tenant: MintedTenant, column: string, kind: string) => {
  const { results } = await env.DB.prepare(
    `SELECT ${column} AS value FROM credentials WHERE tenant_key = ? AND kind = ? ORDER BY id`,
  )
    .bind(tenant.key, kind)
    .all<{ value: unknown }>();
  return results.map(({ value }) => value);
};

describe("an OAuth client", () => {
  it("is made with a secret that is shown once", async () => {
    const tenant = await mintTenant();
    const made = await admin("POST", pathOf(tenant), { name: "Entra ID" });
    expect(made.status, made.text).toBe(201);
    const { clientSecret, ...client } = made.body;
    expect(isWellFormedToken(String(clientSecret), "client-secret")).toBe(true);
    expect(client).toEqual({
      clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Entra ID",
      scopes: SCOPES,
      createdAt: expect.stringMatching(/Z$/),
      tokenUrl: `${ORIGIN}/api/v1/oauth/token`,
      secrets: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          last4: String(clientSecret).slice(-4),
          createdAt: expect.stringMatching(/Z$/),
          lastUsedAt: null,
          lastUsedBy: null,
          underOldPepper: false,
        },
      ],
    });
    const list = await admin("GET", pathOf(tenant));
    expect(list.body).toEqual({ items: [client], nextCursor: null });
    expect(list.text).not.toMatch(/clientSecret|scimsecret_|digest/);
    const token = await accessToken({
      clientId: String(client["clientId"]),
      clientSecret: String(clientSecret),
    });
    expect((await tenant.through(callWorker(), { token }).get("/Users")).status).toBe(200);
  });

  it("is stored without its secret", async () => {
    const tenant = await mintTenant();
    const { clientSecret } = await makeClient(tenant.slug);
    const tables = ["oauth_clients", "credentials", "credential_index", "changes"];
    const rows = await Promise.all(
      tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()),
    );
    expect(JSON.stringify(rows)).not.toContain(clientSecret);
  });

  it("has the scopes that it was given", async () => {
    const tenant = await mintTenant();
    const scopes = ["groups:read", "users:read", "users:read"];
    const client = await makeClient(tenant.slug, { scopes });
    expect(await listed(tenant)).toMatchObject([{ scopes: ["users:read", "groups:read"] }]);
    expect((await askForToken(client)).body["scope"]).toBe("users:read groups:read");
    const next = await addSecret(tenant.slug, client);
    expect((await askForToken(next)).body["scope"]).toBe("users:read groups:read");
  });

  it.each([
    [{}, "name"],
    [{ name: " " }, "name"],
    [{ name: "x", scopes: [] }, "scopes"],
    [{ name: "x", scopes: ["users:delete"] }, "scopes.0"],
    [{ name: "x", clientId: "mine" }, "clientId"],
  ])("is not made from %j", async (body, path) => {
    const tenant = await mintTenant();
    const answer = await admin("POST", pathOf(tenant), body);
    expect([answer.status, answer.body["errors"]]).toMatchObject([422, [{ path }]]);
    expect(await listed(tenant)).toEqual([]);
  });

  it("has several secrets, each of which is deleted by itself", async () => {
    const tenant = await mintTenant();
    const first = await makeClient(tenant.slug);
    const second = await addSecret(tenant.slug, first);
    const third = await addSecret(tenant.slug, first);
    expect(new Set([first, second, third].map(({ clientId }) => clientId)).size).toBe(1);
    expect(await secretsOf(tenant)).toEqual([first.secretId, second.secretId, third.secretId]);
    const path = `${pathOf(tenant)}/${first.clientId}/secrets/${second.secretId}`;
    const deleted = await admin("DELETE", path);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect(await secretsOf(tenant)).toEqual([first.secretId, third.secretId]);
    expect((await admin("DELETE", path)).status).toBe(204);
    const statuses = await Promise.all([first, second, third].map((one) => askForToken(one)));
    expect(statuses.map(({ status }) => status)).toEqual([200, 401, 200]);
  });

  it("may be left without any secret, and get one again", async () => {
    const tenant = await mintTenant();
    const client = await makeClient(tenant.slug);
    await admin("DELETE", `${pathOf(tenant)}/${client.clientId}/secrets/${client.secretId}`);
    expect(await listed(tenant)).toMatchObject([{ clientId: client.clientId, secrets: [] }]);
    const next = await addSecret(tenant.slug, client);
    expect((await askForToken(next)).status).toBe(200);
  });

  it("is gone with all its secrets and tokens when it is deleted", async () => {
    const tenant = await mintTenant();
    const other = await makeClient(tenant.slug);
    const client = await makeClient(tenant.slug);
    await addSecret(tenant.slug, client);
    await accessToken(client);
    await accessToken(other);
    const path = `${pathOf(tenant)}/${client.clientId}`;
    const deleted = await admin("DELETE", path);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect(await listed(tenant)).toMatchObject([{ clientId: other.clientId }]);
    const revoked = expect.stringMatching(/Z$/);
    expect(await columnOf(tenant, "revoked_at", "client-secret")).toEqual([null, revoked, revoked]);
    expect(await columnOf(tenant, "revoked_at", "access")).toEqual([revoked, null]);
    expect((await admin("DELETE", path)).status).toBe(204);
    expect((await admin("POST", `${path}/secrets`)).status).toBe(404);
  });

  it("stands in a list of pages", async () => {
    const tenant = await mintTenant();
    const made: string[] = [];
    for (let count = 0; count < 5; count++) made.push((await makeClient(tenant.slug)).clientId);
    const pages: unknown[][] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await admin("GET", `${pathOf(tenant)}?limit=2&cursor=${cursor}`);
      const items = body["items"] as Json[];
      for (const { secrets } of items) expect(secrets).toHaveLength(1);
      pages.push(items.map(({ clientId }) => clientId));
      cursor = body["nextCursor"] as string | null;
    }
    expect(pages).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
  });

  it("waits for single sign-on where that is required, and so does another secret", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const client = await makeClient(tenant.slug);
    await tenant.change({ settings: { ssoActive: false } });
    const answers = [
      await admin("POST", pathOf(tenant), { name: "Entra ID" }),
      await admin("POST", `${pathOf(tenant)}/${client.clientId}/secrets`),
    ];
    for (const { status, body } of answers) {
      expect([status, body["detail"]]).toEqual([409, expect.stringContaining("ssoActive")]);
    }
    expect(await secretsOf(tenant)).toEqual([client.secretId]);
    // What is there can be taken away all the same.
    const path = `${pathOf(tenant)}/${client.clientId}`;
    expect((await admin("DELETE", `${path}/secrets/${client.secretId}`)).status).toBe(204);
    expect((await admin("DELETE", path)).status).toBe(204);
  });

  it("stands in the journal with all that was done to it, and without its tokens", async () => {
    const tenant = await mintTenant();
    const client = await makeClient(tenant.slug, { scopes: ["users:read"] });
    const second = await addSecret(tenant.slug, client);
    await accessToken(client);
    const path = `${pathOf(tenant)}/${client.clientId}`;
    await admin("DELETE", `${path}/secrets/${second.secretId}`);
    await admin("DELETE", `${path}/secrets/${second.secretId}`);
    await admin("DELETE", path);
    await admin("DELETE", path);
    const { body } = await admin("GET", `/tenants/${tenant.slug}/changes?operation=key`);
    const by = { actor: { kind: "admin", id: "operator" }, operation: "key", outcome: "applied" };
    const [ofClient, ofSecret] = ["Client", "ClientSecret"].map((resourceType) => ({
      ...by,
      resourceType,
    }));
    expect((body["items"] as Json[]).toReversed()).toMatchObject([
      {
        ...ofClient,
        resourceId: client.clientId,
        status: 201,
        diff: [
          { attribute: "name", after: "Entra ID" },
          { attribute: "scopes", after: ["users:read"] },
          { attribute: "secret", after: client.secretId },
        ],
      },
      { ...ofSecret, resourceId: second.secretId, status: 201 },
      { ...ofSecret, resourceId: second.secretId, status: 204 },
      { ...ofClient, resourceId: client.clientId, status: 204 },
    ]);
  });
});

describe("clients of another tenant", () => {
  it("are not there", async () => {
    const [tenant, other] = [await mintTenant(), await mintTenant()];
    const client = await makeClient(tenant.slug);
    const own = await makeClient(other.slug);
    const elsewhere = `${pathOf(other)}/${client.clientId}`;
    const answers = [
      await admin("DELETE", elsewhere),
      await admin("POST", `${elsewhere}/secrets`),
      await admin("DELETE", `${elsewhere}/secrets/${client.secretId}`),
      await admin("DELETE", `${pathOf(other)}/${own.clientId}/secrets/${client.secretId}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await listed(other)).toMatchObject([{ clientId: own.clientId }]);
    expect((await askForToken(client)).status).toBe(200);
  });

  it("do not lend each other secrets within one tenant either", async () => {
    const tenant = await mintTenant();
    const [one, two] = [await makeClient(tenant.slug), await makeClient(tenant.slug)];
    const path = `${pathOf(tenant)}/${one.clientId}/secrets/${two.secretId}`;
    expect((await admin("DELETE", path)).status).toBe(404);
    expect((await askForToken(two)).status).toBe(200);
    expect((await admin("DELETE", `${pathOf(tenant)}/nobody/secrets/${two.secretId}`)).status).toBe(
      404,
    );
    expect((await admin("GET", "/tenants/no-such-tenant/clients")).status).toBe(404);
  });
});

describe("who may", () => {
  async function withKey(role: "admin" | "reader") {
    const tenant = await mintTenant();
    const made = await admin("POST", `/tenants/${tenant.slug}/admin-keys`, { name: role, role });
    const call = async (method: string, path: string, body?: Json): Promise<Answer> => {
      const headers = {
        Authorization: `Bearer ${String(made.body["key"])}`,
        "Content-Type": "application/json",
      };
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      return readAnswer(await callWorker()(new Request(`${ORIGIN}/api/v1/admin${path}`, init)));
    };
    return { tenant, call };
  }

  it("is a tenant's administrator, within the own tenant", async () => {
    const { tenant, call } = await withKey("admin");
    const made = await call("POST", pathOf(tenant), { name: "Okta" });
    expect(made.status).toBe(201);
    const path = `${pathOf(tenant)}/${String(made.body["clientId"])}`;
    const added = await call("POST", `${path}/secrets`);
    expect(added.status).toBe(201);
    expect((await call("GET", pathOf(tenant))).status).toBe(200);
    expect((await call("DELETE", `${path}/secrets/nothing`)).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(204);
    const other = await mintTenant();
    expect((await call("POST", pathOf(other), { name: "Okta" })).status).toBe(404);
    expect((await call("GET", pathOf(other))).status).toBe(404);
  });

  it("is not a reader", async () => {
    const { tenant, call } = await withKey("reader");
    expect((await call("GET", pathOf(tenant))).status).toBe(403);
    expect((await call("POST", pathOf(tenant), { name: "x" })).status).toBe(403);
    expect(await listed(tenant)).toEqual([]);
  });
});

describe("two administrators at once", () => {
  const times = (count: number, ask: () => Promise<Answer>) =>
    Promise.all(Array.from({ length: count }, ask));

  it("add a secret each", async () => {
    const tenant = await mintTenant();
    const client = await makeClient(tenant.slug);
    const path = `${pathOf(tenant)}/${client.clientId}/secrets`;
    const answers = await times(6, () => admin("POST", path));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(await secretsOf(tenant)).toHaveLength(7);
  });

  it("delete a client once", async () => {
    const tenant = await mintTenant();
    const client = await makeClient(tenant.slug);
    const path = `${pathOf(tenant)}/${client.clientId}`;
    const answers = await times(6, () => admin("DELETE", path));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204, 204]);
    const rows = await rowsIn("changes", tenant.key);
    expect(rows.filter((row) => row["resource_type"] === "Client")).toHaveLength(2);
  });

  it("leave no live secret of a client that one of them deletes meanwhile", async () => {
    const tenant = await mintTenant();
    const client = await makeClient(tenant.slug);
    let deleted = false;
    const DB = interceptD1(env.DB, async ({ statements, send }) => {
      if (!deleted && statements.some(({ sql }) => sql.includes('INSERT INTO "credentials"'))) {
        deleted = true;
        await admin("DELETE", `${pathOf(tenant)}/${client.clientId}`);
      }
      return send();
    });
    const path = `${pathOf(tenant)}/${client.clientId}/secrets`;
    expect((await admin("POST", path, undefined, callWorker({ DB }))).status).toBe(404);
    expect(deleted).toBe(true);
    expect(await columnOf(tenant, "revoked_at", "client-secret")).toEqual([
      expect.stringMatching(/Z$/),
    ]);
  });
});

describe("a database that loses its connection", () => {
  const losing = (at: number, when: "before" | "after"): Transport => {
    let trips = 0;
    const DB = interceptD1(env.DB, async ({ send }) => {
      trips += 1;
      if (trips !== at) return send();
      if (when === "after") await send();
      throw new Error("D1_ERROR: Network connection lost.");
    });
    return callWorker({ DB });
  };
  const cases = [1, 2, 3].flatMap((at) => [[at, "before"] as const, [at, "after"] as const]);

  it.each(cases)(
    "at round trip %i, %s it is done, changes once what was asked",
    async (at, when) => {
      const tenant = await mintTenant();
      const transport = () => losing(at, when);
      const client = await makeClient(tenant.slug, {}, transport());
      const second = await addSecret(tenant.slug, client, transport());
      expect(await secretsOf(tenant)).toEqual([client.secretId, second.secretId]);
      expect((await askForToken(client)).status).toBe(200);
      expect((await askForToken(second)).status).toBe(200);
      const path = `${pathOf(tenant)}/${client.clientId}`;
      const secret = `${path}/secrets/${second.secretId}`;
      expect((await admin("DELETE", secret, undefined, transport())).status).toBe(204);
      expect(await secretsOf(tenant)).toEqual([client.secretId]);
      expect((await admin("DELETE", path, undefined, transport())).status).toBe(204);
      expect(await listed(tenant)).toEqual([]);
      const { body } = await admin("GET", `/tenants/${tenant.slug}/changes?operation=key`);
      expect(body["items"]).toHaveLength(4);
    },
  );
});
