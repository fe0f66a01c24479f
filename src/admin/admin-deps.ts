import type { CatalogueStore } from "../directory/catalogue/ports.ts";
import type { DirectoryContext } from "../directory/context.ts";
import type { Reconciliations } from "../directory/reconciliation/ports.ts";
import type { Actor } from "../journal/change.ts";
import type { AdminAuthentication } from "../tenancy/admin-principal.ts";
import type { ClientStore } from "../tenancy/clients/ports.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import type { MoveTenantDeps } from "../tenancy/move-tenant.ts";
import type { OrganisationStore } from "../tenancy/organisations/ports.ts";
import type { CredentialStore, TenantStore } from "../tenancy/ports.ts";
import type { RateLimits } from "../tenancy/rate-limit.ts";
import type { RequestLog } from "../tenancy/request-log.ts";
import type { LiveTenant } from "../tenancy/tenant.ts";

/** All that the admin room needs of the outside world. */
export interface AdminDeps extends MoveTenantDeps {
  authenticate(request: {
    readonly header: string | null;
    readonly assertion: string | null;
  }): Promise<AdminAuthentication>;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  /** The files of `public/`, which nobody gets but through this Worker. */
  readonly assets: Pick<Fetcher, "fetch">;
  readonly tenants: TenantStore;
  readonly organisations: OrganisationStore;
  credentialsOf(tenant: LiveTenant): CredentialStore;
  clientsOf(tenant: LiveTenant): ClientStore;
  catalogueOf(tenant: LiveTenant): CatalogueStore;
  directoryOf(tenant: LiveTenant, actor: Actor, requestId: string): Promise<DirectoryContext>;
  /** The digest of a token under the newest pepper. */
  digest(token: string): Promise<{ digest: string; pepperId: string }>;
  /** The pepper of new digests, as rows name it. */
  newestPepper(): Promise<string>;
  credentialsByPepper(): Promise<readonly { readonly pepperId: string; readonly live: number }[]>;
  /** Name of the newest migration of a database; undefined before the first. */
  schemaVersion(database: string): Promise<string | undefined>;
  /** Whether the deployment has a mailer. */
  readonly sendsMail: boolean;
  /** Begins to rewrite what follows from settings in people's rows, behind the answer; a job finishes it. */
  recomputePeople(tenant: Pick<LiveTenant, "key" | "database">): void;
  readonly reconciliations: Reconciliations;
  /** How long a department stays orphaned before it is retired, at least. */
  readonly departmentGraceHours: number;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly ids: Ids;
  randomBytes(count: number): Uint8Array;
}
