import type { AccessRequest, ClientRefusal, Grant } from "../../tenancy/clients/grant-access.ts";
import type { AdmissionStore } from "../../tenancy/ports.ts";
import type { TokenErrorCode } from "./token-error.ts";

/** What the token endpoint needs of the outside world, made for one request. */
export interface OAuthDeps {
  grant(request: AccessRequest): Promise<Grant>;
  noteUse: AdmissionStore["noteUse"];
  /** Counts a refusal of this address; false: there were too many. */
  mayFailAgain(address: string): Promise<boolean>;
  newRequestId(): string;
  now(): number;
}

/** The types of Hono's context: the dependencies stand where a Worker's bindings would. */
export interface OAuthEnv {
  Bindings: OAuthDeps;
  Variables: {
    requestId: string;
    /** For the log. */
    outcome:
      | {
          error?: TokenErrorCode;
          refusal?: ClientRefusal;
          tenant?: string;
          token?: string;
        }
      | undefined;
  };
}
