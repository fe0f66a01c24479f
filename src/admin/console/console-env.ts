import type { AdminAuthenticationDeps, AdminPrincipal } from "../../tenancy/admin-principal.ts";
import type { AdmissionStore } from "../../tenancy/ports.ts";
import type { AdminDeps } from "../admin-deps.ts";
import type { OperationId } from "../permissions.ts";

/** What the console needs of the outside world, made for one request. */
export interface ConsoleDeps {
  readonly admin: AdminDeps;
  /** For signing in, and for the code of a set-up link. */
  readonly authentication: AdminAuthenticationDeps;
  readonly admissions: Pick<AdmissionStore, "byId">;
  /** Newest first. */
  readonly signingKeys: readonly [string, ...string[]];
  /** The static assets of the deployment. */
  readonly assets: Pick<Fetcher, "fetch">;
  /** Counts an attempt of this address that failed; false: there were too many. */
  mayFailAgain(address: string): Promise<boolean>;
}

/** Whom a page is made for. */
export interface View {
  readonly principal: AdminPrincipal;
  /** For the hidden field of every form. */
  readonly csrf: string;
  may(operation: OperationId): boolean;
}

export interface ConsoleEnv {
  Bindings: ConsoleDeps;
  Variables: {
    requestId: string;
    /** Behind `signedIn`. */
    view: View;
  };
}
