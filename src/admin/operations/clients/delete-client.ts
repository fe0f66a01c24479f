import { revokeClient } from "../../../tenancy/clients/revoke-client.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant } from "../tenant-params.ts";
import { ClientParams, noSuchClient } from "./client-params.ts";

export const deleteClientOperation = defineOperation(
  {
    id: "deleteClient",
    method: "delete",
    path: "/tenants/{slug}/clients/{clientId}",
    status: 204,
    refusals: [404],
    params: ClientParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: NO_ANSWER,
  },
  async ({ params }, deps, caller) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      revokeClient(params.clientId, { ...deps, clients: deps.clientsOf(tenant) }, askedBy(caller)),
    );
    switch (outcome) {
      case undefined:
        return noSuchTenant;
      case "unknown":
        return noSuchClient;
      case "revoked":
        return { kind: "done", answer: undefined };
    }
  },
);
