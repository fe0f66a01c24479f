import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { clash } from "../clash-error.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { keyWrites } from "../key-writes.ts";
import type { ResourceRecord } from "../../scim/represent.ts";
import { requireSize } from "../require-size.ts";
import { toldDiff } from "../told-diff.ts";

/** Creates a resource of a type that the tenant defined. Throws 409 when a unique value is taken. */
export async function createResource(
  context: DirectoryContext,
  type: ResourceType,
  document: JsonObject,
): Promise<ResourceRecord> {
  requireSize(document);
  const id = context.ids.next();
  const outcome = await context.store.commit({
    writes: [
      { kind: "insert-resource", resource: { type: type.name, id, document } },
      ...keyWrites(type, id, undefined, document),
    ],
    change: changeBy(context, {
      operation: "create",
      resourceType: type.name,
      resourceId: id,
      status: 201,
      diff: toldDiff(type, {}, document),
    }),
  });
  if (outcome.kind === "duplicate") throw clash(outcome.attribute);
  return { id, document, version: 1, createdAt: context.at, updatedAt: context.at };
}
