import { sql } from "drizzle-orm";

import type {
  DirectoryStore,
  GroupRecord,
  MatchKeys,
  ResourcePage,
  ResourceQuery,
  ResourceTypeName,
  UserRecord,
} from "../directory/ports.ts";
import type { ResourceRecord } from "../scim/represent.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import { GROUP, USER } from "../scim/schema/resource-types.ts";
import { settingsOf } from "../tenancy/presets.ts";
import type { LiveTenant } from "../tenancy/tenant.ts";
import { insertChange, selectChangeOf } from "./journal/change-statement.ts";
import { commit } from "./commit.ts";
import { departmentsOfRow, selectOtherLinks } from "./departments/departments-of-row.ts";
import { groupColumns, groupRecord, type GroupRow } from "./groups/group-rows.ts";
import {
  membersOfGroup,
  membersOfGroups,
  selectFirstMembers,
} from "./groups/group-member-pages.ts";
import { idChunks } from "./d1/id-chunks.ts";
import { joinAndLeave } from "./groups/join-and-leave.ts";
import {
  hasNoScimUser,
  insertOccasionalChange,
  selectScimUsers,
} from "./journal/occasional-change.ts";
import { rowsOf } from "./d1/prepare.ts";
import { resourcePage } from "./filter/resource-page.ts";
import { resourceColumns, resourceRecord, type ResourceRow } from "./resources/resource-rows.ts";
import { resources } from "./catalogue-tables.ts";
import { groups, users } from "./tables.ts";
import { tenantDatabase } from "./d1/tenant-database.ts";
import { userColumns, userRecord, type UserRow } from "./people/user-rows.ts";

const MATCHING_LIMIT = 10;

interface NamedRow {
  id: string;
  type: ResourceTypeName | null;
}

/** The directory of one tenant in its D1 database. See `DirectoryStore` for what it promises. */
export function directoryStore(d1: D1Database, tenant: LiveTenant): DirectoryStore {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  const settings = settingsOf(tenant.preset, tenant.overrides);

  async function user(
    id: string,
    options: { groups: boolean; departments?: boolean },
  ): Promise<UserRecord | undefined> {
    const [found, links] = await database.read([
      sql`SELECT ${userColumns(options.groups)} FROM ${users} WHERE tenant_key = ${key} AND id = ${id}`,
      ...(options.departments ? [selectOtherLinks(key, id, settings)] : []),
    ]);
    const [row] = rowsOf<UserRow>(found);
    const record = row && userRecord(row);
    if (!record || !options.departments) return record;
    return { ...record, departments: departmentsOfRow(record, links, settings) };
  }

  async function usersPage(query: ResourceQuery): Promise<ResourcePage<UserRecord>> {
    const { baseUrl } = query;
    const table = { name: "users", tenantKey: key, type: USER, baseUrl } as const;
    const page = await resourcePage<UserRow>(database, table, query, userColumns(query.related));
    return { ...page, items: page.items.map(userRecord) };
  }

  async function usersMatching(keys: MatchKeys): Promise<readonly UserRecord[]> {
    const by = (condition: ReturnType<typeof sql>) =>
      sql`SELECT rowid FROM ${users} WHERE tenant_key = ${key} AND ${condition}`;
    const searches = [
      by(sql`user_name_key = ${keys.userNameKey}`),
      ...(keys.externalId === null ? [] : [by(sql`external_id = ${keys.externalId}`)]),
      ...(keys.emailKey === null ? [] : [by(sql`email_key = ${keys.emailKey}`)]),
    ];
    const [found] = await database.read([
      sql`SELECT ${userColumns(true)} FROM ${users}
        WHERE rowid IN (${sql.join(searches, sql` UNION `)})
        ORDER BY user_name_key = ${keys.userNameKey} DESC, email_key IS ${keys.emailKey} DESC,
          active ASC LIMIT ${MATCHING_LIMIT}`,
    ]);
    return rowsOf<UserRow>(found).map(userRecord);
  }

  async function group(
    id: string,
    options: { members: boolean },
  ): Promise<GroupRecord | undefined> {
    const [found, first] = await database.read([
      sql`SELECT ${groupColumns} FROM ${groups} WHERE tenant_key = ${key} AND id = ${id}`,
      ...(options.members ? [selectFirstMembers(key, id)] : []),
    ]);
    const [row] = rowsOf<GroupRow>(found);
    return row && groupRecord(row, first && membersOfGroup(database, row, first));
  }

  async function groupsPage(query: ResourceQuery): Promise<ResourcePage<GroupRecord>> {
    const { baseUrl } = query;
    const table = { name: "groups", tenantKey: key, type: GROUP, baseUrl } as const;
    const page = await resourcePage<GroupRow>(database, table, query, groupColumns);
    const members = query.related ? await membersOfGroups(database, page.items) : undefined;
    return { ...page, items: page.items.map((row, at) => groupRecord(row, members?.[at])) };
  }

  async function resource(type: string, id: string): Promise<ResourceRecord | undefined> {
    const [found] = await database.read([
      sql`SELECT ${resourceColumns} FROM ${resources}
        WHERE tenant_key = ${key} AND type = ${type} AND id = ${id}`,
    ]);
    const [row] = rowsOf<ResourceRow>(found);
    return row && resourceRecord(row);
  }

  async function resourcesPage(
    type: ResourceType,
    query: ResourceQuery,
  ): Promise<ResourcePage<ResourceRecord>> {
    const { baseUrl } = query;
    const table = { name: "resources", tenantKey: key, type, baseUrl } as const;
    const page = await resourcePage<ResourceRow>(database, table, query, resourceColumns);
    return { ...page, items: page.items.map(resourceRecord) };
  }

  async function known(ids: readonly string[], visible: ResourceQuery["visible"]) {
    const named = new Map<string, ResourceTypeName>();
    if (ids.length === 0) return named;
    const onlyVisible = visible === "scim" ? sql` AND origin = 'scim'` : sql``;
    const found = await database.read(
      idChunks(ids).map(
        (chunk) => sql`SELECT named.value AS id, CASE
            WHEN EXISTS (SELECT 1 FROM ${users} WHERE tenant_key = ${key} AND id = named.value${onlyVisible})
              THEN 'User'
            WHEN EXISTS (SELECT 1 FROM ${groups} WHERE tenant_key = ${key} AND id = named.value) THEN 'Group'
          END AS type FROM json_each(${chunk}) AS named`,
      ),
    );
    for (const { id, type } of found.flatMap((result) => rowsOf<NamedRow>(result))) {
      if (type !== null) named.set(id, type);
    }
    return named;
  }

  return {
    user,
    users: usersPage,
    usersMatching,
    group,
    groups: groupsPage,
    known,
    resource,
    resources: resourcesPage,
    commit: (plan) => commit(database, plan, settings),
    joinAndLeave: (plan) => joinAndLeave(database, plan),
    confirm: () => database.confirm(),
    async recordRefusal(change) {
      await database.write([insertChange(key, change)], selectChangeOf(key, change));
    },
    async recordOnce(change, notSince) {
      await database.write([insertOccasionalChange(key, change, notSince)]);
    },
    async recordEarlyRead(change, notSince) {
      const early = hasNoScimUser(key);
      const written = await database.write([
        insertOccasionalChange(key, change, notSince, early),
        selectScimUsers(key),
      ]);
      if (written.kind !== "written") return true;
      const [counts] = rowsOf<{ users_scim: number }>(written.results[1]);
      return counts?.users_scim === 0;
    },
  };
}
