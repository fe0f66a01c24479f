import { adminApp } from "./admin/api/admin-app.ts";
import type { AdminDeps } from "./admin/admin-deps.ts";
import type { ConsoleDeps } from "./admin/console/console-env.ts";
import { consoleApp } from "./admin/console/console-app.tsx";
import { alertMail } from "./delivery/alert-mail.tsx";
import { invitationLink, invitationMail } from "./delivery/invitation-mail.tsx";
import { mailerOf } from "./delivery/mailer.ts";
import type { DirectoryContext } from "./directory/context.ts";
import { recomputePeople } from "./directory/recompute/recompute-people.ts";
import { graceHours } from "./directory/departments/grace-hours.ts";
import { resourceTypesOf } from "./directory/resource-types-of.ts";
import { answerRequest } from "./http/answer-request.ts";
import { health } from "./http/health.ts";
import { misconfigured } from "./http/misconfigured.ts";
import { normalizePath } from "./http/normalize-path.ts";
import { oauthApp } from "./http/oauth/oauth-app.ts";
import type { OAuthDeps } from "./http/oauth/oauth-env.ts";
import { scimApp } from "./http/scim-app.ts";
import type { ScimDeps } from "./http/scim-env.ts";
import type { Actor } from "./journal/change.ts";
import { moveTenants } from "./jobs/move-tenants.ts";
import { purgeOldRows } from "./jobs/purge-old-rows.ts";
import { purgeTenants } from "./jobs/purge-tenants.ts";
import { recomputePeopleOfTenants, tellConflicts } from "./jobs/recompute-people.ts";
import { reconcileDepartments } from "./jobs/reconcile-departments.ts";
import { rollUpTraffic } from "./jobs/roll-up-traffic.ts";
import { runJobs } from "./jobs/run-jobs.ts";
import { sendAlerts } from "./jobs/send-alerts.ts";
import { sendInvitations } from "./jobs/send-invitations.ts";
import { watchTenants } from "./jobs/watch-tenants.ts";
import { admissionCache, type RememberedAdmissions } from "./storage/tenancy/admission-cache.ts";
import { admissionStore } from "./storage/tenancy/admission-store.ts";
import { resourceTypesFor, type CompiledCatalogues } from "./storage/catalogue/catalogue-cache.ts";
import { catalogueStore } from "./storage/catalogue/catalogue-store.ts";
import { clientStore } from "./storage/tenancy/client-store.ts";
import { credentialsByPepper } from "./storage/tenancy/credentials-by-pepper.ts";
import { credentialStore } from "./storage/tenancy/credential-store.ts";
import { countRoundTrips } from "./storage/d1/count-round-trips.ts";
import { databasesAmong, type Databases } from "./storage/d1/databases.ts";
import { purgeStore } from "./storage/deletion/purge-store.ts";
import { departmentStore } from "./storage/departments/department-store.ts";
import { directoryStore } from "./storage/directory-store.ts";
import { groupViews } from "./storage/groups/group-views.ts";
import { journalReader } from "./storage/journal/journal-reader.ts";
import { movePlaces } from "./storage/moves/move-places.ts";
import { moveStore } from "./storage/moves/move-store.ts";
import { organisationStore } from "./storage/organisations/organisation-store.ts";
import { peopleViews } from "./storage/people/people-views.ts";
import { alertOutbox } from "./storage/notices/alert-outbox.ts";
import { alertStore } from "./storage/notices/alert-store.ts";
import { deactivationWindowStore } from "./storage/notices/deactivation-window-store.ts";
import { invitationQueue } from "./storage/notices/invitation-queue.ts";
import { invitationStore } from "./storage/notices/invitation-store.ts";
import { watchStore } from "./storage/notices/watch-store.ts";
import { reconciliationStore } from "./storage/reconciliation/reconciliation-store.ts";
import { runHistory } from "./storage/reconciliation/run-history.ts";
import { recomputeStore } from "./storage/recompute/recompute-store.ts";
import { retentionStore } from "./storage/retention/retention-store.ts";
import { statsReader } from "./storage/stats/stats-reader.ts";
import { schemaVersion } from "./storage/d1/schema-version.ts";
import { tenantNames } from "./storage/tenancy/tenant-names.ts";
import { trafficStore } from "./storage/traffic/traffic-store.ts";
import { tenantStore } from "./storage/tenancy/tenant-store.ts";
import { accessVerifier } from "./tenancy/access-verifier.ts";
import { type AdminAuthenticationDeps, authenticateAdmin } from "./tenancy/admin-principal.ts";
import { authenticate } from "./tenancy/authenticate.ts";
import { grantAccess } from "./tenancy/clients/grant-access.ts";
import { digestToken, pepperId } from "./tenancy/digest.ts";
import { ensureDefaultTenant } from "./tenancy/ensure-default-tenant.ts";
import type { AdmissionStore } from "./tenancy/ports.ts";
import { settingsOf } from "./tenancy/presets.ts";
import { readPublicUrl } from "./tenancy/public-url.ts";
import { rateLimits, type RateLimits } from "./tenancy/rate-limit.ts";
import type { RequestLog } from "./tenancy/request-log.ts";
import { readSecrets, type Secrets } from "./tenancy/secrets.ts";
import type { LiveTenant } from "./tenancy/tenant.ts";
import { useToNote } from "./tenancy/use-to-note.ts";
import { uuidV7 } from "./tenancy/uuid-v7.ts";

const clock = { now: () => Date.now() };
const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const ids = uuidV7(clock, randomBytes);
const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

const ADMIN = "/api/v1/admin";
const OAUTH = "/api/v1/oauth";
const RECOMPUTE_SOON_MS = 5_000;
const RECOMPUTE_SOON_CHUNKS = 40;
/** Work behind an answer ends after 30 s, and a step that was begun needs some of them. */
const MOVE_SOON_MS = 20_000;
/** For the end of a run by the cron trigger. */
const RECONCILE_PATIENCE_MS = 5_000;
/** Below the interval of the cron trigger. */
const MOVE_BY_CRON_MS = 240_000;
const scim = scimApp();
const oauth = oauthApp();
const webConsole = consoleApp();

const compiledCatalogues: CompiledCatalogues = new Map();
const tenantsWithPeople = new Set<string>();
const rememberedAdmissions: RememberedAdmissions = new WeakMap();

async function directoryOf(
  databases: Databases,
  tenant: LiveTenant,
  actor: Actor,
  requestId: string,
): Promise<DirectoryContext> {
  const database = databases.named(tenant.database);
  const types = await resourceTypesFor(database, tenant, compiledCatalogues);
  const settings = settingsOf(tenant.preset, tenant.overrides);
  return {
    store: directoryStore(database, tenant),
    departments: departmentStore(database, tenant, settings),
    groups: groupViews(database, tenant),
    alerts: alertStore(database, tenant),
    deactivations: deactivationWindowStore(database, tenant),
    invitations: invitationStore(database, tenant),
    people: peopleViews(database, tenant),
    journal: journalReader(database, tenant),
    stats: statsReader(database, tenant, settings),
    settings,
    types: resourceTypesOf(types, settings),
    actor,
    requestId,
    at: new Date(clock.now()).toISOString(),
    clock,
    ids,
    pause,
    random: Math.random,
    report: (event, facts) => console.warn(JSON.stringify({ event, tenant: tenant.id, ...facts })),
  };
}

/** A request, and what is made for it alone. */
interface Call {
  readonly env: Env;
  readonly secrets: Secrets;
  readonly execution: ExecutionContext;
  readonly databases: Databases;
  readonly log: RequestLog;
}

/** The databases for one invocation, and how often they were asked. */
function meteredDatabases(env: Env): { databases: Databases; d1Calls: () => number } {
  let calls = 0;
  const databases = countRoundTrips(databasesAmong(env), () => (calls += 1));
  return { databases, d1Calls: () => calls };
}

const limitsOf = (env: Env): RateLimits =>
  rateLimits({ requests: env.REQUEST_LIMIT, refusals: env.REFUSAL_LIMIT });

const admissionsOf = ({ env, databases, secrets, execution }: Call): AdmissionStore =>
  admissionStore(
    databases,
    admissionCache(env.TOKENS, rememberedAdmissions),
    (work) => execution.waitUntil(work),
    () => pepperId(secrets.peppers[0]),
  );

const newestDigest = async (token: string, { peppers: [newest] }: Secrets) => ({
  digest: await digestToken(token, newest),
  pepperId: await pepperId(newest),
});

function scimDeps(call: Call): ScimDeps {
  const { env, secrets, databases, log } = call;
  const admissions = admissionsOf(call);
  const defaultTenant = env.DEFAULT_TENANT.trim();
  return {
    publicUrl: secrets.publicUrl,
    authenticate: (credentials) =>
      authenticate(credentials, {
        admissions,
        peppers: secrets.peppers,
        deploymentTokens: secrets.deploymentTokens,
        defaultTenant,
        ensureDefaultTenant: () =>
          ensureDefaultTenant(defaultTenant, { tenants: tenantStore(databases), clock, ids }),
        clock,
      }),
    directoryFor: ({ tenant, credential }, requestId) =>
      directoryOf(
        databases,
        tenant,
        // An access token is gone within the hour: the client is who people know.
        { kind: "token", id: credential.clientId ?? credential.id, hint: credential.last4 },
        requestId,
      ),
    tenantsWithPeople,
    noteUse: (admission, use) => admissions.noteUse(admission, use),
    limits: limitsOf(env),
    log,
    now: clock.now,
  };
}

function oauthDeps(call: Call): OAuthDeps {
  const { env, secrets, databases, log } = call;
  const admissions = admissionsOf(call);
  return {
    grant: (request) =>
      grantAccess(request, {
        admissions,
        peppers: secrets.peppers,
        clientsOf: (tenant) => clientStore(databases, tenant),
        digest: (token) => newestDigest(token, secrets),
        clock,
        ids,
        randomBytes,
      }),
    noteUse: (admission, use) => admissions.noteUse(admission, use),
    mayFailAgain: (address) => limitsOf(env).mayFailAgain(address),
    log,
    now: clock.now,
  };
}

/** A small tenant is done with when the next request comes; a job goes on with a large one. */
async function recomputeSoon(database: D1Database, tenantKey: number): Promise<void> {
  const limits = { until: clock.now() + RECOMPUTE_SOON_MS, chunks: RECOMPUTE_SOON_CHUNKS };
  const result = await recomputePeople(tenantKey, recomputeStore(database), limits, { clock, ids });
  tellConflicts(result.conflicts);
}

/** Goes on with the moves of tenants, or of one, as long as the time for it lasts. */
const goOnMoving = (databases: Databases, patienceMs: number, only?: string): Promise<void> =>
  moveTenants({
    moves: moveStore(databases),
    places: movePlaces(databases),
    only,
    patienceMs,
    clock,
    ids,
  });

/** Now, and in front of the answer. */
const reconcileByHand = (databases: Databases, env: Env, tenant: LiveTenant | undefined) =>
  reconcileDepartments({
    stores: (tenant ? [tenant.database] : databases.names).map((name) =>
      reconciliationStore(databases.named(name)),
    ),
    ...(tenant && { tenantKey: tenant.key }),
    graceHours: graceHours(env.DEPARTMENT_GRACE_HOURS),
    trigger: "admin",
    patienceMs: RECONCILE_PATIENCE_MS,
    clock,
    ids,
    pause,
  });

const authenticationOf = (
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

function adminDeps(call: Call): AdminDeps {
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
      run: (tenant) => reconcileByHand(databases, env, tenant),
    },
    departmentGraceHours: graceHours(env.DEPARTMENT_GRACE_HOURS),
    limits: limitsOf(env),
    log,
    clock,
    ids,
    randomBytes,
  };
}

function consoleDeps(call: Call): ConsoleDeps {
  const { env, secrets } = call;
  const admissions = admissionsOf(call);
  return {
    admin: adminDeps(call),
    authentication: authenticationOf(call, admissions),
    admissions,
    signingKeys: secrets.signingKeys,
    assets: env.ASSETS,
    mayFailAgain: (address) => limitsOf(env).mayFailAgain(address),
  };
}

/** For mails of jobs, which run also where the configuration has faults. */
function consoleUrlOf(env: Env): string | undefined {
  const publicUrl = readPublicUrl(env.PUBLIC_URL);
  return publicUrl.kind === "url" ? `${publicUrl.url}/console` : undefined;
}

function route(request: Request, parts: Omit<Call, "secrets">): Response | Promise<Response> {
  const { env, execution, databases } = parts;
  const path = normalizePath(new URL(request.url).pathname);
  const configuration = readSecrets(env);
  if (configuration.kind === "refused") return misconfigured(configuration.problems);
  const call = { ...parts, secrets: configuration.secrets };
  if (path === "/healthz") {
    const { names } = databases;
    return health({
      schemaVersions: Object.fromEntries(
        names.map((name) => [name, async () => schemaVersion(databases.named(name))]),
      ),
      bindings: {
        ...Object.fromEntries(names.map((name) => [name, true])),
        DB: env.DB !== undefined,
        TOKENS: env.TOKENS !== undefined,
      },
    });
  }
  if (path === "/console" || path.startsWith("/console/")) {
    return webConsole.fetch(request, consoleDeps(call), execution);
  }
  if (path === ADMIN || path.startsWith(`${ADMIN}/`)) {
    return adminApp(adminDeps(call)).fetch(request, env, execution);
  }
  if (path === OAUTH || path.startsWith(`${OAUTH}/`)) {
    return oauth.fetch(request, oauthDeps(call), execution);
  }
  return scim.fetch(request, scimDeps(call), execution);
}

export default {
  fetch(request, env, execution) {
    const { databases, d1Calls } = meteredDatabases(env);
    const publicUrl = readPublicUrl(env.PUBLIC_URL);
    const isHttps = publicUrl.kind === "url" && publicUrl.url.startsWith("https:");
    return answerRequest(
      request,
      { requestId: ids.next(), isHttps, d1Calls, now: clock.now },
      (log) => route(request, { env, execution, databases, log }),
    );
  },

  async scheduled(_controller, env) {
    const { databases, d1Calls } = meteredDatabases(env);
    const meter = { now: clock.now, d1Calls };
    const all = databases.names.map((name) => databases.named(name));
    await runJobs(meter, {
      moveTenants: () => goOnMoving(databases, MOVE_BY_CRON_MS),
      reconcileDepartments: () =>
        reconcileDepartments({
          stores: all.map((database) => reconciliationStore(database)),
          graceHours: graceHours(env.DEPARTMENT_GRACE_HOURS),
          trigger: "cron",
          clock,
          ids,
        }),
      purgeOldRows: () =>
        purgeOldRows({
          stores: all.map((database) => retentionStore(database, databases.control)),
          clock,
          ids,
        }),
      purgeTenants: () =>
        purgeTenants({
          stores: databases.names.map((name) => purgeStore(databases, name)),
          clock,
          ids,
        }),
      rollUpTraffic: () =>
        rollUpTraffic({ stores: all.map((database) => trafficStore(database)), clock, ids }),
      recomputePeople: () =>
        recomputePeopleOfTenants({
          stores: all.map((database) => recomputeStore(database)),
          clock,
          ids,
        }),
      sendInvitations: () =>
        sendInvitations({
          queues: all.map((database) => invitationQueue(database)),
          mailer: mailerOf(env.EMAIL, env.MAIL_FROM ?? ""),
          compose: ({ to, tenantName, userId }) => {
            const link = invitationLink(env.INVITATION_URL ?? "", userId);
            return invitationMail({ to, tenantName, link });
          },
          tenantNames: (tenantIds) => tenantNames(databases.control, tenantIds),
          clock,
          ids,
        }),
      watchTenants: () =>
        watchTenants({
          stores: all.map((database) => watchStore(database)),
          clock,
          ids,
          random: Math.random,
        }),
      sendAlerts: () =>
        sendAlerts({
          outboxes: all.map((database) => alertOutbox(database)),
          mailer: mailerOf(env.EMAIL, env.MAIL_FROM ?? ""),
          compose: (alert) => alertMail({ ...alert, consoleUrl: consoleUrlOf(env) }),
          tenantNames: (tenantIds) => tenantNames(databases.control, tenantIds),
          clock,
          ids,
        }),
    });
  },
} satisfies ExportedHandler<Env>;
