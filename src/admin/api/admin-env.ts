import type { AdminDeps } from "../admin-deps.ts";
import type { AdminPrincipal } from "../../tenancy/admin-principal.ts";

/** What the middleware leaves for the handlers. */
export interface AdminEnv {
  Bindings: AdminDeps;
  Variables: {
    requestId: string;
    principal: AdminPrincipal;
    /** Name of the operation, for the log: a URL can hold an email address. */
    operation: string | undefined;
  };
}
