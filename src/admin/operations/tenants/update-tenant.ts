import { TenantChange, updateTenant } from "../../../tenancy/update-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TenantView, tenantView } from "../../tenant-view.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const updateTenantOperation = defineOperation(
  {
    id: "updateTenant",
    method: "patch",
    path: "/tenants/{slug}",
    summary: "Change a tenant, its status or its settings",
    principals: ["operator"],
    status: 200,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: TenantChange,
    answer: TenantView,
  },
  async ({ params, body }, deps, { principal, requestId }) => {
    const actor = { kind: "admin", id: principal.kind, hint: principal.hint } as const;
    const outcome = await updateTenant(params.slug, body, deps, { actor, requestId });
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
