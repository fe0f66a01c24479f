import { foldText } from "../../scim/fold.ts";
import type { DirectoryContext } from "../context.ts";

const NOBODY: ReadonlySet<string> = new Set();

/**
 * The ids of the people whom provisioning must not touch (setting `excludedEmails`): SCIM neither puts them into a group
 * nor takes them out of one. A request that names them is answered as if they were not here, since a refusal would keep
 * everybody else of a large group waiting. One round trip, and none where nobody is excluded.
 */
export async function outOfReach(context: DirectoryContext): Promise<ReadonlySet<string>> {
  const { actor, people, settings } = context;
  if (actor.kind !== "token" || settings.excludedEmails.length === 0) return NOBODY;
  const keys = settings.excludedEmails.map(foldText);
  const excluded = await people.havingKeys({
    userNameKeys: keys,
    emailKeys: keys,
    externalIds: [],
  });
  return new Set(excluded.map(({ id }) => id));
}
