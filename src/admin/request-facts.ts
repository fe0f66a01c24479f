import type { AdminPrincipal } from "../tenancy/admin-principal.ts";
import type { RequestFacts } from "../tenancy/request-log.ts";

/** Whom a request of the administration comes from, for its line in the log: ids, and never a hint, which names people. */
export const requestFacts = (principal: AdminPrincipal): RequestFacts =>
  principal.kind === "operator"
    ? { principal: principal.kind }
    : { principal: principal.kind, token: principal.id, tenant: principal.tenant.id };
