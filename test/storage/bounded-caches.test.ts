import { env } from "cloudflare:workers";
import type { Context } from "hono";
import { describe, expect, it } from "vitest";

import { rememberPeople } from "../../src/http/note-read.ts";
import type { ScimEnv } from "../../src/http/scim-env.ts";
import {
  resourceTypesFor,
  type CompiledCatalogues,
} from "../../src/storage/catalogue/catalogue-cache.ts";
import {
  admissionCache,
  type RememberedAdmissions,
} from "../../src/storage/tenancy/admission-cache.ts";
import type { Admission } from "../../src/tenancy/credential.ts";
import type { LiveTenant } from "../../src/tenancy/tenant.ts";
import { mintTenant } from "../mint-tenant.ts";

const tenantNumber = (key: number): LiveTenant => ({
  id: `tenant-${key}`,
  key,
  slug: `tenant-${key}`,
  status: "active",
  isMoving: false,
  preset: "generic",
  overrides: {},
  database: "DB",
  epoch: 1,
  catalogueVersion: 0,
});

describe("what an isolate remembers", () => {
  it("of tenants' own schemas is at most 100 of them", async () => {
    const compiled: CompiledCatalogues = new Map();
    const { key, tenantId } = await mintTenant();
    const state = await env.DB.prepare("SELECT epoch FROM tenant_states WHERE tenant_key = ?")
      .bind(key)
      .first<{ epoch: number }>();
    const tenant = { ...tenantNumber(key), id: tenantId, epoch: state?.epoch ?? 0 };
    for (let catalogueVersion = 1; catalogueVersion <= 120; catalogueVersion++) {
      await resourceTypesFor(env.DB, { ...tenant, catalogueVersion }, compiled);
    }
    expect(compiled.size).toBe(100);
    expect([...compiled.keys()].every((name) => name.startsWith(`${tenantId} `))).toBe(true);
  });

  it("of credentials is at most 1,000 of them, each with its tenant, and the oldest goes first", async () => {
    const namespace = new Proxy(env.TOKENS, { get: () => () => Promise.resolve(null) });
    const remembered: RememberedAdmissions = new WeakMap();
    const cache = admissionCache(namespace, remembered);
    const admissionNumber = (key: number): Admission => ({
      digest: `digest-${key}`,
      credential: {
        id: `credential-${key}`,
        kind: "token",
        last4: "abcd",
        scopes: [],
        expiresAt: null,
        lastUsedAt: null,
        clientId: null,
      },
      tenant: tenantNumber(key),
    });
    for (let key = 1; key <= 1100; key++) await cache.put(admissionNumber(key));
    expect(remembered.get(namespace)?.size).toBe(1000);
    expect(await cache.get("digest-100")).toBeUndefined();
    expect(await cache.get("digest-101")).toEqual(admissionNumber(101));
    expect(await cache.get("digest-1100")).toEqual(admissionNumber(1100));
  });

  it("of tenants that have people is at most 10,000 ids", () => {
    const tenantsWithPeople = new Set<string>();
    // The cast's guarantee: nothing else of a request is asked for.
    const requestOf = (id: string) =>
      ({
        env: { tenantsWithPeople },
        var: { authentication: { admission: { tenant: { id } } } },
      }) as unknown as Context<ScimEnv>;
    const sizes = Array.from({ length: 10_050 }, (_, at) => {
      rememberPeople(requestOf(`tenant-${at}`));
      return tenantsWithPeople.size;
    });
    expect(Math.max(...sizes)).toBe(10_000);
    expect(tenantsWithPeople.has("tenant-10049")).toBe(true);
  });
});
