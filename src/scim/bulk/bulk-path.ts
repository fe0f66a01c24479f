import { cut } from "../cut.ts";
import { invalidSyntax, notFound } from "../error.ts";
import { foldText } from "../fold.ts";
import type { JsonValue } from "../json.ts";
import type { ResourceType } from "../schema/attribute.ts";

/** What the path of an operation leads to. `id` is undefined for the endpoint itself. */
export interface BulkTarget {
  readonly type: ResourceType;
  readonly id: string | undefined;
}

/** The address that paths are relative to, without a slash at its end, and what is found below it. */
export interface BulkRoot {
  readonly baseUrl: string;
  readonly types: readonly ResourceType[];
}

/**
 * Reads the `path` of RFC 7644 §3.7, which is relative to the root: `/Users`, `/Users/{id}`, `/Users/bulkId:qwerty`. Also
 * taken: no slash in front, the whole URL of this server or its path, another letter case, and what a request of its own
 * would bear (slashes too many, a query). Answers to a wrong path are those of such a request (§3.7.3).
 */
export function readBulkPath(
  path: JsonValue | undefined,
  { baseUrl, types }: BulkRoot,
): BulkTarget {
  if (typeof path !== "string" || path.trim() === "") {
    throw invalidSyntax('An operation must have a "path", such as "/Users" or "/Users/{id}".');
  }
  const [endpoint, rest = ""] = cut(relativePath(path.trim(), baseUrl), "/");
  const type = types.find((each) => foldText(each.endpoint) === foldText(`/${endpoint}`));
  if (type === undefined) throw notFound("Resource type");
  const id = decode(rest);
  return { type, id: id === "" ? undefined : id };
}

function relativePath(path: string, baseUrl: string): string {
  // Of `https://host/scim/v2`, the path.
  const basePath = baseUrl.replace(/^[a-z]+:\/\/[^/]+/i, "");
  const base = [baseUrl, basePath].find((each) => each !== "" && isBelow(path, each)) ?? "";
  return path
    .slice(base.length)
    .replace(/\?.*$/s, "")
    .replace(/^\/+|\/+$/g, "")
    .replace(/\/+/, "/");
}

const isBelow = (path: string, base: string) =>
  path.slice(0, base.length).toLowerCase() === base.toLowerCase() && path[base.length] === "/";

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
