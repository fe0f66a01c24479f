import * as z from "zod/mini";

import { revokeCredential } from "../../../tenancy/credentials/revoke-credential.ts";
import { ADMIN_ROLES } from "../../../tenancy/credentials/issue-admin-key.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const deleteAdminKeyOperation = defineOperation(
  {
    id: "deleteAdminKey",
    method: "delete",
    path: "/tenants/{slug}/admin-keys/{id}",
    status: 204,
    refusals: [404],
    params: z.extend(TenantParams, { id: z.string() }),
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  async ({ params }, deps, caller) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      revokeCredential(
        params.id,
        ADMIN_ROLES,
        { credentials: deps.credentialsOf(tenant), clock: deps.clock },
        askedBy(caller),
      ),
    );
    switch (outcome) {
      case undefined:
        return noSuchTenant;
      case "unknown":
        return { kind: "not-found", detail: "This tenant has no key of this id." };
      case "revoked":
        return { kind: "done", answer: undefined };
    }
  },
);
