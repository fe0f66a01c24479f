import { describe, expect, it } from "vitest";

import type { Change } from "../../src/journal/change.ts";
import { addClientSecret } from "../../src/tenancy/clients/add-client-secret.ts";
import type { Client, ClientWithSecrets } from "../../src/tenancy/clients/client.ts";
import { createClient, NewClientInput } from "../../src/tenancy/clients/create-client.ts";
import { grantAccess, type AccessRequest } from "../../src/tenancy/clients/grant-access.ts";
import type { ClientStore } from "../../src/tenancy/clients/ports.ts";
import { revokeClientSecret } from "../../src/tenancy/clients/revoke-client-secret.ts";
import { revokeClient } from "../../src/tenancy/clients/revoke-client.ts";
import type { Admission, NewCredential } from "../../src/tenancy/credential.ts";
import { unused } from "../../src/tenancy/credentials/mint-credential.ts";
import { digestToken } from "../../src/tenancy/digest.ts";
import { TenantFenced } from "../../src/tenancy/fence.ts";
import { SCOPES, type Scope } from "../../src/tenancy/scopes.ts";
import { isWellFormedToken, mintToken } from "../../src/tenancy/token.ts";
import { StorageUnavailable } from "../../src/tenancy/unavailable.ts";

const generic = { preset: "generic", overrides: {} } as const;
const waiting = { preset: "training", overrides: {} } as const;
const by = {
  actor: { kind: "admin", id: "operator", hint: "operator" },
  requestId: "request-1",
} as const;

/** As much of a store of clients as the verbs need. */
function world() {
  const clients: Client[] = [];
  const credentials: NewCredential[] = [];
  const entries: Change[] = [];
  const withSecrets = (client: Client): ClientWithSecrets => ({
    ...client,
    secrets: credentials
      .filter(({ clientId, kind }) => clientId === client.id && kind === "client-secret")
      .map(unused),
  });
  const store: ClientStore = {
    async create(client, secret, entry) {
      clients.push(client);
      credentials.push(secret);
      entries.push(entry);
    },
    async list() {
      return { items: clients.map(withSecrets), nextCursor: undefined };
    },
    async find(id) {
      const client = clients.find((candidate) => candidate.id === id);
      return client && withSecrets(client);
    },
    async addSecret(secret, entry) {
      credentials.push(secret);
      entries.push(entry);
    },
    async revoke(id, entry) {
      entries.push(entry);
      return clients.some((client) => client.id === id) ? "revoked" : "unknown";
    },
    async revokeSecret(clientId, secretId, entry) {
      entries.push(entry);
      const isThere = credentials.some((one) => one.id === secretId && one.clientId === clientId);
      return isThere ? "revoked" : "unknown";
    },
    async grant(access) {
      credentials.push(access);
    },
  };
  let now = Date.parse("2026-11-22T10:00:00.000Z");
  let last = 0;
  const deps = {
    clients: store,
    digest: async (token: string) => ({ digest: `digest of ${token}`, pepperId: "0badcafe" }),
    clock: { now: () => (now += 1000) },
    ids: { next: () => `id-${++last}` },
    randomBytes: (count: number) => new Uint8Array(count).fill(++last),
  };
  return { deps, clients, credentials, entries };
}

async function made(scopes: readonly Scope[] = SCOPES) {
  const own = world();
  const input = NewClientInput.parse({ name: "Entra", scopes: [...scopes] });
  const outcome = await createClient(generic, input, own.deps, by);
  if (outcome.kind !== "created") throw new Error(outcome.kind);
  return { ...own, client: outcome.client, secret: outcome.secret };
}

describe("createClient", () => {
  it("hands out a secret of ours and stores its digest only", async () => {
    const { client, secret, clients, credentials, entries } = await made(["groups:read"]);
    expect(isWellFormedToken(secret, "client-secret")).toBe(true);
    const { id } = client;
    expect(clients).toEqual([
      { id, name: "Entra", scopes: ["groups:read"], createdAt: "2026-11-22T10:00:01.000Z" },
    ]);
    expect(credentials).toMatchObject([
      {
        kind: "client-secret",
        clientId: id,
        parentId: null,
        scopes: ["groups:read"],
        digest: `digest of ${secret}`,
        last4: secret.slice(-4),
        expiresAt: null,
      },
    ]);
    expect(Object.values(credentials[0] ?? {})).not.toContain(secret);
    expect(JSON.stringify([client, entries])).not.toContain(secret);
    expect(entries).toMatchObject([
      { ...by, operation: "key", resourceType: "Client", resourceId: id, status: 201 },
    ]);
  });

  it("keeps scopes once each and in one order", async () => {
    const { client } = await made(["groups:read", "users:read", "users:read"]);
    expect(client.scopes).toEqual(["users:read", "groups:read"]);
  });

  it("makes none while single sign-on is required and not active", async () => {
    const { deps, clients, credentials } = world();
    const input = NewClientInput.parse({ name: "Entra" });
    expect(await createClient(waiting, input, deps, by)).toEqual({ kind: "sso-inactive" });
    expect([clients, credentials]).toEqual([[], []]);
  });

  it.each([
    {},
    { name: "" },
    { name: "Entra", scopes: [] },
    { name: "Entra", scopes: ["users:delete"] },
    { name: "Entra", clientId: "mine" },
    { name: "Entra", clientSecret: "mine" },
  ])("has no place for %j", (input) => {
    expect(NewClientInput.safeParse(input).success).toBe(false);
  });
});

describe("addClientSecret", () => {
  it("adds one with the scopes of the client, and leaves the first", async () => {
    const { deps, client, secret, entries } = await made(["users:read"]);
    const outcome = await addClientSecret(generic, client.id, deps, by);
    if (outcome.kind !== "created") throw new Error(outcome.kind);
    expect(outcome.secret).not.toBe(secret);
    expect(outcome.client.secrets).toMatchObject([
      { last4: secret.slice(-4), scopes: ["users:read"] },
      { last4: outcome.secret.slice(-4), scopes: ["users:read"] },
    ]);
    const [, added] = outcome.client.secrets;
    expect(entries.at(-1)).toMatchObject({ resourceType: "ClientSecret", resourceId: added?.id });
  });

  it("adds none to a client that is not there, nor while single sign-on is missing", async () => {
    const { deps, client, credentials } = await made();
    expect(await addClientSecret(generic, "id-0", deps, by)).toEqual({ kind: "unknown" });
    expect(await addClientSecret(waiting, client.id, deps, by)).toEqual({ kind: "sso-inactive" });
    expect(credentials).toHaveLength(1);
  });
});

describe("a revocation", () => {
  it("says in the journal what it ended and when", async () => {
    const { deps, client, entries } = await made();
    const [secret] = client.secrets;
    const id = secret?.id ?? "";
    expect(await revokeClientSecret(client.id, id, deps, by)).toBe("revoked");
    expect(await revokeClientSecret("id-0", id, deps, by)).toBe("unknown");
    expect(await revokeClient(client.id, deps, by)).toBe("revoked");
    const ended = { ...by, operation: "key", status: 204 };
    expect(entries[1]).toMatchObject({ ...ended, resourceType: "ClientSecret", resourceId: id });
    expect(entries[3]).toMatchObject({ ...ended, resourceType: "Client", resourceId: client.id });
    expect(entries[3]?.diff).toEqual([{ attribute: "revokedAt", after: expect.any(String) }]);
  });
});

const SECRET = mintToken(new Uint8Array(32).fill(7), "client-secret");

/** A deployment with one tenant, one client and one secret. */
function deployment({
  credential = {},
  tenant = {},
  fencedTimes = 0,
}: {
  credential?: Partial<Admission["credential"]>;
  tenant?: Partial<Admission["tenant"]>;
  fencedTimes?: number;
} = {}) {
  const asked: { digests: readonly string[]; fresh: boolean }[] = [];
  const granted: NewCredential[] = [];
  let fences = fencedTimes;
  const admission: Admission = {
    digest: "",
    credential: {
      id: "secret-1",
      kind: "client-secret",
      last4: SECRET.slice(-4),
      scopes: ["users:read", "groups:read"],
      expiresAt: null,
      lastUsedAt: null,
      clientId: "client-1",
      ...credential,
    },
    tenant: {
      id: "tenant-1",
      key: 1,
      slug: "acme",
      status: "active",
      isMoving: false,
      ...generic,
      database: "DB",
      epoch: 1,
      catalogueVersion: 0,
      ...tenant,
    },
  };
  const deps = {
    ...world().deps,
    peppers: ["new pepper", "old pepper"] as const,
    admissions: {
      async byDigest(digests: readonly string[], { fresh }: { fresh: boolean }) {
        asked.push({ digests, fresh });
        return digests.includes(await digestToken(SECRET, "old pepper")) ? admission : undefined;
      },
    },
    clientsOf: () => ({
      async grant(access: NewCredential) {
        if (fences-- > 0) throw new TenantFenced();
        granted.push(access);
      },
    }),
  };
  const ask = (request: Partial<AccessRequest> = {}) =>
    grantAccess(
      { clientId: "client-1", clientSecret: SECRET, scopes: undefined, ...request },
      deps,
    );
  return { ask, asked, granted };
}

describe("grantAccess", () => {
  it("gives an access token for an hour, that ends with its secret", async () => {
    const { ask, asked, granted } = deployment();
    const grant = await ask();
    if (grant.kind !== "granted") throw new Error(grant.kind);
    expect(isWellFormedToken(grant.token, "access")).toBe(true);
    expect(grant.scopes).toEqual(["users:read", "groups:read"]);
    expect(asked).toMatchObject([{ fresh: true }]);
    expect(asked[0]?.digests).toHaveLength(2);
    const [row] = granted;
    expect(row).toMatchObject({
      kind: "access",
      clientId: "client-1",
      parentId: "secret-1",
      last4: SECRET.slice(-4),
      digest: `digest of ${grant.token}`,
    });
    const life = Date.parse(row?.expiresAt ?? "") - Date.parse(row?.createdAt ?? "");
    expect(Math.abs(life - 3_600_000)).toBeLessThanOrEqual(1000);
  });

  it.each(["", "x", "Bearer", SECRET.slice(0, -1), `${SECRET} `, SECRET.toLowerCase()])(
    "asks no store about the secret %j",
    async (clientSecret) => {
      const { ask, asked } = deployment();
      expect(await ask({ clientSecret })).toEqual({ kind: "refused", reason: "malformed-secret" });
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ["unknown-secret", {}, { clientSecret: mintToken(new Uint8Array(32), "client-secret") }],
    ["unknown-secret", { kind: "token" }, {}],
    ["unknown-secret", { kind: "access" }, {}],
    ["unknown-secret", { kind: "admin" }, {}],
    ["secret-of-another-client", {}, { clientId: "client-2" }],
    ["secret-of-another-client", { clientId: null }, { clientId: "" }],
    ["expired-secret", { expiresAt: "2026-11-22T10:00:00.000Z" }, {}],
    ["expired-secret", { expiresAt: "soon" }, {}],
  ] as const)("refuses with %s for %j and %j", async (reason, credential, request) => {
    const { ask, granted } = deployment({ credential });
    expect(await ask(request)).toEqual({ kind: "refused", reason });
    expect(granted).toEqual([]);
  });

  it.each([
    [["users:read"], ["users:read"]],
    [
      ["groups:read", "users:read", "users:read"],
      ["users:read", "groups:read"],
    ],
  ])("for the scopes %j gives %j", async (scopes, expected) => {
    const { ask, granted } = deployment();
    expect(await ask({ scopes })).toMatchObject({ kind: "granted", scopes: expected });
    expect(granted).toMatchObject([{ scopes: expected }]);
  });

  it.each([[["users:write"]], [["users:read", "users:write"]], [["all"]]])(
    "gives nothing for the scopes %j",
    async (scopes) => {
      const { ask, granted } = deployment();
      expect(await ask({ scopes })).toMatchObject({ kind: "beyond-scopes" });
      expect(granted).toEqual([]);
    },
  );

  it.each([
    ["sso-inactive", waiting],
    ["moving", { isMoving: true, status: "paused" }],
    ["granted", { status: "paused" }],
    ["granted", { status: "suspended" }],
  ] as const)("is %s for a tenant that is %j", async (kind, tenant) => {
    const { ask, granted } = deployment({ tenant });
    expect(await ask()).toMatchObject({ kind });
    expect(granted).toHaveLength(kind === "granted" ? 1 : 0);
  });

  it("looks again when the tenant has changed in between, and gives up in the end", async () => {
    const changed = deployment({ fencedTimes: 4 });
    expect(await changed.ask()).toMatchObject({ kind: "granted" });
    expect(changed.asked).toHaveLength(5);
    expect(changed.granted).toHaveLength(1);
    const always = deployment({ fencedTimes: 99 });
    await expect(always.ask()).rejects.toThrow(StorageUnavailable);
  });
});
