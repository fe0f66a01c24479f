import { addClientSecret } from "../../../tenancy/clients/add-client-secret.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { ClientWithSecretView, clientView } from "../../client-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant } from "../tenant-params.ts";
import { ssoInactive } from "../tokens/sso-inactive.ts";
import { ClientParams, noSuchClient } from "./client-params.ts";

export const addClientSecretOperation = defineOperation(
  {
    id: "addClientSecret",
    method: "post",
    path: "/tenants/{slug}/clients/{clientId}/secrets",
    status: 201,
    refusals: [404, 409],
    params: ClientParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: ClientWithSecretView,
  },
  async ({ params }, deps, caller) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      addClientSecret(
        tenant,
        params.clientId,
        { ...deps, clients: deps.clientsOf(tenant) },
        askedBy(caller),
      ),
    );
    if (outcome === undefined) return noSuchTenant;
    switch (outcome.kind) {
      case "created": {
        const around = { publicUrl: deps.publicUrl, newestPepper: await deps.newestPepper() };
        return {
          kind: "done",
          answer: { ...clientView(outcome.client, around), clientSecret: outcome.secret },
        };
      }
      case "unknown":
        return noSuchClient;
      case "sso-inactive":
        return ssoInactive;
    }
  },
);
