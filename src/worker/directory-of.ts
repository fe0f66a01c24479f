import type { DirectoryContext } from "../directory/context.ts";
import { resourceTypesOf } from "../directory/resource-types-of.ts";
import type { Actor } from "../journal/change.ts";
import { type CompiledCatalogues, resourceTypesFor } from "../storage/catalogue/catalogue-cache.ts";
import type { Databases } from "../storage/d1/databases.ts";
import { departmentStore } from "../storage/departments/department-store.ts";
import { directoryStore } from "../storage/directory-store.ts";
import { groupViews } from "../storage/groups/group-views.ts";
import { journalReader } from "../storage/journal/journal-reader.ts";
import { alertStore } from "../storage/notices/alert-store.ts";
import { deactivationWindowStore } from "../storage/notices/deactivation-window-store.ts";
import { invitationStore } from "../storage/notices/invitation-store.ts";
import { peopleViews } from "../storage/people/people-views.ts";
import { statsReader } from "../storage/stats/stats-reader.ts";
import { settingsOf } from "../tenancy/presets.ts";
import type { LiveTenant } from "../tenancy/tenant.ts";
import { clock, ids, pause } from "./surroundings.ts";

const compiledCatalogues: CompiledCatalogues = new Map();

export async function directoryOf(
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
