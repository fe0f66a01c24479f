import type { Actor } from "../journal/change.ts";
import type { AdminPrincipal } from "../tenancy/admin-principal.ts";

/** How the journal names who asked. */
export const actorOf = ({ id, hint }: AdminPrincipal): Actor => ({ kind: "admin", id, hint });
