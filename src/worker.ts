import { adminApp } from "./admin/api/admin-app.ts";
import { consoleApp } from "./admin/console/console-app.tsx";
import type { DirectoryContext } from "./directory/context.ts";
import { resourceTypesOf } from "./directory/resource-types-of.ts";
import { health } from "./http/health.ts";
import { misconfigured } from "./http/misconfigured.ts";
import { normalizePath } from "./http/normalize-path.ts";
import { scimApp } from "./http/scim-app.ts";
import type { ScimDeps } from "./http/scim-env.ts";
import type { Actor } from "./journal/change.ts";
import { reconcileDepartments } from "./jobs/reconcile-departments.ts";
import { admissionCache } from "./storage/admission-cache.ts";
import { admissionStore } from "./storage/admission-store.ts";
import { resourceTypesFor, type CompiledCatalogues } from "./storage/catalogue-cache.ts";
import { catalogueStore } from "./storage/catalogue-store.ts";
import { credentialStore } from "./storage/credential-store.ts";
import type { Databases } from "./storage/databases.ts";
import { departmentStore } from "./storage/departments/department-store.ts";
import { directoryStore } from "./storage/directory-store.ts";
import { reconciliationStore } from "./storage/reconciliation-store.ts";
import { schemaVersion } from "./storage/schema-version.ts";
import { tenantStore } from "./storage/tenant-store.ts";
import { authenticate } from "./tenancy/authenticate.ts";
import { digestToken, pepperId } from "./tenancy/digest.ts";
import { ensureDefaultTenant } from "./tenancy/ensure-default-tenant.ts";
import { settingsOf } from "./tenancy/presets.ts";
import { readSecrets, type Secrets } from "./tenancy/secrets.ts";
import type { LiveTenant } from "./tenancy/tenant.ts";
import { uuidV7 } from "./tenancy/uuid-v7.ts";

const clock = { now: () => Date.now() };
const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const ids = uuidV7(clock, randomBytes);
const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

const ADMIN = "/api/v1/admin";
const scim = scimApp();

const databasesOf = (env: Env): Databases => ({
  control: env.DB,
  named(name) {
    if (name !== "DB") throw new Error(`No D1 binding ${name}.`);
    return env.DB;
  },
});

const compiledCatalogues: CompiledCatalogues = new Map();

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
    settings,
    types: resourceTypesOf(types, settings),
    actor,
    requestId,
    at: new Date(clock.now()).toISOString(),
    clock,
    ids,
    pause,
    random: Math.random,
  };
}

function scimDeps(env: Env, secrets: Secrets, execution: ExecutionContext): ScimDeps {
  const databases = databasesOf(env);
  const admissions = admissionStore(databases, admissionCache(env.TOKENS), (work) =>
    execution.waitUntil(work),
  );
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
        { kind: "token", id: credential.id, hint: credential.last4 },
        requestId,
      ),
    noteUse: (admission, use) => admissions.noteUse(admission, use),
    newRequestId: () => ids.next(),
    now: clock.now,
  };
}

function admin(env: Env, secrets: Secrets): ReturnType<typeof adminApp> {
  const databases = databasesOf(env);
  return adminApp({
    adminKeys: secrets.adminKeys,
    publicUrl: secrets.publicUrl,
    tenants: tenantStore(databases),
    credentialsOf: (tenant) => credentialStore(databases, tenant),
    catalogueOf: (tenant) => catalogueStore(databases.named(tenant.database), tenant),
    directoryOf: (tenant, actor, requestId) => directoryOf(databases, tenant, actor, requestId),
    digest: async (token) => ({
      digest: await digestToken(token, secrets.peppers[0]),
      pepperId: await pepperId(secrets.peppers[0]),
    }),
    clock,
    ids,
    randomBytes,
  });
}

export default {
  fetch(request, env, execution) {
    const path = normalizePath(new URL(request.url).pathname);
    const configuration = readSecrets(env);
    if (configuration.kind === "refused") return misconfigured(configuration.problems);
    const { secrets } = configuration;
    if (path === "/healthz") {
      return health({
        schemaVersion: () => schemaVersion(env.DB),
        bindings: { DB: env.DB !== undefined, TOKENS: env.TOKENS !== undefined },
      });
    }
    if (path === "/console") return consoleApp(secrets.publicUrl).fetch(request);
    if (path === ADMIN || path.startsWith(`${ADMIN}/`)) {
      return admin(env, secrets).fetch(request, env, execution);
    }
    return scim.fetch(request, scimDeps(env, secrets, execution), execution);
  },

  async scheduled(_controller, env) {
    await reconcileDepartments({
      stores: [reconciliationStore(env.DB)],
      graceHours: Number(env.DEPARTMENT_GRACE_HOURS),
      trigger: "cron",
      clock,
      ids,
    });
  },
} satisfies ExportedHandler<Env>;
