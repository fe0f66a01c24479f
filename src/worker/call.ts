import { countRoundTrips } from "../storage/d1/count-round-trips.ts";
import { type Databases, databasesAmong } from "../storage/d1/databases.ts";
import { type RememberedAdmissions, admissionCache } from "../storage/tenancy/admission-cache.ts";
import { admissionStore } from "../storage/tenancy/admission-store.ts";
import { digestToken, pepperId } from "../tenancy/digest.ts";
import type { AdmissionStore } from "../tenancy/ports.ts";
import { type RateLimits, rateLimits } from "../tenancy/rate-limit.ts";
import type { RequestLog } from "../tenancy/request-log.ts";
import type { Secrets } from "../tenancy/secrets.ts";

/** A request, and what is made for it alone. */
export interface Call {
  readonly env: Env;
  readonly secrets: Secrets;
  readonly execution: ExecutionContext;
  readonly databases: Databases;
  readonly log: RequestLog;
}

/** The databases for one invocation, and how often they were asked. */
export function meteredDatabases(env: Env): { databases: Databases; d1Calls: () => number } {
  let calls = 0;
  const databases = countRoundTrips(databasesAmong(env), () => (calls += 1));
  return { databases, d1Calls: () => calls };
}

export const limitsOf = (env: Env): RateLimits =>
  rateLimits({ requests: env.REQUEST_LIMIT, refusals: env.REFUSAL_LIMIT });

const rememberedAdmissions: RememberedAdmissions = new WeakMap();

export const admissionsOf = ({ env, databases, secrets, execution }: Call): AdmissionStore =>
  admissionStore(
    databases,
    admissionCache(env.TOKENS, rememberedAdmissions),
    (work) => execution.waitUntil(work),
    () => pepperId(secrets.peppers[0]),
  );

export const newestDigest = async (token: string, { peppers: [newest] }: Secrets) => ({
  digest: await digestToken(token, newest),
  pepperId: await pepperId(newest),
});
