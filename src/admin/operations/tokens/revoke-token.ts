import * as z from "zod";

import { revokeToken } from "../../../tenancy/revoke-token.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const revokeTokenOperation = defineOperation(
  {
    id: "revokeToken",
    method: "delete",
    path: "/tenants/{slug}/tokens/{id}",
    summary: "Revoke a SCIM token, in force from the next request on",
    principals: ["operator"],
    status: 204,
    refusals: [404],
    params: TenantParams.extend({ id: z.string() }),
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  async ({ params }, deps) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      revokeToken(params.id, { credentials: deps.credentialsOf(tenant), clock: deps.clock }),
    );
    switch (outcome) {
      case undefined:
        return noSuchTenant;
      case "unknown":
        return { kind: "not-found", detail: "This tenant has no token of this id." };
      case "revoked":
        return { kind: "done", answer: undefined };
    }
  },
);
