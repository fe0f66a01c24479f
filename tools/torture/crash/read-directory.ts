import type { BenchClient } from "../../bench/open-client.ts";
import type { Group, Holdings, Person } from "./holdings.ts";
import { ENTERPRISE } from "./user-writes.ts";

const PAGE = 200;

export type Resource = Readonly<Record<string, unknown>>;

/** Everything that SCIM shows of a tenant. */
export interface DirectoryContents {
  readonly users: readonly Resource[];
  readonly groups: readonly Resource[];
}

export async function readDirectory(scim: BenchClient): Promise<DirectoryContents> {
  return { users: await readAll(scim, "/Users"), groups: await readAll(scim, "/Groups") };
}

/** All pages of a list by cursor; throws when they do not hold as many as the list says that there are. */
async function readAll(scim: BenchClient, path: string): Promise<Resource[]> {
  const found: Resource[] = [];
  let cursor: string | undefined = "";
  let total = 0;
  while (cursor !== undefined) {
    const query: string = `count=${PAGE}&cursor=${encodeURIComponent(cursor)}`;
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const { status, text } = await scim.send({ method: "GET", path: `${path}?${query}` });
    if (status !== 200) throw new Error(`GET ${path} was answered with ${status}: ${text}`);
    const page = JSON.parse(text) as {
      Resources: Resource[];
      totalResults: number;
      nextCursor?: string;
    };
    found.push(...page.Resources);
    ({ totalResults: total, nextCursor: cursor } = page);
  }
  if (found.length !== total) {
    throw new Error(`${path} shows ${found.length} resources and counts ${total}.`);
  }
  return found;
}

const versionOf = ({ meta }: Resource): number =>
  Number(/\d+/.exec((meta as { version: string }).version)?.[0]);

export const labelOf = ({ externalId }: Resource): string => String(externalId);
export const idOf = ({ id }: Resource): string => String(id);

const valuesIn = (list: unknown): string[] =>
  ((list ?? []) as { value: string }[]).map(({ value }) => value);

/** What one writer has, as SCIM shows it: everything whose label begins with the prefix. */
export function holdingsIn(
  { users, groups }: DirectoryContents,
  prefix: string,
  shared: readonly string[],
): Holdings {
  const isOwn = (resource: Resource) => labelOf(resource).startsWith(`${prefix}-`);
  const labels = new Map(groups.map((group) => [idOf(group), labelOf(group)]));
  const personIn = (user: Resource): Person => ({
    userName: String(user["userName"]),
    displayName: String(user["displayName"]),
    active: user["active"] === true,
    department: (user[ENTERPRISE] as { department?: string } | undefined)?.department ?? null,
    version: versionOf(user),
    groups: new Set(valuesIn(user["groups"]).map((id) => labels.get(id) ?? `unknown ${id}`)),
  });
  const groupIn = (group: Resource): Group => ({
    displayName: String(group["displayName"]),
    version: shared.includes(labelOf(group)) ? undefined : versionOf(group),
  });
  return {
    people: new Map(users.filter(isOwn).map((user) => [labelOf(user), personIn(user)])),
    groups: new Map(groups.filter(isOwn).map((group) => [labelOf(group), groupIn(group)])),
  };
}

/** A sentence for each membership that only one side shows. */
export function oneSided({ users, groups }: DirectoryContents): string[] {
  const seenFrom = (sides: readonly (readonly [string, string])[]) =>
    new Set(sides.map(([user, group]) => `${user} in ${group}`));
  const byUser = seenFrom(
    users.flatMap((user) => valuesIn(user["groups"]).map((id) => [idOf(user), id] as const)),
  );
  const byGroup = seenFrom(
    groups.flatMap((group) => valuesIn(group["members"]).map((id) => [id, idOf(group)] as const)),
  );
  return [
    ...[...byUser].filter((membership) => !byGroup.has(membership)),
    ...[...byGroup].filter((membership) => !byUser.has(membership)),
  ].map((membership) => `only the person or only the group shows ${membership}`);
}
