import { describe, expect, it } from "vitest";

import { createTenant, NewTenantInput } from "../../src/tenancy/create-tenant.ts";
import { ensureDefaultTenant } from "../../src/tenancy/ensure-default-tenant.ts";
import { TenantFenced } from "../../src/tenancy/fence.ts";
import { StorageUnavailable } from "../../src/tenancy/unavailable.ts";
import { TenantChange, updateTenant } from "../../src/tenancy/update-tenant.ts";
import { withLiveTenant } from "../../src/tenancy/with-live-tenant.ts";
import { inMemoryTenants } from "./in-memory-stores.ts";

const BY = {
  actor: { kind: "admin", id: "operator", hint: "ada@example.com" },
  requestId: "request-1",
} as const;

function world() {
  const store = inMemoryTenants();
  let last = 0;
  const clock = { now: () => Date.parse("2026-11-22T10:00:00.000Z") };
  const ids = { next: () => `id-${++last}` };
  return { ...store, deps: { tenants: store.tenants, clock, ids } };
}

describe("NewTenantInput", () => {
  it("fills in what is left out", () => {
    expect(NewTenantInput.parse({ slug: "acme", name: "  Acme  " })).toEqual({
      slug: "acme",
      name: "Acme",
      organisation: null,
      preset: "generic",
      settings: {},
    });
  });

  it.each([
    ["an underscore", { slug: "ac_me", name: "Acme" }],
    ["capitals", { slug: "Acme", name: "Acme" }],
    ["a slash", { slug: "acme/x", name: "Acme" }],
    ["a newline after the slug", { slug: "acme\n", name: "Acme" }],
    ["64 characters", { slug: "a".repeat(64), name: "Acme" }],
    ["an empty slug", { slug: "", name: "Acme" }],
    ["a blank name", { slug: "acme", name: "  " }],
    ["a long name", { slug: "acme", name: "x".repeat(257) }],
    ["NUL in the name", { slug: "acme", name: "Ac\0me" }],
    ["half a character in the name", { slug: "acme", name: "Ac\ud800me" }],
    ["an unknown preset", { slug: "acme", name: "Acme", preset: "none" }],
    ["an unknown setting", { slug: "acme", name: "Acme", settings: { colour: "red" } }],
    ["an unknown field", { slug: "acme", name: "Acme", id: "mine" }],
  ])("refuses %s", (_what, input) => {
    expect(NewTenantInput.safeParse(input).success).toBe(false);
  });
});

describe("createTenant", () => {
  it("makes an active tenant with the preset's settings under its own", async () => {
    const { deps, stored } = world();
    const input = NewTenantInput.parse({
      slug: "acme",
      name: "Acme",
      preset: "training",
      settings: { ssoActive: true },
    });
    expect(await createTenant(input, deps, BY)).toMatchObject({
      kind: "created",
      tenant: {
        id: "id-1",
        status: "active",
        createdAt: "2026-11-22T10:00:00.000Z",
        settings: { ssoRequired: true, ssoActive: true, groups: "departments" },
      },
    });
    expect(stored.get("acme")?.overrides).toEqual({ ssoActive: true });
  });

  it("begins the journal with what was chosen, and with no address of a person", async () => {
    const { deps, entries } = world();
    const settings = { ssoRequired: true, ssoActive: true, notifyEmail: "ada@example.com" };
    const fields = { slug: "acme", name: "Acme", organisation: "Group", preset: "training" };
    await createTenant(NewTenantInput.parse({ ...fields, settings }), deps, BY);
    expect(entries).toStrictEqual([
      {
        ...BY,
        at: "2026-11-22T10:00:00.000Z",
        operation: "create",
        resourceType: "Tenant",
        resourceId: "id-1",
        outcome: "applied",
        status: 201,
        scimType: null,
        reason: null,
        diff: [
          { attribute: "slug", after: "acme" },
          { attribute: "name", after: "Acme" },
          { attribute: "organisation", after: "Group" },
          { attribute: "preset", after: "training" },
          { attribute: "ssoActive", after: true },
          { attribute: "notifyEmail", after: { count: 1 } },
        ],
      },
    ]);
  });

  it("says that a slug is taken", async () => {
    const { deps } = world();
    const input = NewTenantInput.parse({ slug: "acme", name: "Acme" });
    await createTenant(input, deps, BY);
    expect(await createTenant(input, deps, BY)).toEqual({ kind: "duplicate" });
  });
});

describe("ensureDefaultTenant", () => {
  it("makes the tenant once, with the strict preset", async () => {
    const { deps, stored, entries } = world();
    expect(await ensureDefaultTenant("demo", deps)).toBe("created");
    expect(await ensureDefaultTenant("demo", deps)).toBe("present");
    expect(entries).toMatchObject([{ actor: { kind: "job", hint: "SCIM_TOKEN" }, status: 201 }]);
    expect(stored.get("demo")).toMatchObject({ preset: "generic", overrides: {}, name: "demo" });
  });

  it.each(["", "De mo", "../x"])("makes nothing of %j", async (slug) => {
    const { deps, stored } = world();
    expect(await ensureDefaultTenant(slug, deps)).toBe("not-a-slug");
    expect(stored.size).toBe(0);
  });
});

describe("updateTenant", () => {
  async function acme() {
    const here = world();
    const settings = { groups: "off", deactivationGuard: null } as const;
    const input = NewTenantInput.parse({
      slug: "acme",
      name: "Acme",
      organisation: "Group",
      settings,
    });
    await createTenant(input, here.deps, BY);
    return here;
  }
  const by = {
    actor: { kind: "admin", id: "operator", hint: "cdef" },
    requestId: "request-1",
  } as const;
  const update = (change: unknown, deps: ReturnType<typeof world>["deps"]) =>
    updateTenant("acme", TenantChange.parse(change), deps, by);

  it("merges settings into those chosen before", async () => {
    const { deps, stored } = await acme();
    const guard = { percent: 10, people: 5, windowMinutes: 60 };
    await update({ settings: { deactivationGuard: guard } }, deps);
    expect(stored.get("acme")?.overrides).toEqual({ groups: "off", deactivationGuard: guard });
    const outcome = await update({ settings: { deactivationGuard: null } }, deps);
    expect(outcome).toMatchObject({
      tenant: { settings: { groups: "off", deactivationGuard: null } },
    });
  });

  it("changes only what is named", async () => {
    const { deps, updates } = await acme();
    await update({ status: "paused" }, deps);
    await update({ organisation: null }, deps);
    expect(updates).toEqual([{ status: "paused" }, { organisation: null }]);
  });

  it.each([
    {},
    { name: "Acme" },
    { organisation: "Group", status: "active" },
    { settings: {} },
    { settings: { groups: "off" } },
  ])("writes nothing for %j, which is so already", async (value) => {
    const { deps, updates } = await acme();
    expect((await update(value, deps)).kind).toBe("updated");
    expect(updates).toEqual([]);
  });

  it("tells the journal what is in force before and after, the preset's values included", async () => {
    const { deps, entries } = await acme();
    await update({ status: "paused", settings: { groups: "plain", uniqueEmail: true } }, deps);
    expect(entries.slice(1)).toEqual([
      {
        ...by,
        at: "2026-11-22T10:00:00.000Z",
        operation: "settings",
        resourceType: "Tenant",
        resourceId: "id-1",
        outcome: "applied",
        status: 200,
        scimType: null,
        reason: null,
        diff: [
          { attribute: "status", before: "active", after: "paused" },
          { attribute: "uniqueEmail", before: false, after: true },
          { attribute: "groups", before: "off", after: "plain" },
        ],
      },
    ]);
  });

  it("says where people are to be recomputed, and only then", async () => {
    const { deps } = await acme();
    expect(await update({ settings: { email: "username" } }, deps)).toMatchObject({
      recompute: { key: 1, database: "DB" },
    });
    expect(await update({ settings: { groups: "plain" } }, deps)).toMatchObject({
      recompute: undefined,
    });
  });

  it("does not know a tenant that is not there", async () => {
    const { deps } = world();
    expect(await update({ name: "New" }, deps)).toEqual({ kind: "unknown" });
  });

  it.each([
    { slug: "other" },
    { preset: "training" },
    { status: "deleted" },
    { settings: { colour: "red" } },
    { settings: { groups: "some" } },
    { settings: { deactivationGuard: { percent: 10 } } },
  ])("has no place for %j", (value) => {
    expect(TenantChange.safeParse(value).success).toBe(false);
  });
});

describe("withLiveTenant", () => {
  async function fencedTimes(times: number) {
    const { deps } = world();
    await createTenant(NewTenantInput.parse({ slug: "acme", name: "Acme" }), deps, BY);
    let runs = 0;
    const result = withLiveTenant("acme", deps.tenants, async (tenant) => {
      runs += 1;
      if (runs <= times) throw new TenantFenced();
      return `${tenant.slug} after ${runs}`;
    });
    return { result };
  }

  it("runs again when the tenant changed in between", async () => {
    await expect((await fencedTimes(0)).result).resolves.toBe("acme after 1");
    await expect((await fencedTimes(4)).result).resolves.toBe("acme after 5");
  });

  it("gives up when it changes without end", async () => {
    await expect((await fencedTimes(5)).result).rejects.toThrow(StorageUnavailable);
  });

  it("lets other errors through and does not know a tenant that is not there", async () => {
    const { deps } = world();
    expect(await withLiveTenant("acme", deps.tenants, async () => "ran")).toBeUndefined();
    await createTenant(NewTenantInput.parse({ slug: "acme", name: "Acme" }), deps, BY);
    const broken = withLiveTenant("acme", deps.tenants, async () => {
      throw new RangeError("a bug");
    });
    await expect(broken).rejects.toThrow(RangeError);
  });
});
