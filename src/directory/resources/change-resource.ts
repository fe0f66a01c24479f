import { notFound } from "../../scim/error.ts";
import type { JsonObject } from "../../scim/json.ts";
import { sameDocument } from "../../scim/value/same-document.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { requireVersion, type Precondition } from "../people/change-user.ts";
import { clash } from "../clash-error.ts";
import { changeBy, laterOf, type DirectoryContext } from "../context.ts";
import { keyWrites } from "../key-writes.ts";
import type { ResourceRecord } from "../../scim/represent.ts";
import { requireSize } from "../require-size.ts";
import { retryStale, STALE } from "../retry-stale.ts";
import { toldDiff } from "../told-diff.ts";

/** Load → compute → commit of a resource of the tenant's own type. An equal result writes nothing. */
export function changeResource(
  context: DirectoryContext,
  type: ResourceType,
  id: string,
  request: {
    readonly verb: "replace" | "patch";
    readonly precondition: Precondition;
    compute(document: JsonObject): JsonObject;
  },
): Promise<ResourceRecord> {
  const { store } = context;
  return retryStale(context, async () => {
    const before = await store.resource(type.name, id);
    if (!before) throw notFound(type.name);
    requireVersion(request.precondition, before.version);
    const document = requireSize(request.compute(before.document));
    if (sameDocument(document, before.document)) return before;
    const outcome = await store.commit({
      writes: [
        {
          kind: "update-resource",
          version: before.version,
          resource: { type: type.name, id, document },
        },
        ...keyWrites(type, id, before.document, document),
      ],
      change: changeBy(context, {
        operation: request.verb,
        resourceType: type.name,
        resourceId: id,
        status: 200,
        diff: toldDiff(type, before.document, document),
      }),
    });
    switch (outcome.kind) {
      case "committed":
        return {
          ...before,
          document,
          version: before.version + 1,
          updatedAt: laterOf(before.updatedAt, context.at),
        };
      case "duplicate":
        throw clash(outcome.attribute);
      case "matched":
      case "mass-deactivation":
      case "stale":
        return STALE;
    }
  });
}
