import { isRecord } from "./fill-template.ts";

export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
  /** Set when the body is not JSON. */
  readonly unreadable: string | undefined;
}

const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/**
 * What every answer must keep whatever it answers, because Entra or Okta stops a job, or reports that the
 * application is not compliant, where it does not. A story need not repeat any of it.
 */
export function brokenRules(answer: Answer): string[] {
  const type = answer.header("content-type");
  if (answer.status === 204 || answer.status === 304) {
    return answer.body === undefined && answer.unreadable === undefined
      ? []
      : [`an answer ${answer.status} must have no body`];
  }
  const { body } = answer;
  // Entra's validator refuses "application/json"; an error that a proxy or framework made is HTML.
  if (type === null || !/^application\/scim\+json\b/.test(type)) {
    return [`Content-Type should be application/scim+json, is ${type ?? "absent"}`];
  }
  if (!isRecord(body))
    return [`the body should be a JSON object, is ${answer.unreadable ?? "empty"}`];
  const schemas = Array.isArray(body["schemas"]) ? body["schemas"] : [];
  if (schemas.length === 0) return ["schemas should be a list that is not empty"];
  if (answer.status >= 400) return brokenErrorRules(answer.status, schemas, body);
  if (schemas.includes(LIST)) return brokenListRules(body);
  return [
    ...brokenResourceRules(body),
    ...(answer.status === 201 ? brokenCreationRules(answer, body) : []),
  ];
}

/** RFC 7644 §3.12; Okta's SPEC test wants a `detail` that is not empty, 401 and 404 included. */
function brokenErrorRules(
  status: number,
  schemas: readonly unknown[],
  body: Record<string, unknown>,
): string[] {
  const broken = [];
  if (!schemas.includes(ERROR)) broken.push(`an error's schemas should name ${ERROR}`);
  if (body["status"] !== String(status)) {
    broken.push(`an error's status should be "${status}", is ${JSON.stringify(body["status"])}`);
  }
  if (typeof body["detail"] !== "string" || body["detail"].trim() === "") {
    broken.push("an error's detail should be a sentence");
  }
  return broken;
}

/** RFC 7644 §3.4.2. Okta reports "No results for users returned" without `Resources`, and needs integers. */
function brokenListRules(body: Record<string, unknown>): string[] {
  const resources = body["Resources"];
  if (!Array.isArray(resources)) return ["a list's Resources should be a list, empty or not"];
  const broken = resources.flatMap((item, at) =>
    isRecord(item)
      ? brokenResourceRules(item).map((rule) => `Resources[${at}]: ${rule}`)
      : [`Resources[${at}] is no object`],
  );
  for (const name of ["totalResults", "itemsPerPage"]) {
    if (!Number.isInteger(body[name])) broken.push(`a list's ${name} should be an integer`);
  }
  if (body["startIndex"] !== undefined && !Number.isInteger(body["startIndex"])) {
    broken.push("a list's startIndex should be an integer");
  }
  // Okta's reviewers refused a server that repeated the request's count on a short page.
  if (body["itemsPerPage"] !== resources.length) {
    broken.push(
      `itemsPerPage should be ${resources.length}, the number returned, is ${String(body["itemsPerPage"])}`,
    );
  }
  return broken;
}

/** RFC 7643 §3.1. A resource whose `meta` is there, that is: not narrowed by `attributes`. */
function brokenResourceRules(body: Record<string, unknown>): string[] {
  const meta = body["meta"];
  if (!isRecord(meta) || (meta["resourceType"] !== "User" && meta["resourceType"] !== "Group"))
    return [];
  const { id } = body;
  const broken = [];
  if (typeof id !== "string" || id === "" || id === "bulkId")
    broken.push("id should be a string that is not empty");
  for (const name of ["created", "lastModified"]) {
    const at = meta[name];
    if (typeof at !== "string" || !UTC.test(at))
      broken.push(`meta.${name} should be a time in UTC`);
  }
  if (
    typeof meta["location"] !== "string" ||
    !meta["location"].endsWith(`/${meta["resourceType"]}s/${String(id)}`)
  ) {
    broken.push("meta.location should be the resource's URL");
  }
  if ("password" in body) broken.push("password must never be returned");
  // Entra reads `active` into a boolean and cannot read an answer that has a string there.
  if ("active" in body && typeof body["active"] !== "boolean")
    broken.push("active should be a boolean");
  return broken;
}

/** RFC 7644 §3.3. */
function brokenCreationRules(answer: Answer, body: Record<string, unknown>): string[] {
  const { meta } = body;
  const location = isRecord(meta) ? meta["location"] : undefined;
  const header = answer.header("location");
  return header !== null && header === location
    ? []
    : [`Location should be ${String(location)}, the meta.location, is ${header ?? "absent"}`];
}
