import { foldText } from "../fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { sameDocument } from "../value/same-document.ts";
import { asObject } from "./merge-part.ts";
import type { ExtensionTarget, ForeignTarget, PatchOperation } from "./operation.ts";
import { orNothing, withMember } from "./with-member.ts";

/**
 * The document after an operation on a whole extension, which can only clear it, or on an attribute of an extension that
 * no schema describes. Without a schema only the shape of a value says how it is added: lists grow, objects take new
 * members, anything else is replaced.
 */
export function applyForeign(
  document: JsonObject,
  { op, value }: PatchOperation,
  target: ExtensionTarget | ForeignTarget,
): JsonObject {
  const key = keyOf(document, target.uri);
  if (target.kind === "extension") return withMember(document, key, undefined);
  const extension = asObject(document[key]);
  const current = Object.hasOwn(extension, target.name) ? extension[target.name] : undefined;
  const next =
    target.subName === undefined
      ? change(op, current, value)
      : withMember(
          asObject(current),
          target.subName,
          change(op, asObject(current)[target.subName], value),
        );
  return withMember(document, key, orNothing(withMember(extension, target.name, orNothing(next))));
}

function change(
  op: PatchOperation["op"],
  current: JsonValue | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (op !== "add" || value === undefined) return value;
  if (Array.isArray(current)) {
    const added = Array.isArray(value) ? value : [value];
    return [
      ...current,
      ...added.filter((element) => !current.some((known) => sameDocument(known, element))),
    ];
  }
  return isJsonObject(current) && isJsonObject(value) ? { ...current, ...value } : value;
}

/** The spelling in which the document holds the URI already (RFC 8141 §3.1: letter case means nothing). */
function keyOf(document: JsonObject, uri: string): string {
  const folded = foldText(uri);
  return Object.keys(document).find((key) => foldText(key) === folded) ?? uri;
}
