import { createClient, NewClientInput } from "../../../tenancy/clients/create-client.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { ClientWithSecretView, clientView } from "../../client-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";
import { ssoInactive } from "../tokens/sso-inactive.ts";

export const createClientOperation = defineOperation(
  {
    id: "createClient",
    method: "post",
    path: "/tenants/{slug}/clients",
    status: 201,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: NewClientInput,
    answer: ClientWithSecretView,
  },
  async ({ params, body }, deps, caller) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      createClient(tenant, body, { ...deps, clients: deps.clientsOf(tenant) }, askedBy(caller)),
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
      case "sso-inactive":
        return ssoInactive;
    }
  },
);
