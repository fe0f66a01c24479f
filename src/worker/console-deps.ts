import type { ConsoleDeps } from "../admin/console/console-env.ts";
import { adminDeps, authenticationOf } from "./admin-deps.ts";
import { type Call, admissionsOf, limitsOf } from "./call.ts";

export function consoleDeps(call: Call): ConsoleDeps {
  const { env, secrets } = call;
  const admissions = admissionsOf(call);
  return {
    admin: adminDeps(call),
    authentication: authenticationOf(call, admissions),
    admissions,
    signingKeys: secrets.signingKeys,
    assets: env.ASSETS,
    mayFailAgain: (address) => limitsOf(env).mayFailAgain(address),
  };
}
