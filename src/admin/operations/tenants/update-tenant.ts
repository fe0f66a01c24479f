import * as z from "zod/mini";

import { TenantChange, updateTenant } from "../../../tenancy/update-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TenantView, tenantView } from "../../tenant-view.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";
import { onlyForTheOperator } from "./operator-fields.ts";

export const updateTenantOperation = defineOperation(
  {
    id: "updateTenant",
    method: "patch",
    path: "/tenants/{slug}",
    status: 200,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    // Named here so that a tenant's administrator hears who may, and the operator that it cannot be done.
    body: z.extend(TenantChange, {
      slug: z.optional(z.unknown()),
      preset: z.optional(z.unknown()),
    }),
    answer: TenantView,
  },
  async ({ params, body }, deps, caller) => {
    const refusal = onlyForTheOperator(caller.principal, body);
    if (refusal) return refusal;
    const { slug, preset, ...change } = body;
    const fixed = Object.entries({ slug, preset }).filter(([, value]) => value !== undefined);
    if (fixed.length > 0) {
      const message = "It is chosen when the tenant is made, and stays.";
      return { kind: "invalid", errors: fixed.map(([path]) => ({ path, message })) };
    }
    const outcome = await updateTenant(params.slug, change, deps, askedBy(caller));
    switch (outcome.kind) {
      case "updated":
        if (outcome.recompute) deps.recomputePeople(outcome.recompute);
        return { kind: "done", answer: tenantView(outcome.tenant, deps.publicUrl) };
      case "shared-addresses":
        return {
          kind: "conflict",
          detail: `${outcome.people} people of this tenant share an email address with somebody else, so addresses cannot become unique (uniqueEmail). Give each of them an address of their own first. Nothing was changed.`,
        };
      case "unknown":
        return noSuchTenant;
    }
  },
);
