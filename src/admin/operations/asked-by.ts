import type { AskedBy } from "../../tenancy/credentials/credential-entry.ts";
import { actorOf } from "../actor-of.ts";
import type { Caller } from "../operation.ts";

/** Who asks, as the journal's rows about credentials and tenants have it. */
export const askedBy = ({ principal, requestId }: Caller): AskedBy => ({
  actor: actorOf(principal),
  requestId,
});
