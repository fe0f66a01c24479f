import * as z from "zod/mini";

import { deleteTenant } from "../../../tenancy/deletion/delete-tenant.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const deleteTenantOperation = defineOperation(
  {
    id: "deleteTenant",
    method: "delete",
    path: "/tenants/{slug}",
    status: 204,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      confirm: z.string().check(z.describe("The slug of the tenant, once more.")),
    }),
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  async ({ params, query }, deps, { requestId }) => {
    const outcome = await deleteTenant(params.slug, query.confirm, deps);
    switch (outcome.kind) {
      case "deleted":
        // The tenant's own journal goes with it: this line is what is left.
        console.log(JSON.stringify({ event: "tenant-deleted", requestId, tenant: outcome.id }));
        return { kind: "done", answer: undefined };
      case "unknown":
        return noSuchTenant;
      case "unconfirmed": {
        const message = "Repeat the slug of the tenant to delete it.";
        return { kind: "invalid", errors: [{ path: "confirm", message }] };
      }
    }
  },
);
