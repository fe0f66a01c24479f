import { sql, type SQL } from "drizzle-orm";

import type { Change } from "../../journal/change.ts";
import { foldText } from "../../scim/fold.ts";
import type { TenantStore } from "../../tenancy/ports.ts";
import { settingsOf } from "../../tenancy/presets.ts";
import type { LiveTenant, NewTenant, Tenant } from "../../tenancy/tenant.ts";
import { insertChange, selectChangeOf } from "../journal/change-statement.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { removeTenant } from "../deletion/remove-tenant.ts";
import { insertTenant } from "./insert-tenant.ts";
import { liveTenant, parseOverrides, stateColumns, type StateRow } from "./live-tenant-rows.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { rewriteAddressSlots, selectAddressSharers } from "../recompute/address-slots.ts";
import { tenants, tenantStates } from "../tables.ts";
import { tenantDatabase } from "../d1/tenant-database.ts";
import { withRetry } from "../d1/with-retry.ts";

interface TenantRow {
  id: string;
  slug: string;
  name: string;
  organisation: string | null;
  database: string;
  created_at: string;
}

const columns = sql`id, slug, name, organisation, database, created_at`;

const tenantOf = ({ row, state }: { row: TenantRow; state: StateRow }): Tenant => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  organisation: row.organisation,
  status: state.status,
  preset: state.preset,
  settings: settingsOf(state.preset, parseOverrides(state.overrides)),
  createdAt: row.created_at,
});

/** The tenants of the deployment: their list in the control database, the state of each in its own. */
export function tenantStore(databases: Databases): TenantStore {
  const query = async <Row>(database: D1Database, statement: SQL): Promise<Row[]> =>
    rowsOf<Row>(await withRetry(() => prepare(database, statement).run()));

  async function statesOf(rows: readonly TenantRow[]): Promise<Map<string, StateRow>> {
    const states = new Map<string, StateRow>();
    for (const name of new Set(rows.map((row) => row.database))) {
      const ids = rows.filter((row) => row.database === name).map((row) => row.id);
      const found = await query<StateRow & { tenant_id: string }>(
        databases.named(name),
        sql`SELECT tenant_id, ${stateColumns} FROM ${tenantStates}
          WHERE tenant_id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      );
      for (const state of found) states.set(state.tenant_id, state);
    }
    return states;
  }

  const rowsWhere = (condition: SQL) =>
    query<TenantRow>(databases.control, sql`SELECT ${columns} FROM ${tenants} WHERE ${condition}`);

  /** One that moved after its row was read is looked for at its new place: none may be missing from a list. */
  async function withStates(
    rows: readonly TenantRow[],
  ): Promise<{ row: TenantRow; state: StateRow }[]> {
    const states = await statesOf(rows);
    const lost = rows.filter((row) => !states.has(row.id)).map((row) => row.id);
    const moved =
      lost.length === 0
        ? []
        : await rowsWhere(sql`id IN (SELECT value FROM json_each(${JSON.stringify(lost)}))`);
    const found = new Map(moved.map((row) => [row.id, row]));
    const newStates = await statesOf(moved);
    return rows.flatMap((old) => {
      const row = found.get(old.id) ?? old;
      const state = states.get(row.id) ?? newStates.get(row.id);
      return state ? [{ row, state }] : [];
    });
  }

  async function bySlug(slug: string): Promise<Tenant | undefined> {
    const [known] = await withStates(await rowsWhere(sql`slug = ${slug}`));
    return known && tenantOf(known);
  }

  async function liveBySlug(slug: string): Promise<LiveTenant | undefined> {
    const [known] = await withStates(await rowsWhere(sql`slug = ${slug}`));
    if (!known || known.state.tenant_key === null) return undefined;
    return liveTenant(known.row, { ...known.state, tenant_key: known.state.tenant_key });
  }

  async function create(tenant: NewTenant, entry: Change): ReturnType<TenantStore["create"]> {
    const outcome = await insertTenant(databases, tenant, entry);
    if (outcome === "duplicate") return { kind: "duplicate" };
    const { overrides, ...shown } = tenant;
    return {
      kind: "created",
      tenant: { ...shown, status: "active", settings: settingsOf(tenant.preset, overrides) },
    };
  }

  async function list(page: Parameters<TenantStore["list"]>[0]): ReturnType<TenantStore["list"]> {
    const conditions = [
      sql`id > ${page.cursor ?? ""}`,
      ...(page.organisation === undefined ? [] : [sql`organisation = ${page.organisation}`]),
      ...(page.q === undefined
        ? []
        : [
            sql`(substr(slug, 1, length(${page.q})) = ${page.q}
            OR substr(name_key, 1, length(${foldText(page.q)})) = ${foldText(page.q)})`,
          ]),
    ];
    const rows = await query<TenantRow>(
      databases.control,
      sql`SELECT ${columns} FROM ${tenants} WHERE ${sql.join(conditions, sql` AND `)}
        ORDER BY id LIMIT ${page.limit + 1}`,
    );
    const shown = rows.slice(0, page.limit);
    return {
      items: (await withStates(shown)).map(tenantOf),
      nextCursor: rows.length > page.limit ? shown.at(-1)?.id : undefined,
    };
  }

  async function update(
    tenant: LiveTenant,
    change: Parameters<TenantStore["update"]>[1],
    { effects, entry }: Parameters<TenantStore["update"]>[2],
  ): ReturnType<TenantStore["update"]> {
    const { id } = tenant;
    const [row] = await rowsWhere(sql`id = ${id}`);
    if (!row) return undefined;
    const assignments = [
      sql`epoch = epoch + 1`,
      ...(change.status === undefined ? [] : [sql`status = ${change.status}`]),
      ...(change.overrides === undefined
        ? []
        : [sql`overrides = ${JSON.stringify(change.overrides)}`]),
      ...(effects.recompute ? [sql`recompute_after = ''`] : []),
    ];
    const { name = row.name, organisation = row.organisation } = change;
    // Only what is new: another change may be under way to the rest.
    const facts = [
      ...(name === row.name ? [] : [sql`name = ${name}, name_key = ${foldText(name)}`]),
      ...(organisation === row.organisation ? [] : [sql`organisation = ${organisation}`]),
    ];
    const line =
      facts.length === 0
        ? []
        : [sql`UPDATE ${tenants} SET ${sql.join(facts, sql`, `)} WHERE id = ${id}`];
    const isControl = tenant.database === CONTROL_DATABASE;
    // Where `tenant` was read, and not where its row says now: its key means somebody else there.
    const place = databases.named(tenant.database);
    const written = await tenantDatabase(place, tenant).write(
      [
        sql`UPDATE ${tenantStates} SET ${sql.join(assignments, sql`, `)} WHERE tenant_id = ${id}`,
        ...rewriteAddressSlots(tenant.key, effects.addresses),
        ...(isControl ? line : []),
        insertChange(tenant.key, entry),
      ],
      selectChangeOf(tenant.key, entry),
    );
    if (written.kind !== "written") {
      const shared = await query<{ people: number }>(place, selectAddressSharers(tenant.key));
      return { kind: "shared-addresses", people: shared[0]?.people ?? 0 };
    }
    // Second, since what may be refused comes first; whoever sends a change again that ended here makes up for it.
    if (!isControl) for (const statement of line) await query(databases.control, statement);
    // Not read again: it was written whole, and another change may have come since.
    const overrides = change.overrides ?? tenant.overrides;
    return {
      kind: "updated",
      tenant: {
        id,
        slug: row.slug,
        name,
        organisation,
        status: change.status ?? tenant.status,
        preset: tenant.preset,
        settings: settingsOf(tenant.preset, overrides),
        createdAt: row.created_at,
      },
    };
  }

  return {
    create,
    bySlug,
    liveBySlug,
    list,
    update,
    remove: (tenant, at) => removeTenant(databases, tenant, at),
  };
}
