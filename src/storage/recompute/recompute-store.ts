import { sql, type SQL } from "drizzle-orm";

import type { RecomputePosition, RecomputeStore } from "../../directory/recompute/ports.ts";
import { ENTERPRISE_USER_SCHEMA } from "../../scim/schema/enterprise-user.ts";
import { settingsOf, type PresetName } from "../../tenancy/presets.ts";
import { insertChangeFrom } from "../journal/change-statement.ts";
import { ensureDepartments } from "../departments/department-statements.ts";
import { jobDatabase } from "../jobs/job-database.ts";
import { parseOverrides } from "../tenancy/live-tenant-rows.ts";
import { rowsOf } from "../d1/prepare.ts";
import { sameVersion } from "../d1/same-version.ts";
import { parseStoredDocument } from "../stored-document.ts";
import { tenantStates, users } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import {
  diffOfDepartments,
  diffOfEmails,
  linkDepartments,
  selectConflicts,
  updateEmails,
} from "./recompute-statements.ts";

interface PositionRow {
  tenant_key: number;
  epoch: number;
  preset: PresetName;
  overrides: string;
  recompute_after: string;
}

interface PersonRow {
  id: string;
  version: number;
  email: string | null;
  email_key: string | null;
  linked: number;
  document: string;
}

/** A tenant that is paused waits until it is active again, one on its way to another database until it is there. */
const isOpen: SQL = sql`recompute_after IS NOT NULL AND status <> 'paused' AND moving_to IS NULL`;

/** A document may be 256 KiB: only the parts that settings decide about are read. */
const DOCUMENT: SQL = sql`json_object('userName', resource -> '$.userName', 'emails', resource -> '$.emails',
  ${ENTERPRISE_USER_SCHEMA.id}, json_object('department',
    resource -> ${`$."${ENTERPRISE_USER_SCHEMA.id}".department`}))`;

export function recomputeStore(d1: D1Database): RecomputeStore {
  const jobs = jobDatabase(d1, "recompute-people");
  const inTenant = ({ tenantKey, epoch }: RecomputePosition) =>
    tenantDatabase(d1, { key: tenantKey, epoch });

  return {
    lease: jobs.lease,

    async openTenants(limit) {
      const rows = await jobs.read<{ tenant_key: number }>(
        sql`SELECT tenant_key FROM ${tenantStates} WHERE ${isOpen} LIMIT ${limit}`,
      );
      return rows.map((row) => row.tenant_key);
    },

    async position(tenantKey) {
      const [row] = await jobs.read<PositionRow>(
        sql`SELECT tenant_key, epoch, preset, overrides, recompute_after FROM ${tenantStates}
          WHERE tenant_key = ${tenantKey} AND ${isOpen}`,
      );
      return (
        row && {
          tenantKey,
          epoch: row.epoch,
          settings: settingsOf(row.preset, parseOverrides(row.overrides)),
          after: row.recompute_after,
        }
      );
    },

    async people(position, limit) {
      const { tenantKey, after } = position;
      const [found] = await inTenant(position).read([
        sql`SELECT id, version, email, email_key, department_id IS NOT NULL AS linked, ${DOCUMENT} AS document
          FROM ${users} INDEXED BY users_id WHERE tenant_key = ${tenantKey} AND id > ${after}
          ORDER BY id LIMIT ${limit}`,
      ]);
      return rowsOf<PersonRow>(found).map((row) => ({
        id: row.id,
        version: row.version,
        document: parseStoredDocument(row.document),
        email: row.email,
        emailKey: row.email_key,
        linked: row.linked === 1,
      }));
    },

    async advance(position, { next, recomputed, departments, entry }) {
      const { tenantKey: key, after } = position;
      const emails =
        recomputed.emails.length === 0 ? [] : [updateEmails(key, recomputed, entry.at)];
      const conflicts = emails.map(() => selectConflicts(key, recomputed));
      const links =
        recomputed.departments.length === 0
          ? []
          : [
              ensureDepartments(key, JSON.stringify(departments), entry.at),
              linkDepartments(key, recomputed, entry.at),
            ];
      const told = [
        ...emails.map(() => insertChangeFrom(key, entry, diffOfEmails(key, recomputed))),
        ...links
          .slice(1)
          .map(() => insertChangeFrom(key, entry, diffOfDepartments(key, recomputed))),
      ];
      const move = sameVersion(
        sql`UPDATE ${tenantStates} SET recompute_after = ${next}
          WHERE tenant_key = ${key} AND recompute_after = ${after}`,
      );
      const outcome = await inTenant(position).write([
        ...move,
        ...emails,
        ...conflicts,
        ...links,
        ...told,
      ]);
      if (outcome.kind !== "written") return { kind: "moved" };
      const counted = outcome.results[move.length + emails.length];
      const [row] = conflicts.length === 0 ? [] : rowsOf<{ conflicts: number }>(counted);
      return { kind: "advanced", conflicts: row?.conflicts ?? 0 };
    },
  };
}
