import type { CatalogueStore } from "../directory/catalogue/ports.ts";
import type { DirectoryContext } from "../directory/context.ts";
import type { Reconciliations } from "../directory/reconciliation/ports.ts";
import type { Actor } from "../journal/change.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import type { MoveTenantDeps } from "../tenancy/move-tenant.ts";
import type { OrganisationStore } from "../tenancy/organisations/ports.ts";
import type { CredentialStore, TenantStore } from "../tenancy/ports.ts";
import type { LiveTenant } from "../tenancy/tenant.ts";

/** All that the admin room needs of the outside world. */
export interface AdminDeps extends MoveTenantDeps {
  /** The values of ADMIN_TOKEN. */
  readonly adminKeys: readonly string[];
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly tenants: TenantStore;
  readonly organisations: OrganisationStore;
  credentialsOf(tenant: LiveTenant): CredentialStore;
  catalogueOf(tenant: LiveTenant): CatalogueStore;
  directoryOf(tenant: LiveTenant, actor: Actor, requestId: string): Promise<DirectoryContext>;
  /** The digest of a token under the newest pepper. */
  digest(token: string): Promise<{ digest: string; pepperId: string }>;
  /** Begins to rewrite what follows from settings in people's rows, behind the answer; a job finishes it. */
  recomputePeople(tenant: Pick<LiveTenant, "key" | "database">): void;
  readonly reconciliations: Reconciliations;
  /** How long a department stays orphaned before it is retired, at least. */
  readonly departmentGraceHours: number;
  readonly clock: Clock;
  readonly ids: Ids;
  randomBytes(count: number): Uint8Array;
}
