import type { OAuthDeps } from "../http/oauth/oauth-env.ts";
import { clientStore } from "../storage/tenancy/client-store.ts";
import { grantAccess } from "../tenancy/clients/grant-access.ts";
import { type Call, admissionsOf, limitsOf, newestDigest } from "./call.ts";
import { clock, ids, randomBytes } from "./surroundings.ts";

export function oauthDeps(call: Call): OAuthDeps {
  const { env, secrets, databases, log } = call;
  const admissions = admissionsOf(call);
  return {
    grant: (request) =>
      grantAccess(request, {
        admissions,
        peppers: secrets.peppers,
        clientsOf: (tenant) => clientStore(databases, tenant),
        digest: (token) => newestDigest(token, secrets),
        clock,
        ids,
        randomBytes,
      }),
    noteUse: (admission, use) => admissions.noteUse(admission, use),
    mayFailAgain: (address) => limitsOf(env).mayFailAgain(address),
    log,
    now: clock.now,
  };
}
