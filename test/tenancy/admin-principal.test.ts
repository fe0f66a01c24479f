import { beforeEach, describe, expect, it } from "vitest";

import {
  type AdminAuthenticationDeps,
  authenticateAdmin,
} from "../../src/tenancy/admin-principal.ts";
import type { Admission, CredentialKind } from "../../src/tenancy/credential.ts";
import { digestToken } from "../../src/tenancy/digest.ts";
import { mintToken } from "../../src/tenancy/token.ts";
import { StorageUnavailable } from "../../src/tenancy/unavailable.ts";

const NOW = Date.parse("2026-11-22T10:00:00.000Z");
const NEW = "new-admin-key-of-this-test-0123456789";
const OLD = "old-admin-key-of-this-test-0123456789";
const PEPPER = "new-pepper-of-this-test-0123456789abcdef";
const OLD_PEPPER = "old-pepper-of-this-test-0123456789abcdef";
const random = (byte: number) => new Uint8Array(32).fill(byte);
const TENANT_KEY = mintToken(random(1), "admin");

const admissionOf = (kind: CredentialKind, expiresAt: string | null = null): Admission => ({
  digest: "",
  credential: {
    id: "credential-of-acme",
    kind,
    last4: "abcd",
    scopes: [],
    expiresAt,
    lastUsedAt: null,
    clientId: null,
  },
  tenant: {
    id: "id-of-acme",
    key: 1,
    slug: "acme",
    status: "active",
    isMoving: false,
    preset: "generic",
    overrides: {},
    database: "DB",
    epoch: 1,
    catalogueVersion: 0,
  },
});

function world() {
  const stored = new Map<string, Admission>();
  const asked: { digests: readonly string[]; fresh: boolean }[] = [];
  const noted: string[] = [];
  const deps: AdminAuthenticationDeps = {
    adminKeys: [NEW, OLD],
    peppers: [PEPPER, OLD_PEPPER],
    admissions: {
      async byDigest(digests, { fresh }) {
        asked.push({ digests, fresh });
        return digests.map((digest) => stored.get(digest)).find((found) => found);
      },
    },
    clock: { now: () => NOW },
    noteUse: ({ credential }) => void noted.push(credential.id),
    access: async (assertion) => (assertion === "good" ? { email: "ada@example.com" } : undefined),
  };
  return { deps, stored, asked, noted };
}

let here: ReturnType<typeof world>;
beforeEach(() => {
  here = world();
});

const byHeader = (header: string | null, deps = here.deps) =>
  authenticateAdmin({ header, assertion: null }, deps);

describe("the operator's key", () => {
  it.each([`Bearer ${NEW}`, `Bearer ${OLD}`, OLD])(
    "admits %j without asking a store",
    async (header) => {
      expect(await byHeader(header)).toEqual({
        kind: "admitted",
        principal: { kind: "operator", id: "operator", hint: "operator" },
      });
      expect(here.asked).toEqual([]);
    },
  );

  it.each([
    [null, "no-authorization"],
    ["Bearer ", "empty-bearer"],
    [`Basic ${NEW}`, "other-scheme"],
    [`Bearer ${NEW}x`, "unknown-key"],
    [`Bearer ${NEW.slice(0, -1)}`, "unknown-key"],
    [`Bearer ${NEW.toUpperCase()}`, "unknown-key"],
    [`Bearer ${NEW},${OLD}`, "two-headers"],
    [`Bearer ${mintToken(random(1))}`, "unknown-key"],
    [`Bearer ${mintToken(random(1), "client-secret")}`, "unknown-key"],
    [`Bearer ${mintToken(random(1), "setup-link")}`, "unknown-key"],
  ])("refuses %j without asking a store: %s", async (header, reason) => {
    expect(await byHeader(header)).toEqual({ kind: "refused", reason });
    expect(here.asked).toEqual([]);
  });

  it("admits nobody while there is none", async () => {
    expect((await byHeader(`Bearer ${NEW}`, { ...here.deps, adminKeys: [] })).kind).toBe("refused");
    expect((await byHeader("Bearer ", { ...here.deps, adminKeys: [""] })).kind).toBe("refused");
  });
});

describe("the key of a tenant", () => {
  const header = `Bearer ${TENANT_KEY}`;

  it.each([
    ["admin", PEPPER],
    ["reader", PEPPER],
    ["admin", OLD_PEPPER],
  ] as const)("stands for an %s of its tenant, stored under %s", async (kind, pepper) => {
    here.stored.set(await digestToken(TENANT_KEY, pepper), admissionOf(kind));
    expect(await byHeader(header)).toEqual({
      kind: "admitted",
      principal: {
        kind,
        id: "credential-of-acme",
        hint: "abcd",
        tenant: { id: "id-of-acme", slug: "acme" },
      },
    });
    expect(here.noted).toEqual(["credential-of-acme"]);
  });

  it("is looked up past the cache, under the newest pepper first", async () => {
    await byHeader(header);
    const digests = [
      await digestToken(TENANT_KEY, PEPPER),
      await digestToken(TENANT_KEY, OLD_PEPPER),
    ];
    expect(here.asked).toEqual([{ digests, fresh: true }]);
  });

  it.each(["token", "access", "client-secret", "setup-link"] as const)(
    "admits nobody when its row is one of kind %s",
    async (kind) => {
      here.stored.set(await digestToken(TENANT_KEY, PEPPER), admissionOf(kind));
      expect(await byHeader(header)).toEqual({ kind: "refused", reason: "unknown-key" });
      expect(here.noted).toEqual([]);
    },
  );

  it("is refused when it was never issued, or has expired", async () => {
    expect(await byHeader(header)).toEqual({ kind: "refused", reason: "unknown-key" });
    const ended = admissionOf("admin", "2026-11-22T10:00:00.000Z");
    here.stored.set(await digestToken(TENANT_KEY, PEPPER), ended);
    expect(await byHeader(header)).toEqual({ kind: "refused", reason: "expired-key" });
    expect(here.noted).toEqual([]);
  });

  it("lets a database that cannot answer be known", async () => {
    const byDigest = () => Promise.reject(new StorageUnavailable(5));
    const deps = { ...here.deps, admissions: { byDigest } };
    await expect(byHeader(header, deps)).rejects.toThrow(StorageUnavailable);
  });
});

describe("an assertion of Cloudflare Access", () => {
  it("makes whom it speaks of an operator, by name in the journal", async () => {
    expect(await authenticateAdmin({ header: null, assertion: "good" }, here.deps)).toEqual({
      kind: "admitted",
      principal: { kind: "operator", id: "operator", hint: "ada@example.com" },
    });
  });

  it("that is no good is refused", async () => {
    expect(await authenticateAdmin({ header: null, assertion: "bad" }, here.deps)).toEqual({
      kind: "refused",
      reason: "access-refused",
    });
  });

  it.each([
    ["Bearer ", "empty-bearer"],
    [`Bearer ${NEW}x`, "unknown-key"],
  ])("is not looked at beside the header %j", async (header, reason) => {
    expect(await authenticateAdmin({ header, assertion: "good" }, here.deps)).toEqual({
      kind: "refused",
      reason,
    });
  });

  it("counts for nothing where Access is not set up", async () => {
    const deps = { ...here.deps, access: undefined };
    expect(await authenticateAdmin({ header: null, assertion: "good" }, deps)).toEqual({
      kind: "refused",
      reason: "no-authorization",
    });
  });
});
