import { sql } from "drizzle-orm";

import type { LikePerson, PeopleViews } from "../../directory/people/ports.ts";
import type { Origin, UserRecord } from "../../directory/ports.ts";
import type { LiveTenant } from "../../tenancy/tenant.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import { rowsOf } from "../d1/prepare.ts";
import { parseStoredDocument } from "../stored-document.ts";
import { users } from "../tables.ts";
import { tenantDatabase, type TenantDatabase } from "../d1/tenant-database.ts";
import { userColumns, userRecord, type UserRow } from "./user-rows.ts";
import { changesOfPerson } from "./changes-of-person.ts";
import { formerPerson, selectFormer, selectFormerNamed, type FormerRow } from "./former-rows.ts";
import { selectHavingKeys } from "./keyed-people.ts";
import { peoplePage } from "./people-page.ts";
import { refusalsNaming } from "./refusals-naming.ts";

interface LikeRow {
  id: string;
  user_name: string | null;
  email: string | null;
  work_email_key: string | null;
  external_id: string | null;
  given_name: string | null;
  family_name: string | null;
  display_name: string | null;
  origin: Origin;
  active: number;
}

async function likenessPage(
  database: TenantDatabase,
  { limit, cursor }: PageRequest,
): Promise<Page<LikePerson>> {
  const text = (path: string) => sql`json_extract(resource, ${path})`;
  const [found] = await database.read([
    sql`SELECT id, email, work_email_key, external_id, origin, active, ${text("$.userName")} AS user_name,
        ${text("$.name.givenName")} AS given_name, ${text("$.name.familyName")} AS family_name,
        ${text("$.displayName")} AS display_name
      FROM ${users} INDEXED BY users_id WHERE tenant_key = ${database.key} AND id > ${cursor ?? ""}
      ORDER BY id LIMIT ${limit}`,
  ]);
  const items = rowsOf<LikeRow>(found).map((row) => ({
    id: row.id,
    userName: row.user_name,
    email: row.email,
    emails: [row.email, row.work_email_key].filter((email) => email !== null),
    externalId: row.external_id,
    givenName: row.given_name,
    familyName: row.family_name,
    displayName: row.display_name,
    origin: row.origin,
    active: row.active === 1,
  }));
  return { items, nextCursor: items.length === limit ? items.at(-1)?.id : undefined };
}

/** The people of one tenant in its D1 database. See `PeopleViews` for what it promises. */
export function peopleViews(d1: D1Database, tenant: LiveTenant): PeopleViews {
  const database = tenantDatabase(d1, tenant);
  const { key } = database;
  const recordsOf = (result: D1Result | undefined): UserRecord[] =>
    rowsOf<UserRow>(result).map(userRecord);

  return {
    page: (request) => peoplePage(database, request),
    async byIds(ids) {
      if (ids.length === 0) return [];
      const [found] = await database.read([
        sql`SELECT ${userColumns(true)} FROM json_each(${JSON.stringify(ids)}) AS named CROSS JOIN ${users}
          WHERE ${users}.tenant_key = ${key} AND ${users}.id = named.value ORDER BY ${users}.id`,
      ]);
      return recordsOf(found);
    },
    async one(id) {
      const [present, former] = await database.read([
        sql`SELECT ${userColumns(true)} FROM ${users} WHERE tenant_key = ${key} AND id = ${id}`,
        selectFormer(key, id),
      ]);
      const [user] = recordsOf(present);
      if (user) return { kind: "present", user };
      const [row] = rowsOf<FormerRow>(former);
      return row && { kind: "former", person: formerPerson(row) };
    },
    async formerOf({ id, userNameKey }) {
      const found = await database.read([
        selectFormerNamed(key, userNameKey),
        ...(id === null ? [] : [selectFormer(key, id)]),
      ]);
      const people = found.flatMap((result) => rowsOf<FormerRow>(result)).map(formerPerson);
      return [...new Map(people.map((person) => [person.id, person])).values()];
    },
    async havingKeys(keys) {
      const [found] = await database.read([selectHavingKeys(key, keys)]);
      return recordsOf(found);
    },
    likenesses: (request) => likenessPage(database, request),
    changesOf: (id, request) => changesOfPerson(database, id, request),
    refusalsNaming: (people) => refusalsNaming(database, people),
    async adoptedFrom(id) {
      const [found] = await database.read([
        sql`SELECT adopted_from FROM ${users} WHERE tenant_key = ${key} AND id = ${id}`,
      ]);
      const text = rowsOf<{ adopted_from: string | null }>(found)[0]?.adopted_from;
      return typeof text === "string" ? parseStoredDocument(text) : undefined;
    },
  };
}
