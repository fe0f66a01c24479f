import { applyMigrations } from "./apply-migrations.ts";
import type { CleanUps } from "./clean-ups.ts";
import { openRuntime, type Runtime } from "./open-runtime.ts";
import { type BenchTenant, makeSecrets, openTenant } from "./open-tenant.ts";
import { seedDirectory, type SeededGroups, statementsOf } from "./seed-directory.ts";
import type { SeedPlan } from "./seed-plan.ts";
import type { Progress } from "../simulate/show-progress.ts";

export interface Directory {
  readonly runtime: Runtime;
  readonly tenant: BenchTenant;
  readonly plan: SeedPlan;
  readonly groups: SeededGroups;
  readonly seedSeconds: number;
  readonly bytes: number;
}

/** No guard: the people that a run deactivates are not an accident. */
const TENANT = { preset: "training", settings: { deactivationGuard: null, ssoActive: true } };

/** Starts these Workers and fills a tenant by the plan; the first Worker does what the database cannot. */
export async function openDirectory(
  scripts: Readonly<Record<string, string>>,
  plan: SeedPlan,
  ends: CleanUps,
  progress: Progress,
): Promise<Directory> {
  const secrets = makeSecrets();
  const vars = { ...secrets, PUBLIC_URL: "https://scim.example.com", DEFAULT_TENANT: "" };
  const runtime = await openRuntime(scripts, vars, ends);
  const { database } = runtime;
  await applyMigrations(database);
  const [worker = ""] = Object.keys(scripts);
  const tenant = await openTenant(runtime, worker, secrets.ADMIN_TOKEN, TENANT);

  const begun = performance.now();
  progress.begin(`seeding ${plan.people}`, statementsOf(plan));
  const scim = tenant.clientOf(worker, 1);
  const target = { database, tenantKey: tenant.key, scim };
  // What later migrations keep for each person takes more statements than the bar has room for.
  let left = statementsOf(plan);
  const groups = await seedDirectory(target, plan, () => {
    if (left-- > 0) progress.tick();
  });
  progress.end();
  scim.close();
  const seedSeconds = (performance.now() - begun) / 1000;
  const { meta } = await database.prepare("SELECT 1").all();
  return { runtime, tenant, plan, groups, seedSeconds, bytes: meta.size_after };
}
