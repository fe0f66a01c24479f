import type { Actor } from "./change.ts";

/** What is looked at of a row, as the journal or the admin API has it. */
export interface RequestFacts {
  readonly actor: Pick<Actor, "kind">;
  readonly operation: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly status: number;
  readonly diff: readonly {
    readonly attribute?: string | undefined;
    readonly before?: unknown;
    readonly after?: unknown;
    readonly cut?: unknown;
    readonly more?: unknown;
  }[];
}

export interface RequestLine {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL of SCIM. */
  readonly path: string;
}

export interface EquivalentRequest extends RequestLine {
  readonly body?: Readonly<Record<string, unknown>>;
  /** The row does not hold every value. */
  readonly isPartial: boolean;
}

const ENDPOINTS = new Map([
  ["User", "/Users"],
  ["Group", "/Groups"],
]);
const BY_ID = new Map<string, RequestLine["method"]>([
  ["replace", "PUT"],
  ["patch", "PATCH"],
  ["activate", "PATCH"],
  ["deactivate", "PATCH"],
  ["rename", "PATCH"],
  ["adopt", "PATCH"],
  ["reactivate", "PATCH"],
  ["delete", "DELETE"],
]);
const CREATED = 201;
const CORE = "urn:ietf:params:scim:schemas:core:2.0:";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/** Not the client's to say. */
const OURS = new Set(["id", "meta", "schemas", "origin"]);

/** What an identity provider asked for; undefined where no SCIM request of a known kind led to the row. */
export function requestLine({
  actor,
  operation,
  resourceType,
  resourceId,
  status,
}: RequestFacts): RequestLine | undefined {
  const endpoint = ENDPOINTS.get(resourceType);
  if (actor.kind !== "token" || endpoint === undefined) return undefined;
  // Of somebody who was there already, a POST adopts or reactivates, which is answered 201 too.
  if (operation === "create" || (status === CREATED && BY_ID.has(operation))) {
    return { method: "POST", path: endpoint };
  }
  const method = BY_ID.get(operation);
  return method === undefined || resourceId === null
    ? undefined
    : { method, path: `${endpoint}/${encodeURIComponent(resourceId)}` };
}

/**
 * A request that would do what the row says was done, with the values that it holds. A replacement is told as a
 * PATCH, because the row only knows what changed by it. Undefined where nothing can be said: of what a
 * refused request carried, only whom it was about is kept.
 */
export function equivalentRequest(change: RequestFacts): EquivalentRequest | undefined {
  const line = requestLine(change);
  if (!line) return undefined;
  if (line.method === "DELETE") return { ...line, isPartial: false };
  const given = change.diff.filter(
    (entry): entry is Given =>
      entry.attribute !== undefined && entry.cut === undefined && !OURS.has(entry.attribute),
  );
  const isPartial = change.diff.some(
    ({ cut, more, before, after }) =>
      cut !== undefined || more !== undefined || isCount(before) || isCount(after),
  );
  if (change.operation === "create") {
    const body = documentOf(change.resourceType, given);
    return given.length === 0 || change.status !== CREATED
      ? undefined
      : { ...line, body, isPartial };
  }
  const path = `${ENDPOINTS.get(change.resourceType)}/${encodeURIComponent(change.resourceId ?? "")}`;
  const operations = given.flatMap(operationsOf);
  if (operations.length === 0 || change.resourceId === null) return undefined;
  const body = { schemas: [PATCH_OP], Operations: operations };
  return { method: "PATCH", path, body, isPartial };
}

type Given = RequestFacts["diff"][number] & { readonly attribute: string };

type Document = Record<string, unknown>;
const isObject = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): boolean => isObject(value) && typeof value["count"] === "number";

/** Of members a row holds the ids alone. */
const idsOf = (value: unknown): readonly unknown[] =>
  isObject(value) && Array.isArray(value["ids"]) ? value["ids"] : [];

/** The URN and the name of an attribute of an extension, which the row holds as one. */
function extensionOf(attribute: string): readonly [string, string] | undefined {
  const colon = attribute.lastIndexOf(":");
  return colon === -1 ? undefined : [attribute.slice(0, colon), attribute.slice(colon + 1)];
}

function documentOf(resourceType: string, given: readonly Given[]): Document {
  const document = new Map<string, unknown>();
  const extensions = new Map<string, Document>();
  for (const { attribute, after } of given) {
    if (after === undefined) continue;
    const extension = extensionOf(attribute);
    if (attribute === "members") {
      document.set(
        attribute,
        idsOf(after).map((value) => ({ value })),
      );
    } else if (extension) {
      const [urn, name] = extension;
      extensions.set(urn, { ...extensions.get(urn), [name]: after });
    } else document.set(attribute, after);
  }
  const schemas = [CORE + resourceType, ...extensions.keys()];
  return { schemas, ...Object.fromEntries([...document, ...extensions]) };
}

function operationsOf({ attribute, before, after }: Given): Document[] {
  if (attribute === "members") {
    const joined = idsOf(after).map((value) => ({ value }));
    const left = idsOf(before).map((id) => ({
      op: "remove",
      path: `members[value eq ${JSON.stringify(id)}]`,
    }));
    return [...(joined.length > 0 ? [{ op: "add", path: attribute, value: joined }] : []), ...left];
  }
  return after === undefined
    ? [{ op: "remove", path: attribute }]
    : [{ op: "replace", path: attribute, value: after }];
}
