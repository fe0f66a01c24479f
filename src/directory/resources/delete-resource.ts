import { notFound } from "../../scim/error.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { requireVersion, type Precondition } from "../people/change-user.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { keyWrites } from "../key-writes.ts";
import { retryStale, STALE } from "../retry-stale.ts";

/** Removes a resource of the tenant's own type for good; its unique values are free. */
export function deleteResource(
  context: DirectoryContext,
  type: ResourceType,
  id: string,
  precondition: Precondition,
): Promise<void> {
  const { store } = context;
  return retryStale(context, async () => {
    const before = await store.resource(type.name, id);
    if (!before) throw notFound(type.name);
    requireVersion(precondition, before.version);
    const outcome = await store.commit({
      writes: [
        {
          kind: "delete-resource",
          version: before.version,
          resourceType: type.name,
          id,
        },
        ...keyWrites(type, id, before.document, undefined),
      ],
      change: changeBy(context, {
        operation: "delete",
        resourceType: type.name,
        resourceId: id,
        status: 204,
        diff: [],
      }),
    });
    return outcome.kind === "committed" ? undefined : STALE;
  });
}
