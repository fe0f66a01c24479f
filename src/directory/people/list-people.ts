import { foldText } from "../../scim/fold.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { DirectoryContext } from "../context.ts";
import type { Origin, UserRecord } from "../ports.ts";
import type { PeopleFilter } from "./ports.ts";
import { withDepartments } from "./with-departments.ts";

export interface PeopleQuery extends PageRequest {
  /** The beginning of a userName, an email or a display name, in any letters. */
  readonly q?: string | undefined;
  readonly email?: string | undefined;
  readonly origin?: Origin | undefined;
  readonly active?: boolean | undefined;
  /** The id of a department. */
  readonly department?: string | undefined;
}

/**
 * A page of the tenant's people with their groups and departments; see `PeopleViews.page`. The members of one
 * department come in the order of their ids.
 */
export async function listPeople(
  context: DirectoryContext,
  query: PeopleQuery,
): Promise<Page<UserRecord>> {
  const { limit, cursor, q, email, origin, active } = query;
  const prefix = q === undefined ? undefined : foldText(q);
  const emailKey = email === undefined ? undefined : foldText(email);
  const filter = { prefix, emailKey, origin, active };
  const page =
    query.department === undefined
      ? await context.people.page({ limit, cursor, ...filter, groups: true })
      : await membersWho(context, query.department, { limit, cursor }, fits(filter));
  return { ...page, items: await withDepartments(context, page.items) };
}

/** The same conditions as those of `PeopleViews.page`. */
const fits =
  ({ prefix, emailKey, origin, active }: PeopleFilter) =>
  ({ document, keys, ...user }: UserRecord): boolean => {
    const displayName = document["displayName"];
    const texts = [
      keys.userNameKey,
      keys.emailKey ?? "",
      typeof displayName === "string" ? foldText(displayName) : "",
    ];
    return (
      (prefix === undefined || texts.some((text) => text.startsWith(prefix))) &&
      (emailKey === undefined || keys.emailKey === emailKey) &&
      (origin === undefined || user.origin === origin) &&
      (active === undefined || user.active === active)
    );
  };

/** One page of members, those who do not fit left out: a page may be short or empty, and yet another one follow. */
async function membersWho(
  { departments, people }: DirectoryContext,
  department: string,
  request: PageRequest,
  fit: (user: UserRecord) => boolean,
): Promise<Page<UserRecord>> {
  const page = await departments.members(department, request);
  if (!page) return { items: [], nextCursor: undefined };
  const ids = page.items.filter(({ user }) => fit(user)).map(({ user }) => user.id);
  return { items: await people.byIds(ids), nextCursor: page.nextCursor };
}
