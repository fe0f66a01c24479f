import { sql, type SQL } from "drizzle-orm";

import type { PeopleFilter } from "../../directory/people/ports.ts";
import type { UserRecord } from "../../directory/ports.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import { rowsOf } from "../d1/prepare.ts";
import { users } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";
import { userColumns, userRecord, type UserRow } from "./user-rows.ts";
import { peopleWalks, type PeopleWalk } from "./people-walks.ts";

/** Where a page begins: behind these keys of a walk, or with its first row. */
interface Position {
  readonly walk: PeopleWalk["name"];
  readonly keys: readonly string[] | undefined;
}

interface KeyRow {
  keys: string;
}

/** In no text that is stored: SCIM and the admin API refuse it. */
const SEPARATOR = "\0";

const writePosition = ({ walk, keys }: Position): string => [walk, ...(keys ?? [])].join(SEPARATOR);

/** The guarantee of the cast: the statement below made this text. */
const readTexts = (text: string) => JSON.parse(text) as string[];

function readPosition(cursor: string): Position {
  const [walk, ...keys] = cursor.split(SEPARATOR);
  return {
    walk: walk === "userName" || walk === "email" ? walk : "id",
    keys: keys.length > 0 ? keys : undefined,
  };
}

const tuple = (parts: readonly SQL[]): SQL => sql`(${sql.join([...parts], sql`, `)})`;
const columnsOf = ({ order }: PeopleWalk): SQL[] =>
  order.map((column) => sql`${users}.${sql.identifier(column)}`);
const valuesOf = (keys: readonly string[]): SQL[] => keys.map((key) => sql`${key}`);

/** What a walk gives of a page, and where the next one begins when the walk is not over. */
async function walkOn(
  database: TenantDatabase,
  walk: PeopleWalk,
  after: readonly string[] | undefined,
  limit: number,
  groups: boolean,
): Promise<{ rows: UserRow[]; next: readonly string[] | undefined }> {
  const columns = columnsOf(walk);
  const order = sql.join(columns, sql`, `);
  const keys = sql`json_array(${order}) AS keys`;
  const from = after ? sql`${tuple(columns)} > ${tuple(valuesOf(after))}` : walk.from;
  const part = sql`FROM ${users} INDEXED BY ${sql.identifier(walk.index)}
    WHERE ${users}.tenant_key = ${database.key} AND ${walk.of} AND ${from}`;
  const [end] = walk.filter
    ? await database.read([
        sql`SELECT ${keys} ${part} AND ${walk.to} ORDER BY ${order} LIMIT 1 OFFSET ${walk.window - 1}`,
      ])
    : [];
  const [last] = rowsOf<KeyRow>(end);
  const to = last ? sql`${tuple(columns)} <= ${tuple(valuesOf(readTexts(last.keys)))}` : walk.to;
  const filter = walk.filter ? sql` AND ${walk.filter}` : sql``;
  // One row more than asked for tells whether there is another one.
  const [found] = await database.read([
    sql`SELECT ${userColumns(groups)}, ${keys} ${part} AND ${to}${filter} ORDER BY ${order} LIMIT ${limit + 1}`,
  ]);
  const rows = rowsOf<UserRow & KeyRow>(found);
  const lastGiven = rows.length > limit ? rows[limit - 1] : last;
  return { rows: rows.slice(0, limit), next: lastGiven && readTexts(lastGiven.keys) };
}

/** See `PeopleViews.page`. One round trip to three; five for a prefix that few people have. */
export async function peoplePage(
  database: TenantDatabase,
  request: PageRequest & PeopleFilter & { readonly groups: boolean },
): Promise<Page<UserRecord>> {
  const walks = peopleWalks(request);
  const start = request.cursor === undefined ? undefined : readPosition(request.cursor);
  const found: UserRow[] = [];
  const first = start ? walks.findIndex(({ name }) => name === start.walk) : 0;
  const left = walks.slice(Math.max(first, 0));
  // A cursor that nobody gave leads to the beginning.
  let after = start?.keys?.length === left[0]?.order.length ? start?.keys : undefined;
  for (const [at, walk] of left.entries()) {
    const { rows, next } = await walkOn(
      database,
      walk,
      after,
      request.limit - found.length,
      request.groups,
    );
    found.push(...rows);
    const items = () => found.map(userRecord);
    if (next) return { items: items(), nextCursor: writePosition({ walk: walk.name, keys: next }) };
    after = undefined;
    const following = left[at + 1];
    if (found.length === request.limit && following) {
      return {
        items: items(),
        nextCursor: writePosition({ walk: following.name, keys: undefined }),
      };
    }
  }
  return { items: found.map(userRecord), nextCursor: undefined };
}
