import { TenantChange, updateTenant } from "../../tenancy/update-tenant.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { TenantView, tenantView } from "../tenant-view.ts";
import { noSuchTenant, TenantParams } from "./tenant-params.ts";

export const updateTenantOperation = defineOperation(
  {
    id: "updateTenant",
    method: "patch",
    path: "/tenants/{slug}",
    summary: "Change a tenant, its status or its settings",
    principals: ["operator"],
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: NO_INPUT,
    body: TenantChange,
    answer: TenantView,
  },
  async ({ params, body }, deps) => {
    const outcome = await updateTenant(params.slug, body, deps);
    switch (outcome.kind) {
      case "updated":
        return { kind: "done", answer: tenantView(outcome.tenant, deps.publicUrl) };
      case "unknown":
        return noSuchTenant;
    }
  },
);
