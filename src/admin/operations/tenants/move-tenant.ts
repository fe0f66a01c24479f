import { MoveInput, moveTenant } from "../../../tenancy/move-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TenantView, tenantView } from "../../tenant-view.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const moveTenantOperation = defineOperation(
  {
    id: "moveTenant",
    method: "post",
    path: "/tenants/{slug}/move",
    status: 202,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: MoveInput,
    answer: TenantView,
  },
  async ({ params, body }, deps, caller) => {
    const outcome = await moveTenant(params.slug, body, deps, askedBy(caller));
    switch (outcome.kind) {
      case "accepted":
        return { kind: "done", answer: tenantView(outcome.tenant, deps.publicUrl) };
      case "unknown":
        return noSuchTenant;
      case "unknown-database": {
        const message = `There is no such database. Use one of: ${deps.databases.join(", ")}.`;
        return { kind: "invalid", errors: [{ path: "database", message }] };
      }
      case "moving-elsewhere":
        return {
          kind: "conflict",
          detail: "A move of this tenant is under way; try again when it has come to its end.",
        };
      case "unprepared":
        return {
          kind: "conflict",
          detail: `The database ${body.database} does not have the migrations of the tenant's own. Type: npx wrangler d1 migrations apply ${body.database} --remote`,
        };
    }
  },
);
