import { sql, type SQL } from "drizzle-orm";

import type { PeopleFilter } from "../../directory/people/ports.ts";
import { startingWith } from "../filter/starting-with.ts";
import { users } from "../tables.ts";

/** One way through the people of a tenant, in the order of an index. */
export interface PeopleWalk {
  readonly name: "userName" | "email" | "id";
  readonly index: string;
  readonly order: readonly string[];
  /** Where the walk begins and ends; one that is under way has another beginning, since SQLite takes only one. */
  readonly from: SQL;
  readonly to: SQL;
  /** What the index itself leaves out. */
  readonly of: SQL;
  /** Who of it; undefined: everybody. */
  readonly filter: SQL | undefined;
  /** Index entries that a page with a filter passes at most: once to find its end, once to test who lies before it. */
  readonly window: number;
}

// Together 5,000, each read twice: no page reads more than 10,000 rows besides those it gives.
const KEY_WINDOW = 500;
const ID_WINDOW = 4_000;

const USER_NAME = sql`${users}.user_name_key`;
const EMAIL = sql`${users}.email_key`;
const DISPLAY_NAME = sql`lower(json_extract(coalesce(${users}.folded, ${users}.resource), '$.displayName'))`;

/** Whatever the walk's columns hold. */
const EVERYTHING = sql`1`;

const begins = (text: SQL, prefix: string): SQL =>
  sql`ifnull(substr(${text}, 1, length(${prefix})) = ${prefix}, 0)`;

function conditionsOf({ origin, active }: PeopleFilter): SQL[] {
  return [
    ...(origin === undefined ? [] : [sql`${users}.origin = ${origin}`]),
    ...(active === undefined ? [] : [sql`${users}.active = ${active ? 1 : 0}`]),
  ];
}

/**
 * The walks that find everybody whom a filter means, each person once: a prefix is searched by userName, then
 * by email, then in the display names, which have no index.
 */
export function peopleWalks(filter: PeopleFilter): PeopleWalk[] {
  const { prefix, emailKey, active } = filter;
  const conditions = conditionsOf(filter);
  const all = (...more: readonly SQL[]): SQL | undefined => {
    const [first, ...rest] = [...conditions, ...more];
    return first && sql.join([first, ...rest], sql` AND `);
  };
  const byEmail = (part: { from: SQL; to: SQL }, who: SQL | undefined): PeopleWalk => ({
    name: "email",
    index: "users_email",
    order: ["email_key", "email_slot"],
    ...part,
    of: EVERYTHING,
    filter: who,
    window: KEY_WINDOW,
  });
  const byId = (who: SQL | undefined): PeopleWalk => ({
    name: "id",
    index: active === false ? "users_inactive" : "users_id",
    order: ["id"],
    from: EVERYTHING,
    to: EVERYTHING,
    of: active === false ? sql`${users}.active = 0` : EVERYTHING,
    filter: who,
    window: ID_WINDOW,
  });
  if (emailKey !== undefined) {
    const anyOf = (beginning: string) =>
      sql`(${begins(USER_NAME, beginning)} OR ${begins(EMAIL, beginning)} OR ${begins(DISPLAY_NAME, beginning)})`;
    const part = { from: sql`${EMAIL} >= ${emailKey}`, to: sql`${EMAIL} <= ${emailKey}` };
    return [byEmail(part, prefix === undefined ? all() : all(anyOf(prefix)))];
  }
  if (prefix === undefined) return [byId(all())];
  const notByUserName = sql`NOT ${begins(USER_NAME, prefix)}`;
  return [
    {
      name: "userName",
      index: "users_user_name",
      order: ["user_name_key"],
      ...startingWith(USER_NAME, prefix),
      of: EVERYTHING,
      filter: all(),
      window: KEY_WINDOW,
    },
    byEmail(startingWith(EMAIL, prefix), all(notByUserName)),
    byId(all(begins(DISPLAY_NAME, prefix), notByUserName, sql`NOT ${begins(EMAIL, prefix)}`)),
  ];
}
