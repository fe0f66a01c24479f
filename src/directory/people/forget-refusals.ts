import type { DirectoryContext } from "../context.ts";
import type { Write } from "../ports.ts";
import type { UserKeys } from "./user-keys.ts";

interface Erased {
  readonly id: string;
  readonly keys: Pick<UserKeys, "userNameKey" | "externalId">;
}

/**
 * For people who are erased: what the journal says of creates that were refused and named one of them. Such rows have
 * no id to be found by. One that is refused later is a new trace, of somebody who was sent again.
 */
export async function forgetRefusals(
  { people }: Pick<DirectoryContext, "people">,
  erased: readonly Erased[],
): Promise<Write> {
  const seqs = await people.refusalsNaming({
    ids: erased.map(({ id }) => id),
    names: erased
      .flatMap(({ keys }) => [keys.userNameKey, keys.externalId])
      .filter((name) => name !== null),
  });
  return { kind: "forget-refusals", seqs };
}
