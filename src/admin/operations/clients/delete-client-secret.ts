import * as z from "zod/mini";

import { revokeClientSecret } from "../../../tenancy/clients/revoke-client-secret.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant } from "../tenant-params.ts";
import { ClientParams } from "./client-params.ts";

export const deleteClientSecretOperation = defineOperation(
  {
    id: "deleteClientSecret",
    method: "delete",
    path: "/tenants/{slug}/clients/{clientId}/secrets/{id}",
    status: 204,
    refusals: [404],
    params: z.extend(ClientParams, { id: z.string() }),
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  async ({ params }, deps, caller) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      revokeClientSecret(
        params.clientId,
        params.id,
        { ...deps, clients: deps.clientsOf(tenant) },
        askedBy(caller),
      ),
    );
    switch (outcome) {
      case undefined:
        return noSuchTenant;
      case "unknown":
        return { kind: "not-found", detail: "This client has no secret of this id." };
      case "revoked":
        return { kind: "done", answer: undefined };
    }
  },
);
