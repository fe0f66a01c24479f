import { describe, expect, it } from "vitest";

import { issueToken, NewTokenInput } from "../../src/tenancy/credentials/issue-token.ts";
import { revokeCredential } from "../../src/tenancy/credentials/revoke-credential.ts";
import { rotateToken, RotateTokenInput } from "../../src/tenancy/credentials/rotate-token.ts";
import { SCOPES } from "../../src/tenancy/scopes.ts";
import { isWellFormedToken } from "../../src/tenancy/token.ts";
import { inMemoryCredentials } from "./in-memory-stores.ts";

const generic = { preset: "generic", overrides: {} } as const;
const by = {
  actor: { kind: "admin", id: "operator", hint: "ada@example.com" },
  requestId: "request-1",
} as const;

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
    const outcome = await issueToken(generic, NewTokenInput.parse({ name: "Entra" }), deps, by);
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
    await issueToken(generic, input, deps, by);
    expect(added).toMatchObject([
      { scopes: ["users:read", "groups:read"], expiresAt: "2027-01-01T00:00:00.000Z" },
    ]);
  });

  it.each(["2026-11-22T10:00:01Z", "2020-01-01T00:00:00Z"])(
    "refuses the end %s, which is past",
    async (expiresAt) => {
      const { deps, added } = world();
      const input = NewTokenInput.parse({ name: "Entra", expiresAt });
      expect(await issueToken(generic, input, deps, by)).toEqual({ kind: "already-expired" });
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
    const outcome = await issueToken(tenant, NewTokenInput.parse({ name: "Entra" }), deps, by);
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

type World = ReturnType<typeof world>;

async function issued({ deps }: World, fields: object = {}) {
  const input = NewTokenInput.parse({ name: "Entra", ...fields });
  const outcome = await issueToken(generic, input, deps, by);
  if (outcome.kind !== "issued") throw new Error(outcome.kind);
  return outcome.details;
}

const rotate = ({ deps }: World, id: string, input: object = {}) =>
  rotateToken(generic, id, RotateTokenInput.parse(input), deps, by);

describe("rotateToken", () => {
  it("hands out a successor with the name and the scopes of the old one, which ends after a week", async () => {
    const here = world();
    const old = await issued(here, { scopes: ["users:read"] });
    const outcome = await rotate(here, old.id);
    if (outcome.kind !== "rotated") throw new Error(outcome.kind);
    expect(isWellFormedToken(outcome.token)).toBe(true);
    expect(outcome.details).toMatchObject({
      name: "Entra",
      scopes: ["users:read"],
      expiresAt: null,
      revokedAt: null,
    });
    expect(outcome.details.id).not.toBe(old.id);
    expect(here.added[1]).toMatchObject({ kind: "token", digest: `digest of ${outcome.token}` });
    const [{ id, expiresAt } = { id: "", expiresAt: "" }] = here.rotated;
    expect(id).toBe(old.id);
    const { createdAt } = outcome.details;
    const hours = (Date.parse(expiresAt) - Date.parse(createdAt)) / 3_600_000;
    expect(Math.round(hours)).toBe(168);
  });

  it("is one row of the journal, about the old one", async () => {
    const here = world();
    const old = await issued(here);
    const outcome = await rotate(here, old.id, { overlapHours: 0 });
    if (outcome.kind !== "rotated") throw new Error(outcome.kind);
    expect(here.entries.slice(1)).toMatchObject([
      {
        ...by,
        operation: "token",
        resourceType: "Token",
        resourceId: old.id,
        outcome: "applied",
        diff: [
          { attribute: "successor", after: outcome.details.id },
          { attribute: "expiresAt", before: null, after: here.rotated[0]?.expiresAt },
        ],
      },
    ]);
  });

  it.each([
    ["nothing, again", undefined, null],
    ["a year, again", "2027-11-22T10:00:00Z", 365],
  ])("gives the successor the life span of the old one: %s", async (_what, expiresAt, days) => {
    const here = world();
    const old = await issued(here, { expiresAt });
    for (const overlapHours of [720, 168]) {
      const outcome = await rotate(here, old.id, { overlapHours });
      if (outcome.kind !== "rotated") throw new Error(outcome.kind);
      const { createdAt, expiresAt: end } = outcome.details;
      const life = end === null ? null : Date.parse(end) - Date.parse(createdAt);
      expect(life === null ? null : Math.round(life / 86_400_000)).toBe(days);
    }
  });

  it("does not lengthen the life of the old one", async () => {
    const here = world();
    const old = await issued(here, { expiresAt: "2026-11-23T10:00:00Z" });
    await rotate(here, old.id);
    expect(here.rotated).toEqual([{ id: old.id, expiresAt: "2026-11-23T10:00:00.000Z" }]);
    expect(here.entries.at(-1)?.diff).toEqual([
      { attribute: "successor", after: expect.any(String) },
    ]);
  });

  it("refuses the token of somebody else, one that was revoked and one that has ended", async () => {
    const here = world();
    expect(await rotate(here, "id-of-another-tenant")).toEqual({ kind: "unknown" });
    const revoked = await issued(here);
    await revokeCredential(revoked.id, ["token"], here.deps, by);
    expect(await rotate(here, revoked.id)).toEqual({ kind: "ended" });
    const ended = await issued(here);
    await rotate(here, ended.id, { overlapHours: 0 });
    expect(await rotate(here, ended.id)).toEqual({ kind: "ended" });
  });

  it("refuses while single sign-on is required and not active", async () => {
    const here = world();
    const { id } = await issued(here);
    const waiting = { preset: "training", overrides: {} } as const;
    const input = RotateTokenInput.parse({});
    expect(await rotateToken(waiting, id, input, here.deps, by)).toEqual({ kind: "sso-inactive" });
    expect(here.added).toHaveLength(1);
  });

  it.each([{ overlapHours: -1 }, { overlapHours: 1.5 }, { overlapHours: 2161 }, { name: "x" }])(
    "has no place for %j",
    (input) => {
      expect(RotateTokenInput.safeParse(input).success).toBe(false);
    },
  );
});

describe("revokeCredential", () => {
  it("ends a token and keeps the first time when asked again", async () => {
    const here = world();
    const { id } = await issued(here);
    expect(await revokeCredential(id, ["token"], here.deps, by)).toBe("revoked");
    const at = here.revoked.get(id);
    expect(at).toMatch(/^2026-11-22T10:00:0\d\.000Z$/);
    expect(await revokeCredential(id, ["token"], here.deps, by)).toBe("revoked");
    expect(here.revoked.get(id)).toBe(at);
    expect(here.entries.map(({ operation, status }) => [operation, status])).toEqual([
      ["token", 201],
      ["token", 204],
    ]);
  });

  it("does not know the token of somebody else, nor one as a key", async () => {
    const here = world();
    expect(await revokeCredential("id-of-another-tenant", ["token"], here.deps, by)).toBe(
      "unknown",
    );
    const { id } = await issued(here);
    expect(await revokeCredential(id, ["admin", "reader"], here.deps, by)).toBe("unknown");
    expect(here.revoked.size).toBe(0);
  });
});
