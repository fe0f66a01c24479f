import type { AccessRequest, Grant } from "../../tenancy/clients/grant-access.ts";
import type { AdmissionStore } from "../../tenancy/ports.ts";
import type { RateLimits } from "../../tenancy/rate-limit.ts";
import type { RequestLog } from "../../tenancy/request-log.ts";

/** What the token endpoint needs of the outside world, made for one request. */
export interface OAuthDeps extends Pick<RateLimits, "mayFailAgain"> {
  grant(request: AccessRequest): Promise<Grant>;
  noteUse: AdmissionStore["noteUse"];
  readonly log: RequestLog;
  now(): number;
}

/** The types of Hono's context: the dependencies stand where a Worker's bindings would. */
export interface OAuthEnv {
  Bindings: OAuthDeps;
}
