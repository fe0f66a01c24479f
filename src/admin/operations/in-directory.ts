import type { DirectoryContext } from "../../directory/context.ts";
import { actorOf } from "../actor-of.ts";
import { withLiveTenant } from "../../tenancy/with-live-tenant.ts";
import type { AdminDeps } from "../admin-deps.ts";
import type { Caller, Outcome } from "../operation.ts";
import { noSuchTenant } from "./tenant-params.ts";

/** Runs a verb on the directory of a tenant, and again when the tenant changed in between. */
export async function inDirectory<Answer>(
  slug: string,
  deps: AdminDeps,
  { principal, requestId }: Caller,
  verb: (context: DirectoryContext) => Promise<Outcome<Answer>>,
): Promise<Outcome<Answer>> {
  const actor = actorOf(principal);
  const outcome = await withLiveTenant(slug, deps.tenants, async (tenant) =>
    verb(await deps.directoryOf(tenant, actor, requestId)),
  );
  return outcome ?? noSuchTenant;
}
