import { sql, type SQL } from "drizzle-orm";

import type { RetentionStep, RetentionStore } from "../../directory/retention/ports.ts";
import { settingsOf, type PresetName } from "../../tenancy/presets.ts";
import { reconciliations, traffic } from "../job-tables.ts";
import { jobDatabase, type JobWrite } from "../jobs/job-database.ts";
import { firstAt } from "../journal/seq-at.ts";
import { parseOverrides } from "../tenancy/live-tenant-rows.ts";
import { prepare } from "../d1/prepare.ts";
import { withRetry } from "../d1/with-retry.ts";
import { alerts, invitations } from "../notice-tables.ts";
import { assignments, formerPeople } from "../people-tables.ts";
import { staysHereOf } from "../notices/stays-here-of.ts";
import { staysHere } from "../tenancy/stays-here.ts";
import {
  changes,
  credentialIndex,
  credentials,
  departmentMembers,
  departments,
  formerUsers,
  groups,
  guards,
  tenantStates,
  users,
} from "../tables.ts";

const DAY_MS = 86_400_000;
/** Of each table, in one transaction. */
const ROWS = 5_000;

interface TenantRow {
  tenant_key: number;
  preset: PresetName;
  overrides: string;
  oldest: string | null;
}

const stepOf = (outcome: JobWrite): RetentionStep => {
  if (outcome.kind !== "written") return "overtaken";
  return outcome.results.some(({ meta }) => meta.changes >= ROWS) ? "more" : "done";
};

/** What is left of people whose deletions are told by rows of the journal from one number up to another. */
function forgetDeleted(tenantKey: number, from: number, to: number): SQL[] {
  const ofTenant = sql`tenant_key = ${tenantKey}`;
  const gone = sql`(SELECT resource_id FROM ${changes} WHERE ${ofTenant} AND seq >= ${from} AND seq < ${to}
    AND operation = 'delete' AND outcome = 'applied' AND resource_type = 'User')`;
  return [
    sql`DELETE FROM ${assignments} WHERE ${ofTenant} AND user_id IN ${gone}`,
    sql`DELETE FROM ${invitations} WHERE ${ofTenant} AND user_id IN ${gone}`,
    sql`DELETE FROM ${formerPeople} INDEXED BY former_people_id WHERE ${ofTenant} AND id IN ${gone}`,
    // Of a version that kept people there, too.
    sql`DELETE FROM ${formerUsers} INDEXED BY former_users_id WHERE ${ofTenant} AND id IN ${gone}`,
  ];
}

/** The past of the tenants of one database; `control` knows where their tokens are. */
export function retentionStore(d1: D1Database, control: D1Database): RetentionStore {
  const jobs = jobDatabase(d1, "purge-old-rows");

  return {
    lease: jobs.lease,

    async tenantsAfter(tenantKey, limit, now) {
      const rows = await jobs.read<TenantRow>(
        sql`SELECT tenant_key, preset, overrides, (SELECT at FROM ${changes}
            WHERE ${changes}.tenant_key = ${tenantStates}.tenant_key ORDER BY seq LIMIT 1) AS oldest
          FROM ${tenantStates} WHERE tenant_key > ${tenantKey} AND moving_to IS NULL
          ORDER BY tenant_key LIMIT ${limit}`,
      );
      return rows.map((row) => {
        const { logRetentionDays } = settingsOf(row.preset, parseOverrides(row.overrides));
        const before = new Date(now - logRetentionDays * DAY_MS).toISOString();
        return {
          tenantKey: row.tenant_key,
          before,
          isDue: row.oldest !== null && row.oldest < before,
        };
      });
    },

    async purgeJournal(fencing, { tenantKey, before }) {
      const ofTenant = sql`FROM ${changes} WHERE tenant_key = ${tenantKey} ORDER BY seq`;
      const [row] = await jobs.read<Record<"first" | "last" | "end", number | null>>(
        sql`SELECT (SELECT seq ${ofTenant} LIMIT 1) AS first, (SELECT seq ${ofTenant} DESC LIMIT 1) AS last,
          ${firstAt(tenantKey, before)} AS end`,
      );
      const from = row?.first ?? 0;
      const end = Math.min(row?.end ?? from, row?.last ?? from);
      const to = Math.min(end, from + ROWS);
      if (from >= to) return "done";
      const outcome = await jobs.write(fencing, [
        sql`INSERT INTO ${guards} (fence) SELECT 0 WHERE NOT ${staysHere(tenantKey)}`,
        ...forgetDeleted(tenantKey, from, to),
        sql`DELETE FROM ${changes} WHERE tenant_key = ${tenantKey} AND seq >= ${from} AND seq < ${to}`,
      ]);
      if (outcome.kind !== "written") return "overtaken";
      return to < end ? "more" : "done";
    },

    async purgeRest(fencing, tenants, trafficBefore) {
      const named = sql`json_each(${JSON.stringify(tenants)}) AS named CROSS JOIN ${tenantStates} AS home
        ON home.tenant_key = named.value ->> 'tenantKey' AND home.moving_to IS NULL`;
      const before = sql`named.value ->> 'before'`;
      const refers = (table: SQL) => sql`EXISTS (SELECT 1 FROM ${table} AS source
        WHERE source.tenant_key = department.tenant_key AND source.department_id = department.id)`;
      return stepOf(
        await jobs.write(fencing, [
          sql`DELETE FROM ${departments} WHERE (tenant_key, id) IN (
            SELECT department.tenant_key, department.id FROM ${named}
            CROSS JOIN ${departments} AS department ON department.tenant_key = home.tenant_key
            WHERE department.retired_at < ${before} AND NOT ${refers(sql`${groups}`)}
              AND NOT ${refers(sql`${users}`)} AND NOT ${refers(sql`${departmentMembers}`)} LIMIT ${ROWS})`,
          sql`DELETE FROM ${alerts} WHERE (tenant_key, id) IN (
            SELECT alert.tenant_key, alert.id FROM ${named}
            CROSS JOIN ${alerts} AS alert ON alert.tenant_key = home.tenant_key
            WHERE alert.resolved_at < ${before} LIMIT ${ROWS})`,
          sql`DELETE FROM ${traffic} WHERE (tenant_key, hour) IN (
            SELECT hours.tenant_key, hours.hour FROM ${named}
            CROSS JOIN ${traffic} AS hours ON hours.tenant_key = home.tenant_key
              AND hours.hour < ${trafficBefore} LIMIT ${ROWS})`,
        ]),
      );
    },

    async purgeRuns(fencing, before) {
      return stepOf(
        await jobs.write(fencing, [
          sql`DELETE FROM ${reconciliations} WHERE run IN (
            SELECT run FROM ${reconciliations} WHERE finished_at < ${before} ORDER BY run LIMIT ${ROWS})`,
        ]),
      );
    },

    async purgeAccessTokens(fencing, before) {
      const areOver = sql`kind = 'access' AND expires_at < ${before} AND ${staysHereOf(sql`${credentials}`)}`;
      const rows = await jobs.read<{ digest: string; former_digest: string | null }>(
        sql`SELECT digest, former_digest FROM ${credentials} WHERE ${areOver} LIMIT ${ROWS}`,
      );
      if (rows.length === 0) return "done";
      const digests = JSON.stringify(
        rows.flatMap(({ digest, former_digest: former }) => [digest, ...(former ? [former] : [])]),
      );
      const named = sql`digest IN (SELECT value FROM json_each(${digests}))`;
      // First where they are looked for: of a row that is gone, nobody would know the digests any more.
      await withRetry(() =>
        prepare(control, sql`DELETE FROM ${credentialIndex} WHERE ${named}`).run(),
      );
      return stepOf(
        await jobs.write(fencing, [sql`DELETE FROM ${credentials} WHERE ${named} AND ${areOver}`]),
      );
    },
  };
}
