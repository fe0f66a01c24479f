import { createTenant, NewTenantInput } from "../../../tenancy/create-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TenantView, tenantView } from "../../tenant-view.ts";
import { askedBy } from "../asked-by.ts";

export const createTenantOperation = defineOperation(
  {
    id: "createTenant",
    method: "post",
    path: "/tenants",
    status: 201,
    refusals: [409],
    params: NO_INPUT,
    query: NO_INPUT,
    body: NewTenantInput,
    answer: TenantView,
  },
  async ({ body }, deps, caller) => {
    const outcome = await createTenant(body, deps, askedBy(caller));
    switch (outcome.kind) {
      case "created":
        return { kind: "done", answer: tenantView(outcome.tenant, deps.publicUrl) };
      case "duplicate":
        return {
          kind: "conflict",
          detail: `The slug "${body.slug}" is taken. Choose another one.`,
        };
    }
  },
);
