import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";

import type { AdminDeps } from "../../src/admin/admin-deps.ts";
import { NO_INPUT, type Operation } from "../../src/admin/operation.ts";
import { OPERATIONS } from "../../src/admin/operations/operations.ts";
import { noSuchTenant } from "../../src/admin/operations/tenant-params.ts";
import { type OperationId, PERMISSIONS } from "../../src/admin/permissions.ts";
import type { AdminPrincipal } from "../../src/tenancy/admin-principal.ts";
import { Settings } from "../../src/tenancy/settings.ts";
import { mintToken } from "../../src/tenancy/token.ts";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, SCIM_BASE, type MintedTenant } from "../mint-tenant.ts";
import { askForToken, makeClient, type MadeClient } from "../oauth-client.ts";
import { readAnswer, scimClient, type Answer, type Json } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import fieldCases from "./operator-fields-cases.json";

const direct = callWorker();
const NOBODY = "never-there";
const OPERATOR_KEY = "admin-key-of-the-test-suite-0123456789abcdef";

let ours: MintedTenant;
let theirs: MintedTenant;
let client: MadeClient;
let keys: Record<"operator" | "admin" | "reader" | "foreign admin" | "foreign reader", string>;

async function keyOf({ slug }: MintedTenant, role: "admin" | "reader") {
  const made = await admin("POST", `/tenants/${slug}/admin-keys`, { name: role, role });
  expect(made.status, made.text).toBe(201);
  return { id: made.id, key: String(made.body["key"]) };
}

beforeAll(async () => {
  ours = await mintTenant();
  theirs = await mintTenant();
  client = await makeClient(ours.slug);
  keys = {
    operator: OPERATOR_KEY,
    admin: (await keyOf(ours, "admin")).key,
    reader: (await keyOf(ours, "reader")).key,
    "foreign admin": (await keyOf(theirs, "admin")).key,
    "foreign reader": (await keyOf(theirs, "reader")).key,
  };
});

/** What stands in the place of a parameter besides the slug. Nothing of a tenant has it. */
const PARAMETERS: Readonly<Record<string, string>> = {
  id: "01890000-0000-7000-8000-000000000000",
  clientId: "01890000-0000-7000-8000-000000000001",
  urn: "urn:example:nothing",
  name: "Nothing",
};

function paramsOf({ path }: Operation, slug: string): Record<string, string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  return Object.fromEntries(
    names.map((name) => [name, name === "slug" ? slug : (PARAMETERS[name] ?? "")]),
  );
}

/** A body that harms nobody; the one operation that names its tenant there needs it. */
const bodyOf = ({ id }: Operation, slug: string): Json =>
  id === "runReconciliation" ? { tenant: slug } : {};

interface Played {
  readonly status: number;
  readonly type: string | null;
  /** Without what tells requests apart. */
  readonly text: string;
  readonly detail: string | undefined;
}

async function play(operation: Operation, slug: string, key: string | undefined): Promise<Played> {
  const params = paramsOf(operation, slug);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");
  const init: RequestInit = {
    method: operation.method.toUpperCase(),
    headers: {
      ...(key !== undefined && { Authorization: `Bearer ${key}` }),
      "Content-Type": Object.keys(operation.accepts ?? { "application/json": 0 })[0] ?? "",
    },
  };
  if (operation.body !== NO_INPUT) init.body = JSON.stringify(bodyOf(operation, slug));
  const response = await direct(new Request(`${ORIGIN}/api/v1/admin${path}`, init));
  const { status, headers } = response;
  const text = await response.text();
  return {
    status,
    type: headers.get("Content-Type"),
    text: text.replace(headers.get("X-Request-Id") ?? "", ""),
    detail: /"detail":"([^"]*)"/.exec(text)?.[1],
  };
}

const byId = OPERATIONS.map((operation) => [operation.id, operation] as const);
const mayCall = (id: OperationId, kind: AdminPrincipal["kind"]): boolean =>
  (PERMISSIONS[id] as readonly string[]).includes(kind);

describe.each(byId)("%s", (id, operation) => {
  const isOfTenant = "slug" in paramsOf(operation, "") || id === "runReconciliation";

  it.each(["operator", "admin", "reader"] as const)(
    "is what the table says for %s",
    async (kind) => {
      const answer = await play(operation, ours.slug, keys[kind]);
      if (!mayCall(id, kind)) {
        expect([answer.status, answer.detail]).toEqual([403, "This key may not do that."]);
        return;
      }
      expect([401, 403, 405, 415, 500, 503]).not.toContain(answer.status);
      expect(answer.detail).not.toBe(noSuchTenant.detail);
    },
  );

  it.each(["admin", "reader"] as const)(
    "is for %s of another tenant as if there were no such tenant",
    async (kind) => {
      const foreign = await play(operation, ours.slug, keys[`foreign ${kind}`]);
      const never = await play(operation, NOBODY, keys[`foreign ${kind}`]);
      expect(foreign).toEqual(never);
      if (!mayCall(id, kind)) expect(foreign.status).toBe(403);
      else if (isOfTenant) {
        expect([foreign.status, foreign.detail]).toEqual([404, noSuchTenant.detail]);
      } else expect(foreign.text).not.toContain(ours.slug);
    },
  );

  it("is for nobody else", async () => {
    const strangers = [
      ours.token,
      client.clientSecret,
      String((await askForToken(client)).body["access_token"]),
      mintToken(new Uint8Array(32), "admin"),
      mintToken(new Uint8Array(32), "setup-link"),
      undefined,
    ];
    const answers = await Promise.all(strangers.map((key) => play(operation, ours.slug, key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
  });

  it("is what the table says for the session of a set-up link", async () => {
    const reached = new Error("The operation began.");
    const deps = new Proxy({} as AdminDeps, {
      get() {
        throw reached;
      },
    });
    const perform = (slug: string) => {
      const tenant = { id: ours.tenantId, slug: ours.slug };
      const principal = { kind: "setup", id: "1", hint: "abcd", tenant } as const;
      const params = paramsOf(operation, slug);
      const caller = { principal, requestId: "1" };
      return operation
        .perform({ caller, params, query: {}, body: bodyOf(operation, slug) }, deps)
        .catch((error: unknown) => {
          if (error !== reached) throw error;
          return { kind: "began" };
        });
    };
    const own = (await perform(ours.slug)).kind;
    const foreign = await perform(theirs.slug);
    if (!mayCall(id, "setup")) {
      expect([own, foreign]).toEqual(["forbidden", { kind: "forbidden" }]);
      return;
    }
    expect(["began", "invalid"]).toContain(own);
    expect(foreign).toEqual(noSuchTenant);
  });
});

describe("the table", () => {
  const of = (kind: AdminPrincipal["kind"]) =>
    OPERATIONS.filter(({ id }) => mayCall(id, kind)).map(({ id }) => id);

  it("names every operation, and no other one", () => {
    expect(OPERATIONS.map(({ id }) => id).sort()).toEqual(Object.keys(PERMISSIONS).sort());
    expect(of("operator")).toHaveLength(OPERATIONS.length);
  });

  it("keeps for the operator what the contract keeps", () => {
    const kept = OPERATIONS.map(({ id }) => id).filter((id) => !mayCall(id, "admin"));
    expect(kept.sort()).toEqual([
      "createTenant",
      "deleteResourceType",
      "deleteSchema",
      "deleteTenant",
      "getDeployment",
      "listOrganisations",
      "listReconciliations",
      "moveTenant",
      "putResourceType",
      "putSchema",
    ]);
  });

  it("lets a reader read, and accept invitations", () => {
    const changing = OPERATIONS.filter(
      ({ id, method }) => mayCall(id, "reader") && method !== "get",
    );
    expect(changing.map(({ id }) => id)).toEqual(["acceptInvitation"]);
    for (const id of ["listTokens", "listClients", "listAdminKeys", "listSetupLinks"] as const) {
      expect([id, mayCall(id, "reader")]).toEqual([id, false]);
    }
  });

  it("lets who has a set-up link connect an identity provider, and see whether it works", () => {
    expect(of("setup").sort()).toEqual([
      "addClientSecret",
      "createClient",
      "deleteClient",
      "deleteClientSecret",
      "getStats",
      "getTenant",
      "getTraffic",
      "issueToken",
      "listAlerts",
      "listChanges",
      "listClients",
      "listTokens",
      "revokeToken",
      "rotateToken",
    ]);
  });
});

describe("a key of a tenant", () => {
  const as = async (key: string, method: string, path: string, body?: Json): Promise<Answer> => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return readAnswer(await direct(new Request(`${ORIGIN}/api/v1/admin${path}`, init)));
  };

  it("is shown in full once, at its birth, and says whose it is", async () => {
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}/admin-keys`;
    const made = await admin("POST", path, { name: "Ada", role: "admin" });
    const { key, ...shown } = made.body;
    expect(made.status).toBe(201);
    expect(key).toMatch(/^scimkey_[\w-]{49}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Ada",
      role: "admin",
      last4: String(key).slice(-4),
      createdAt: expect.any(String),
      revokedAt: null,
      lastUsedAt: null,
    });
    expect((await admin("GET", path)).body).toEqual({ items: [shown], nextCursor: null });
    expect((await as(String(key), "GET", path)).status).toBe(200);
    const [listed] = (await admin("GET", path)).body["items"] as Json[];
    expect(listed).toEqual({ ...shown, lastUsedAt: expect.any(String) });
  });

  it.each([
    [{}, ["name", "role"]],
    [{ name: "x", role: "operator" }, ["role"]],
    [{ name: "x", role: "setup" }, ["role"]],
    [{ name: "", role: "admin" }, ["name"]],
    [{ name: "x", role: "admin", key: "mine" }, ["key"]],
  ])("is not made of %j", async (body, paths) => {
    const answer = await admin("POST", `/tenants/${ours.slug}/admin-keys`, body);
    expect(answer.status).toBe(422);
    expect((answer.body["errors"] as Json[]).map(({ path }) => path).sort()).toEqual(paths);
  });

  it("finds its own tenant among the tenants, and no other one", async () => {
    const { body } = await as(keys.admin, "GET", `/tenants?q=${theirs.slug}`);
    expect(body).toMatchObject({ items: [{ slug: ours.slug }], nextCursor: null });
    expect(body["items"]).toHaveLength(1);
  });

  it("reconciles its own tenant, and not all of them", async () => {
    expect((await as(keys.admin, "POST", "/reconciliations", {})).status).toBe(403);
    const ran = await as(keys.admin, "POST", "/reconciliations", { tenant: ours.slug });
    expect(ran.status).toBe(201);
  });

  it("stands in the journal by its id and its last characters", async () => {
    const tenant = await mintTenant();
    const { id, key } = await keyOf(tenant, "admin");
    await as(key, "POST", `/tenants/${tenant.slug}/users`, { email: "ana@example.com" });
    const { body } = await admin("GET", `/tenants/${tenant.slug}/changes?resourceType=User`);
    expect(body["items"]).toMatchObject([{ actor: { kind: "admin", id, hint: key.slice(-4) } }]);
  });

  it.each(["admin", "reader"] as const)(
    "%s ends at once when it is revoked, also by itself",
    async (role) => {
      const tenant = await mintTenant();
      const { id, key } = await keyOf(tenant, role);
      const path = `/tenants/${tenant.slug}/users`;
      expect((await as(key, "GET", path)).status).toBe(200);
      const by = role === "admin" ? key : OPERATOR_KEY;
      expect((await as(by, "DELETE", `/tenants/${tenant.slug}/admin-keys/${id}`)).status).toBe(204);
      expect((await as(key, "GET", path)).status).toBe(401);
      const [listed] = (await admin("GET", `/tenants/${tenant.slug}/admin-keys`)).body[
        "items"
      ] as Json[];
      expect(listed).toMatchObject({ id, revokedAt: expect.any(String) });
    },
  );

  it("is no token that could be revoked or rotated as one, nor the other way round", async () => {
    const tenant = await mintTenant();
    const { id, key } = await keyOf(tenant, "admin");
    const path = `/tenants/${tenant.slug}`;
    expect((await admin("DELETE", `${path}/tokens/${id}`)).status).toBe(404);
    expect((await admin("POST", `${path}/tokens/${id}/rotate`, {})).status).toBe(404);
    expect((await admin("DELETE", `${path}/admin-keys/${tenant.id}`)).status).toBe(404);
    expect((await admin("DELETE", `${path}/setup-links/${tenant.id}`)).status).toBe(404);
    expect((await as(key, "GET", path)).status).toBe(200);
    expect((await tenant.scim.get("/Users")).status).toBe(200);
  });

  it("still works while its tenant is paused or suspended, and ends with it", async () => {
    const tenant = await mintTenant();
    const { key } = await keyOf(tenant, "admin");
    const path = `/tenants/${tenant.slug}`;
    for (const status of ["paused", "suspended"]) {
      await tenant.change({ status });
      expect((await as(key, "GET", path)).body["status"]).toBe(status);
    }
    await admin("DELETE", `${path}?confirm=${tenant.slug}`);
    await admin("POST", "/tenants", { slug: tenant.slug, name: "Somebody else" });
    expect((await as(key, "GET", path)).status).toBe(401);
  });
});

describe("what is no SCIM token", () => {
  it.each(["admin", "reader", "client-secret", "setup-link"] as const)(
    "a credential of kind %s is 401 there without asking any store",
    async (kind) => {
      let asked = 0;
      const DB = interceptD1(env.DB, ({ send }) => {
        asked += 1;
        return send();
      });
      const TOKENS = new Proxy(env.TOKENS, {
        get(target, name) {
          asked += 1;
          const member: unknown = Reflect.get(target, name);
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
      const link = await admin("POST", `/tenants/${ours.slug}/setup-links`, {});
      const credential = {
        admin: keys.admin,
        reader: keys.reader,
        "client-secret": client.clientSecret,
        "setup-link": String(link.body["url"]).split("/").at(-1) ?? "",
      }[kind];
      expect(credential).toMatch(/^scim\w+_/);
      const bases = [SCIM_BASE, `${ORIGIN}/api/v1/tenants/${ours.slug}/scim/v2`];
      for (const base of bases) {
        const scim = scimClient(base, credential, callWorker({ DB, TOKENS }));
        for (const path of ["/Users", "/Schemas", "/Users/1", "/nowhere"]) {
          expect((await scim.get(path)).status).toBe(401);
        }
      }
      expect(asked).toBe(0);
    },
  );
});

describe("what only the operator may change of a tenant", () => {
  it("is told for every setting that there is", () => {
    const told = fieldCases.flatMap(({ change }) => Object.keys(change.settings ?? {}));
    expect([...new Set(told)].sort()).toEqual([...z.keyof(Settings).options].sort());
  });

  it.each(fieldCases.map(({ change, refused }) => [change, refused] as const))(
    "%j: %j",
    async (change, refused) => {
      const tenant = await mintTenant({ preset: "visitors" });
      const { key } = await keyOf(tenant, "admin");
      const path = `/tenants/${tenant.slug}`;
      const before = await admin("GET", path);
      const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
      const init = { method: "PATCH", headers, body: JSON.stringify(change) };
      const url = `${ORIGIN}/api/v1/admin${path}`;
      const answer = await readAnswer(await direct(new Request(url, init)));
      if (refused.length === 0) {
        expect(answer.status).toBe(200);
        return;
      }
      expect(answer.status).toBe(403);
      for (const name of refused) expect(answer.body["detail"]).toContain(name);
      expect((await admin("GET", path)).body).toEqual(before.body);
    },
  );
});

describe("ADMIN_TOKEN", () => {
  const NEW = "new-operator-key-of-this-test-0123456789abc";
  const statusOf = async (key: string, ADMIN_TOKEN: string) => {
    const headers = { Authorization: `Bearer ${key}` };
    const request = new Request(`${ORIGIN}/api/v1/admin/tenants`, { headers });
    return (await callWorker({ ADMIN_TOKEN })(request)).status;
  };

  it("rotates: NEW,OLD admits both, and NEW alone the new one", async () => {
    const both = `${NEW},${OPERATOR_KEY}`;
    expect(await statusOf(OPERATOR_KEY, both)).toBe(200);
    expect(await statusOf(NEW, both)).toBe(200);
    expect(await statusOf(both, both)).toBe(401);
    expect(await statusOf(NEW, NEW)).toBe(200);
    expect(await statusOf(OPERATOR_KEY, NEW)).toBe(401);
  });

  it("does not touch the keys of tenants", async () => {
    const headers = { Authorization: `Bearer ${keys.admin}` };
    const request = new Request(`${ORIGIN}/api/v1/admin/tenants`, { headers });
    expect((await callWorker({ ADMIN_TOKEN: NEW })(request)).status).toBe(200);
  });
});
