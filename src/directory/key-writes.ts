import type { JsonObject } from "../scim/json.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import type { DirectoryContext } from "./context.ts";
import type { Write } from "./ports.ts";
import { keyChanges, uniqueKeys } from "./unique-keys.ts";

/** The tenant's resource type of that name. User and Group are always there. */
export function typeNamed(context: DirectoryContext, name: string): ResourceType {
  const type = context.types.find((candidate) => candidate.name === name);
  if (!type)
    throw new Error(`A verb was called for the resource type ${name}, which is not there.`);
  return type;
}

/** What a change of a document does to unique values; `undefined` stands for a document that is not there. */
export function keyWrites(
  type: ResourceType,
  id: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): Write[] {
  const changes = keyChanges(
    before ? uniqueKeys(before, type) : [],
    after ? uniqueKeys(after, type) : [],
  );
  return changes ? [{ kind: "change-keys", resourceType: type.name, id, ...changes }] : [];
}
