import { beforeEach, describe, expect, it } from "vitest";

import { authenticate, type AuthenticationDeps } from "../../src/tenancy/authenticate.ts";
import type { Admission, CredentialKind } from "../../src/tenancy/credential.ts";
import { digestToken } from "../../src/tenancy/digest.ts";
import { mintToken } from "../../src/tenancy/token.ts";
import { StorageUnavailable } from "../../src/tenancy/unavailable.ts";

const NOW = Date.parse("2026-11-22T10:00:00.000Z");
const PEPPER = "new-pepper-of-this-test-0123456789abcdef";
const OLD_PEPPER = "old-pepper-of-this-test-0123456789abcdef";
const ISSUED = mintToken(new Uint8Array(32).fill(1));
const OWN = mintToken(new Uint8Array(32).fill(2));
const OLDER_OWN = mintToken(new Uint8Array(32).fill(3));

function admission(
  slug: string,
  expiresAt: string | null = null,
  kind: CredentialKind = "token",
): Admission {
  return {
    digest: "",
    credential: {
      id: `credential-of-${slug}`,
      kind,
      last4: "abcd",
      scopes: ["users:read"],
      expiresAt,
      lastUsedAt: null,
      clientId: null,
    },
    tenant: {
      id: `id-of-${slug}`,
      key: 1,
      slug,
      status: "active",
      isMoving: false,
      preset: "generic",
      overrides: {},
      database: "DB",
      epoch: 1,
      catalogueVersion: 0,
    },
  };
}

/** Keeps what a cache would keep: every admission that was ever found, under its digest. */
function world() {
  const credentials = new Map<string, Admission>();
  const tenants = new Set<string>();
  const cache = new Map<string, Admission>();
  const calls: string[] = [];

  const deps: AuthenticationDeps = {
    peppers: [PEPPER, OLD_PEPPER],
    deploymentTokens: [OWN, OLDER_OWN],
    defaultTenant: "demo",
    clock: { now: () => NOW },
    async ensureDefaultTenant() {
      calls.push("ensureDefaultTenant");
      tenants.add("demo");
    },
    admissions: {
      async byDigest(digests, { fresh }) {
        calls.push(fresh ? "byDigest fresh" : "byDigest");
        const cached = digests.map((digest) => cache.get(digest)).find((found) => found);
        if (cached !== undefined && !fresh) return cached;
        for (const digest of digests) {
          const found = credentials.get(digest);
          if (found === undefined) continue;
          cache.set(digest, found);
          return found;
        }
        return undefined;
      },
      async bySlug(slug, digest, { fresh }) {
        calls.push(fresh ? "bySlug fresh" : "bySlug");
        const found =
          (fresh ? undefined : cache.get(digest)) ??
          (tenants.has(slug) ? admission(slug) : undefined);
        if (found !== undefined) cache.set(digest, found);
        return found;
      },
      async byId() {
        throw new Error("SCIM knows no credential by its id.");
      },
      async noteUse() {},
    },
  };
  return { deps, calls, credentials, tenants, cache };
}

let here: ReturnType<typeof world>;
beforeEach(() => {
  here = world();
});

const bearer = (token: string, slug?: string) => ({ header: `Bearer ${token}`, slug });

describe("authenticate", () => {
  it.each([
    [null, { kind: "unreadable", why: "no-authorization" }],
    ["Bearer ", { kind: "unreadable", why: "empty-bearer" }],
    ["Basic dXNlcjpwYXNz", { kind: "unreadable", why: "other-scheme" }],
    ["Bearer garbage", { kind: "malformed-token" }],
    [`Bearer ${ISSUED.slice(0, -1)}x`, { kind: "malformed-token" }],
    [`Bearer ${mintToken(new Uint8Array(32), "admin")}`, { kind: "malformed-token" }],
    [`Bearer ${mintToken(new Uint8Array(32), "client-secret")}`, { kind: "malformed-token" }],
    [`Bearer ${mintToken(new Uint8Array(32), "setup-link")}`, { kind: "malformed-token" }],
  ])("refuses %j without asking any store", async (header, reason) => {
    expect(await authenticate({ header, slug: undefined }, here.deps)).toEqual({
      kind: "refused",
      reason,
    });
    expect(here.calls).toEqual([]);
  });

  it.each([PEPPER, OLD_PEPPER])("admits a token stored under %s", async (pepper) => {
    here.credentials.set(await digestToken(ISSUED, pepper), admission("acme"));
    expect(await authenticate(bearer(ISSUED), here.deps)).toMatchObject({
      kind: "admitted",
      admission: { tenant: { slug: "acme" } },
    });
  });

  it("asks for the digest under the newest pepper first", async () => {
    const asked: string[] = [];
    const deps: AuthenticationDeps = {
      ...here.deps,
      admissions: {
        ...here.deps.admissions,
        async byDigest(digests) {
          asked.push(...digests);
          return undefined;
        },
      },
    };
    await authenticate(bearer(ISSUED), deps);
    expect(asked).toEqual([
      await digestToken(ISSUED, PEPPER),
      await digestToken(ISSUED, OLD_PEPPER),
    ]);
  });

  it("refuses a token that was never issued", async () => {
    expect(await authenticate(bearer(ISSUED), here.deps)).toEqual({
      kind: "refused",
      reason: { kind: "unknown-token" },
    });
  });

  it.each([
    ["token", "admitted"],
    ["access", "admitted"],
    ["client-secret", "refused"],
    ["admin", "refused"],
    ["reader", "refused"],
    ["setup-link", "refused"],
  ] as const)("judges a row of kind %s as %s, whatever its prefix was", async (kind, outcome) => {
    here.credentials.set(await digestToken(ISSUED, PEPPER), admission("acme", null, kind));
    expect((await authenticate(bearer(ISSUED), here.deps)).kind).toBe(outcome);
  });

  it.each([
    ["2026-11-22T10:00:00.001Z", "admitted"],
    ["2026-11-22T11:00:00.001+01:00", "admitted"],
    ["2026-11-22T10:00:00.000Z", "refused"],
    ["2026-11-22T09:59:59.999Z", "refused"],
    ["some day", "refused"],
  ])("judges a token that expires at %s as %s", async (expiresAt, kind) => {
    here.credentials.set(await digestToken(ISSUED, PEPPER), admission("acme", expiresAt));
    expect((await authenticate(bearer(ISSUED), here.deps)).kind).toBe(kind);
  });

  it("refuses the token of another tenant than the URL names", async () => {
    here.credentials.set(await digestToken(ISSUED, PEPPER), admission("acme"));
    expect((await authenticate(bearer(ISSUED, "acme"), here.deps)).kind).toBe("admitted");
    expect(await authenticate(bearer(ISSUED, "globex"), here.deps)).toEqual({
      kind: "refused",
      reason: { kind: "other-tenant", credentialId: "credential-of-acme", tenantId: "id-of-acme" },
    });
  });

  it("carries the status of the tenant and does not judge it", async () => {
    const active = admission("acme");
    here.credentials.set(await digestToken(ISSUED, PEPPER), {
      ...active,
      tenant: { ...active.tenant, status: "suspended" },
    });
    expect(await authenticate(bearer(ISSUED), here.deps)).toMatchObject({
      kind: "admitted",
      admission: { tenant: { status: "suspended" } },
    });
  });

  it("passes over the cache when it readmits, and finds out what happened since", async () => {
    const digest = await digestToken(ISSUED, PEPPER);
    here.credentials.set(digest, admission("acme"));
    const first = await authenticate(bearer(ISSUED), here.deps);
    here.credentials.delete(digest);
    expect((await authenticate(bearer(ISSUED), here.deps)).kind).toBe("admitted");
    expect(first.kind === "admitted" && (await first.readmit()).kind).toBe("refused");
    expect(here.calls).toEqual(["byDigest", "byDigest", "byDigest fresh"]);
  });

  it("lets a database that cannot answer be known", async () => {
    const deps: AuthenticationDeps = {
      ...here.deps,
      admissions: {
        ...here.deps.admissions,
        async byDigest() {
          throw new StorageUnavailable(5);
        },
      },
    };
    await expect(authenticate(bearer(ISSUED), deps)).rejects.toThrow(StorageUnavailable);
  });
});

describe("the deployment's own token", () => {
  it.each([OWN, OLDER_OWN])(
    "is admitted to the default tenant, made on first use",
    async (token) => {
      expect(await authenticate(bearer(token), here.deps)).toMatchObject({
        kind: "admitted",
        admission: { tenant: { slug: "demo" } },
      });
      expect(here.calls).toEqual(["bySlug", "ensureDefaultTenant", "bySlug fresh"]);

      here.calls.length = 0;
      expect((await authenticate(bearer(token, "demo"), here.deps)).kind).toBe("admitted");
      expect(here.calls).toEqual(["bySlug"]);
    },
  );

  it("passes over the cache when it readmits", async () => {
    here.tenants.add("demo");
    const first = await authenticate(bearer(OWN), here.deps);
    expect(first.kind === "admitted" && (await first.readmit()).kind).toBe("admitted");
    expect(here.calls).toEqual(["bySlug", "bySlug fresh"]);
  });

  it("is refused at the URL of another tenant", async () => {
    expect((await authenticate(bearer(OWN, "acme"), here.deps)).kind).toBe("refused");
  });

  it("does not outlive the secret that lists it, whatever the cache keeps", async () => {
    await authenticate(bearer(OWN), here.deps);
    expect(here.cache.size).toBe(1);
    expect(
      await authenticate(bearer(OWN), { ...here.deps, deploymentTokens: [OLDER_OWN] }),
    ).toEqual({
      kind: "refused",
      reason: { kind: "unknown-token" },
    });
  });

  it("does not reach the tenant that was the default one before", async () => {
    await authenticate(bearer(OWN), here.deps);
    here.tenants.add("next");
    expect(await authenticate(bearer(OWN), { ...here.deps, defaultTenant: "next" })).toMatchObject({
      admission: { tenant: { slug: "next" } },
    });
  });

  it("is refused while there is no default tenant", async () => {
    expect(await authenticate(bearer(OWN), { ...here.deps, defaultTenant: "" })).toEqual({
      kind: "refused",
      reason: { kind: "no-default-tenant" },
    });
    const deps = { ...here.deps, ensureDefaultTenant: async () => undefined };
    expect(await authenticate(bearer(OWN), deps)).toEqual({
      kind: "refused",
      reason: { kind: "no-default-tenant" },
    });
  });
});
