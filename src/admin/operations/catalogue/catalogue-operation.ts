import type { CatalogueContext } from "../../../directory/catalogue/change-catalogue.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { actorOf } from "../../actor-of.ts";
import type { AdminDeps } from "../../admin-deps.ts";
import type { Caller, Outcome, Refusal } from "../../operation.ts";
import { noSuchTenant } from "../tenant-params.ts";

export const notDefined = (what: string): Refusal => ({
  kind: "not-found",
  detail: `The tenant has not defined this ${what}.`,
});

/** Runs a verb on the catalogue of a tenant, and again when the tenant changed in between. */
export async function inCatalogue<Answer>(
  slug: string,
  deps: AdminDeps,
  { principal, requestId }: Caller,
  verb: (context: CatalogueContext) => Promise<Outcome<Answer>>,
): Promise<Outcome<Answer>> {
  const outcome = await withLiveTenant(slug, deps.tenants, (tenant) =>
    verb({
      store: deps.catalogueOf(tenant),
      actor: actorOf(principal),
      requestId,
      at: new Date(deps.clock.now()).toISOString(),
    }),
  );
  return outcome ?? noSuchTenant;
}
