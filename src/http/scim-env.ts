import type { DirectoryContext } from "../directory/context.ts";
import type { Authentication, Credentials } from "../tenancy/authenticate.ts";
import type { Admission } from "../tenancy/credential.ts";
import type { AdmissionStore } from "../tenancy/ports.ts";
import type { RateLimits } from "../tenancy/rate-limit.ts";
import type { RequestLog } from "../tenancy/request-log.ts";

/** What the app needs of the outside world, made for one request. */
export interface ScimDeps {
  /** Without a slash at the end. Every URL in an answer starts here, never from the Host header. */
  readonly publicUrl: string;
  authenticate(credentials: Credentials): Promise<Authentication>;
  directoryFor(admission: Admission, requestId: string): Promise<DirectoryContext>;
  noteUse: AdmissionStore["noteUse"];
  /** Ids of tenants that are known to have people of SCIM; lasts as long as the isolate. */
  readonly tenantsWithPeople: Set<string>;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  now(): number;
}

/** The types of Hono's context: the dependencies stand where a Worker's bindings would. */
export interface ScimEnv {
  Bindings: ScimDeps;
  Variables: {
    requestId: string;
    /** Set by `authenticate`; a handler behind it always finds one. */
    authentication: Extract<Authentication, { kind: "admitted" }>;
    /** The SCIM base URL that the request came in by. */
    baseUrl: string;
  };
}
