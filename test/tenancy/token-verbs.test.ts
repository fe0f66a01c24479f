import { describe, expect, it } from "vitest";

import { issueToken, NewTokenInput } from "../../src/tenancy/issue-token.ts";
import { revokeToken } from "../../src/tenancy/revoke-token.ts";
import { SCOPES } from "../../src/tenancy/scopes.ts";
import { isWellFormedToken } from "../../src/tenancy/token.ts";
import { inMemoryCredentials } from "./in-memory-stores.ts";

const generic = { preset: "generic", overrides: {} } as const;

function world() {
  const store = inMemoryCredentials();
  let now = Date.parse("2026-11-22T10:00:00.000Z");
  let last = 0;
  const deps = {
    credentials: store.credentials,
    digest: async (token: string) => ({ digest: `digest of ${token}`, pepperId: "0badcafe" }),
    clock: { now: () => (now += 1000) },
    ids: { next: () => `id-${++last}` },
    randomBytes: (count: number) => new Uint8Array(count).fill(++last),
  };
  return { ...store, deps };
}

describe("issueToken", () => {
  it("hands out a token of ours and stores its digest only", async () => {
    const { deps, added } = world();
    const outcome = await issueToken(generic, NewTokenInput.parse({ name: "Entra" }), deps);
    if (outcome.kind !== "issued") throw new Error(outcome.kind);
    const { token, details } = outcome;
    expect(isWellFormedToken(token)).toBe(true);
    expect(details).toMatchObject({
      name: "Entra",
      last4: token.slice(-4),
      scopes: SCOPES,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    expect(JSON.stringify(details)).not.toContain("digest");
    expect(added).toMatchObject([
      { id: details.id, digest: `digest of ${token}`, pepperId: "0badcafe" },
    ]);
    expect(Object.values(added[0] ?? {})).not.toContain(token);
  });

  it("keeps scopes once each and in one order, and the time in UTC", async () => {
    const { deps, added } = world();
    const input = NewTokenInput.parse({
      name: "Entra",
      scopes: ["groups:read", "users:read", "users:read"],
      expiresAt: "2027-01-01T01:00:00+01:00",
    });
    await issueToken(generic, input, deps);
    expect(added).toMatchObject([
      { scopes: ["users:read", "groups:read"], expiresAt: "2027-01-01T00:00:00.000Z" },
    ]);
  });

  it.each(["2026-11-22T10:00:01Z", "2020-01-01T00:00:00Z"])(
    "refuses the end %s, which is past",
    async (expiresAt) => {
      const { deps, added } = world();
      const input = NewTokenInput.parse({ name: "Entra", expiresAt });
      expect(await issueToken(generic, input, deps)).toEqual({ kind: "already-expired" });
      expect(added).toEqual([]);
    },
  );

  it.each([
    ["the preset", { preset: "training", overrides: {} }, "sso-inactive"],
    ["the tenant", { preset: "generic", overrides: { ssoRequired: true } }, "sso-inactive"],
    ["nobody", { preset: "training", overrides: { ssoActive: true } }, "issued"],
    ["nobody any more", { preset: "training", overrides: { ssoRequired: false } }, "issued"],
  ] as const)("when %s asks for single sign-on first: %j is %s", async (_who, tenant, kind) => {
    const { deps, added } = world();
    const outcome = await issueToken(tenant, NewTokenInput.parse({ name: "Entra" }), deps);
    expect(outcome.kind).toBe(kind);
    expect(added).toHaveLength(kind === "issued" ? 1 : 0);
  });

  it.each([
    {},
    { name: "" },
    { name: "Entra", scopes: [] },
    { name: "Entra", scopes: ["users:delete"] },
    { name: "Entra", expiresAt: "tomorrow" },
    { name: "Entra", expiresAt: 1_800_000_000 },
    { name: "Entra", token: "mine" },
  ])("has no place for %j", (input) => {
    expect(NewTokenInput.safeParse(input).success).toBe(false);
  });
});

describe("revokeToken", () => {
  it("ends a token and keeps the first time when asked again", async () => {
    const { deps, revoked } = world();
    const issued = await issueToken(generic, NewTokenInput.parse({ name: "Entra" }), deps);
    if (issued.kind !== "issued") throw new Error(issued.kind);
    expect(await revokeToken(issued.details.id, deps)).toBe("revoked");
    const at = revoked.get(issued.details.id);
    expect(at).toMatch(/^2026-11-22T10:00:0\d\.000Z$/);
    expect(await revokeToken(issued.details.id, deps)).toBe("revoked");
    expect(revoked.get(issued.details.id)).toBe(at);
  });

  it("does not know the token of somebody else", async () => {
    const { deps } = world();
    expect(await revokeToken("id-of-another-tenant", deps)).toBe("unknown");
  });
});
