import { mutability } from "../error.ts";
import { printPath } from "../filter/print.ts";
import { SCHEMAS } from "../schema/common-attributes.ts";
import type { AttributeTarget } from "./operation.ts";

/**
 * Whether an operation on this target may go on, or is dropped without a word. An explicit path to a read-only
 * attribute is 400 `mutability` (RFC 7644 §3.5.2); as a key of a path-less value it is ignored, because Okta sends
 * `id`, and other clients `meta` and `groups`, along with what they change. A password is never kept. `schemas`
 * follows from the attributes that a resource has, so that a client can neither set it nor get it wrong.
 */
export function checkTarget({ path }: AttributeTarget, isPath: boolean): "use" | "drop" {
  const { attribute, subAttribute } = path;
  if (attribute === SCHEMAS) return "drop";
  if (attribute.mutability === "readOnly" || subAttribute?.mutability === "readOnly") {
    if (!isPath) return "drop";
    throw mutability(
      `"${printPath(path)}" is read-only. Remove its mapping from the identity provider.`,
    );
  }
  return attribute.mutability === "writeOnly" || subAttribute?.mutability === "writeOnly"
    ? "drop"
    : "use";
}
