import type { ScimDeps } from "../http/scim-env.ts";
import { tenantStore } from "../storage/tenancy/tenant-store.ts";
import { authenticate } from "../tenancy/authenticate.ts";
import { ensureDefaultTenant } from "../tenancy/ensure-default-tenant.ts";
import { type Call, admissionsOf, limitsOf } from "./call.ts";
import { directoryOf } from "./directory-of.ts";
import { clock, ids } from "./surroundings.ts";

const tenantsWithPeople = new Set<string>();

export function scimDeps(call: Call): ScimDeps {
  const { env, secrets, databases, log } = call;
  const admissions = admissionsOf(call);
  const defaultTenant = env.DEFAULT_TENANT.trim();
  return {
    publicUrl: secrets.publicUrl,
    authenticate: (credentials) =>
      authenticate(credentials, {
        admissions,
        peppers: secrets.peppers,
        deploymentTokens: secrets.deploymentTokens,
        defaultTenant,
        ensureDefaultTenant: () =>
          ensureDefaultTenant(defaultTenant, { tenants: tenantStore(databases), clock, ids }),
        clock,
      }),
    directoryFor: ({ tenant, credential }, requestId) =>
      directoryOf(
        databases,
        tenant,
        // An access token is gone within the hour: the client is who people know.
        { kind: "token", id: credential.clientId ?? credential.id, hint: credential.last4 },
        requestId,
      ),
    tenantsWithPeople,
    noteUse: (admission, use) => admissions.noteUse(admission, use),
    limits: limitsOf(env),
    log,
    now: clock.now,
  };
}
