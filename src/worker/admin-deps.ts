import type { AdminDeps } from "../admin/admin-deps.ts";
import { mailerOf } from "../delivery/mailer.ts";
import { graceHours } from "../directory/departments/grace-hours.ts";
import { reconciliationEntry } from "../directory/reconciliation/reconciliation-entry.ts";
import { recomputePeople } from "../directory/recompute/recompute-people.ts";
import { tellConflicts } from "../jobs/recompute-people.ts";
import { reconcileDepartments } from "../jobs/reconcile-departments.ts";
import { catalogueStore } from "../storage/catalogue/catalogue-store.ts";
import type { Databases } from "../storage/d1/databases.ts";
import { schemaVersion } from "../storage/d1/schema-version.ts";
import { moveStore } from "../storage/moves/move-store.ts";
import { organisationStore } from "../storage/organisations/organisation-store.ts";
import { recomputeStore } from "../storage/recompute/recompute-store.ts";
import { reconciliationStore } from "../storage/reconciliation/reconciliation-store.ts";
import { runHistory } from "../storage/reconciliation/run-history.ts";
import { clientStore } from "../storage/tenancy/client-store.ts";
import { credentialStore } from "../storage/tenancy/credential-store.ts";
import { credentialsByPepper } from "../storage/tenancy/credentials-by-pepper.ts";
import { tenantStore } from "../storage/tenancy/tenant-store.ts";
import { accessVerifier } from "../tenancy/access-verifier.ts";
import { type AdminAuthenticationDeps, authenticateAdmin } from "../tenancy/admin-principal.ts";
import type { AskedBy } from "../tenancy/credentials/credential-entry.ts";
import { pepperId } from "../tenancy/digest.ts";
import type { AdmissionStore } from "../tenancy/ports.ts";
import type { LiveTenant } from "../tenancy/tenant.ts";
import { useToNote } from "../tenancy/use-to-note.ts";
import { type Call, admissionsOf, limitsOf, newestDigest } from "./call.ts";
import { directoryOf } from "./directory-of.ts";
import { goOnMoving } from "./go-on-moving.ts";
import { clock, ids, pause, randomBytes } from "./surroundings.ts";

const RECOMPUTE_SOON_MS = 5_000;
const RECOMPUTE_SOON_CHUNKS = 40;
/** Work behind an answer ends after 30 s, and a step that was begun needs some of them. */
const MOVE_SOON_MS = 20_000;
/** For the end of a run by the cron trigger. */
const RECONCILE_PATIENCE_MS = 5_000;

export const authenticationOf = (
  { env, secrets, execution }: Call,
  admissions: AdmissionStore,
): AdminAuthenticationDeps => ({
  adminKeys: secrets.adminKeys,
  peppers: secrets.peppers,
  admissions,
  noteUse: (admission) => {
    const use = useToNote(admission.credential.lastUsedAt, null, clock.now());
    // When a key was used last is for people; nothing depends on it.
    if (use) execution.waitUntil(admissions.noteUse(admission, use).catch(() => undefined));
  },
  clock,
  access: accessVerifier(env.ACCESS_TEAM_DOMAIN ?? "", env.ACCESS_AUD ?? ""),
});

export function adminDeps(call: Call): AdminDeps {
  const { env, secrets, execution, databases, log } = call;
  const authentication = authenticationOf(call, admissionsOf(call));
  return {
    authenticate: (request) => authenticateAdmin(request, authentication),
    publicUrl: secrets.publicUrl,
    assets: env.ASSETS,
    tenants: tenantStore(databases),
    organisations: organisationStore(databases),
    moves: moveStore(databases),
    databases: databases.names,
    goOnMoving: (tenantId) =>
      // What fails here, the job does again.
      execution.waitUntil(goOnMoving(databases, MOVE_SOON_MS, tenantId).catch(() => undefined)),
    credentialsOf: (tenant) => credentialStore(databases, tenant),
    clientsOf: (tenant) => clientStore(databases, tenant),
    catalogueOf: (tenant) => catalogueStore(databases.named(tenant.database), tenant),
    directoryOf: (tenant, actor, requestId) => directoryOf(databases, tenant, actor, requestId),
    digest: (token) => newestDigest(token, secrets),
    newestPepper: () => pepperId(secrets.peppers[0]),
    credentialsByPepper: () => credentialsByPepper(databases, clock.now()),
    schemaVersion: (name) => schemaVersion(databases.named(name)),
    sendsMail: mailerOf(env.EMAIL, env.MAIL_FROM ?? "") !== undefined,
    recomputePeople: ({ key, database }) =>
      // What fails here, the job does again.
      execution.waitUntil(recomputeSoon(databases.named(database), key).catch(() => undefined)),
    reconciliations: {
      ...runHistory(databases),
      run: (tenant, by) => reconcileByHand(databases, env, tenant, by),
    },
    departmentGraceHours: graceHours(env.DEPARTMENT_GRACE_HOURS),
    limits: limitsOf(env),
    log,
    clock,
    ids,
    randomBytes,
  };
}

/** A small tenant is done with when the next request comes; a job goes on with a large one. */
async function recomputeSoon(database: D1Database, tenantKey: number): Promise<void> {
  const limits = { until: clock.now() + RECOMPUTE_SOON_MS, chunks: RECOMPUTE_SOON_CHUNKS };
  const result = await recomputePeople(tenantKey, recomputeStore(database), limits, { clock, ids });
  tellConflicts(result.conflicts);
}

/** Now, and in front of the answer. */
const reconcileByHand = (
  databases: Databases,
  env: Env,
  tenant: LiveTenant | undefined,
  by: AskedBy,
) =>
  reconcileDepartments({
    stores: (tenant ? [tenant.database] : databases.names).map((name) =>
      reconciliationStore(databases.named(name)),
    ),
    ...(tenant && {
      tenantKey: tenant.key,
      entryOf: (id: string) => reconciliationEntry(by, id, clock),
    }),
    graceHours: graceHours(env.DEPARTMENT_GRACE_HOURS),
    trigger: "admin",
    patienceMs: RECONCILE_PATIENCE_MS,
    clock,
    ids,
    pause,
  });
