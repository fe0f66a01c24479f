import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TenantView, tenantView } from "../../tenant-view.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const getTenantOperation = defineOperation(
  {
    id: "getTenant",
    method: "get",
    path: "/tenants/{slug}",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: TenantView,
  },
  async ({ params }, deps) => {
    const tenant = await deps.tenants.bySlug(params.slug);
    if (tenant === undefined) return noSuchTenant;
    return { kind: "done", answer: tenantView(tenant, deps.publicUrl) };
  },
);
