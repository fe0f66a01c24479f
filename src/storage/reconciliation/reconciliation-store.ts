import { sql } from "drizzle-orm";

import type {
  DepartmentFinding,
  OpenRun,
  ReconciledTenant,
  ReconciliationStore,
} from "../../directory/reconciliation/ports.ts";
import type { Change } from "../../journal/change.ts";
import type { PresetName } from "../../tenancy/presets.ts";
import { settingsOf } from "../../tenancy/presets.ts";
import { reconciliations } from "../job-tables.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { fitDiff, insertChangeFrom } from "../journal/change-statement.ts";
import { parseOverrides } from "../tenancy/live-tenant-rows.ts";
import { staysHere } from "../tenancy/stays-here.ts";
import { rowsOf } from "../d1/prepare.ts";
import { departments, groups, tenantStates } from "../tables.ts";
import { findStatements } from "./find-statements.ts";
import { linkGroups, linkPeople } from "./repair-links.ts";
import { markDepartments, noteBrake, retireDepartments } from "./retire-departments.ts";

const JOB = "reconcile-departments";

/** Only for a run that is new, and not while the tenant is on its way. */
const begun = (tenantKey: number, { diff }: Change) =>
  sql`SELECT ${fitDiff(diff)} AS diff WHERE changes() = 1 AND ${staysHere(tenantKey)}`;

interface TenantRow {
  tenant_key: number;
  epoch: number;
  preset: PresetName;
  overrides: string;
}

const tenantOf = (row: TenantRow): ReconciledTenant => ({
  tenantKey: row.tenant_key,
  epoch: row.epoch,
  settings: settingsOf(row.preset, parseOverrides(row.overrides)),
});

/** The reconciliation in one database. See `ReconciliationStore` for what it promises. */
export function reconciliationStore(d1: D1Database): ReconciliationStore {
  const database = jobDatabase(d1, JOB);
  const tenantColumns = sql`tenant_key, epoch, preset, overrides FROM ${tenantStates}
    WHERE moving_to IS NULL`;

  return {
    lease: database.lease,

    async openRun(fencing, { id, trigger, startedAt, tenantKey }, entry) {
      // Only an older run is finished by another one: whoever starts one by hand gets their own.
      const unfinished =
        trigger === "cron" ? sql`finished_at IS NULL` : sql`finished_at IS NULL AND id = ${id}`;
      const written = await database.write(fencing, [
        sql`INSERT INTO ${reconciliations} (id, trigger, tenant_key, started_at)
          SELECT ${id}, ${trigger}, ${tenantKey}, ${startedAt}
          WHERE NOT EXISTS (SELECT 1 FROM ${reconciliations} WHERE ${unfinished})`,
        ...(tenantKey !== null && entry
          ? [insertChangeFrom(tenantKey, entry, begun(tenantKey, entry))]
          : []),
        sql`SELECT run, cursor, tenant_key FROM ${reconciliations} WHERE ${unfinished} ORDER BY run LIMIT 1`,
      ]);
      if (written.kind !== "written") return undefined;
      const [row] = rowsOf<{ run: number; cursor: number; tenant_key: number | null }>(
        written.results.at(-1),
      );
      return row && { run: row.run, cursor: row.cursor, tenantKey: row.tenant_key };
    },

    async tenantsAfter(cursor, limit) {
      const has = (table: typeof departments | typeof groups) => sql`EXISTS (
        SELECT 1 FROM ${table} WHERE ${table}.tenant_key = ${tenantStates}.tenant_key)`;
      const rows = await database.read<TenantRow>(
        sql`SELECT ${tenantColumns} AND tenant_key > ${cursor} AND (${has(departments)} OR ${has(groups)})
          ORDER BY tenant_key LIMIT ${limit}`,
      );
      return rows.map(tenantOf);
    },

    async tenant(tenantKey) {
      const [row] = await database.read<TenantRow>(
        sql`SELECT ${tenantColumns} AND tenant_key = ${tenantKey}`,
      );
      return row && tenantOf(row);
    },

    async find(tenant, run, dates, after) {
      const [linked, lost, found, counted] = await database.readAll(
        findStatements(tenant, run, dates, after),
      );
      const counts = rowsOf<{ due: number; live: number }>(counted)[0];
      return {
        groups: rowsOf<{ id: string; display_name: string; is_linked: number }>(linked).map(
          (row) => ({ id: row.id, displayName: row.display_name, isLinked: row.is_linked === 1 }),
        ),
        people: rowsOf<{ id: string; department: string | null }>(lost),
        departments: rowsOf<DepartmentFinding>(found),
        due: counts?.due ?? 0,
        live: counts?.live ?? 0,
      };
    },

    linkGroups: (step, links) => linkGroups(database, step, links),
    linkPeople: (step, links) => linkPeople(database, step, links),
    markDepartments: (step, findings) => markDepartments(database, step, findings),
    retireDepartments: (step, limit) => retireDepartments(database, step, limit),
    noteBrake: (step, alert) => noteBrake(database, step, alert),

    async passTenants(fencing, { run }: OpenRun, upTo, count) {
      const written = await database.write(fencing, [
        sql`UPDATE ${reconciliations} SET cursor = ${upTo}, tenants = tenants + ${count}
          WHERE run = ${run} AND cursor < ${upTo}`,
      ]);
      return written.kind === "written" ? "done" : "lease-lost";
    },

    async finishRun(fencing, { run }, finishedAt) {
      await database.write(fencing, [
        sql`UPDATE ${reconciliations} SET finished_at = ${finishedAt} WHERE run = ${run}`,
      ]);
    },
  };
}
