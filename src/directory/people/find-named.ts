import { foldText } from "../../scim/fold.ts";
import type { DirectoryContext } from "../context.ts";
import type { UserRecord } from "../ports.ts";

const LOOKED_UP_TOGETHER = 500;

export interface NamedPeople {
  readonly ids: readonly string[];
  /** What names nobody. */
  readonly unknown: readonly string[];
  /** Addresses of several people. */
  readonly ambiguous: readonly string[];
}

/**
 * The people whom user names and email addresses mean, in any letters. A user name goes before an address, and the
 * address that the product uses before another one for work.
 */
export async function findNamed(
  { people }: Pick<DirectoryContext, "people">,
  names: readonly string[],
): Promise<NamedPeople> {
  const named = [...new Map(names.map((name) => [foldText(name), name]))];
  const found = new Map<string, readonly UserRecord[]>();
  for (let at = 0; at < named.length; at += LOOKED_UP_TOGETHER) {
    const keys = named.slice(at, at + LOOKED_UP_TOGETHER).map(([key]) => key);
    const having = await people.havingKeys({
      userNameKeys: keys,
      emailKeys: keys,
      externalIds: [],
    });
    const meant = meantBy(having);
    for (const key of keys) found.set(key, meant(key));
  }
  const those = (isMeant: (count: number) => boolean) =>
    named.flatMap(([key, name]) => (isMeant(found.get(key)?.length ?? 0) ? [name] : []));
  return {
    ids: [...found.values()].flatMap(([one, ...others]) =>
      one && others.length === 0 ? [one.id] : [],
    ),
    unknown: those((count) => count === 0),
    ambiguous: those((count) => count > 1),
  };
}

function meantBy(people: readonly UserRecord[]): (key: string) => readonly UserRecord[] {
  const searches = (["userNameKey", "emailKey", "workEmailKey"] as const).map((column) =>
    Map.groupBy(people, ({ keys }) => keys[column]),
  );
  return (key) => searches.map((search) => search.get(key)).find((hits) => hits) ?? [];
}
