/** Whoever answers a request: the Worker's own fetch, or the Worker with other bindings. */
export type Transport = (request: Request) => Promise<Response>;

export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, for `toMatchObject`; empty when there is none. */
  readonly body: Json;
  /** `id` of the resource in the body, "" when it has none. */
  readonly id: string;
  /** `Resources` of a list. */
  readonly resources: readonly Json[];
}

export interface ScimClient {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Any method; a body that is a string is sent as it is. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A PATCH body of RFC 7644 §3.5.2. */
export const patchOf = (...operations: readonly Json[]): Json => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});

/** The query for a list: `?filter=…`, encoded as Entra does it. */
export const filterOf = (filter: string): string => `filter=${encodeURIComponent(filter)}`;

const recordOf = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const parsed: unknown = text === "" ? {} : JSON.parse(text);
  const body = recordOf(parsed);
  const resources = Array.isArray(body["Resources"]) ? body["Resources"].map(recordOf) : [];
  const id = typeof body["id"] === "string" ? body["id"] : "";
  return { status: response.status, headers: response.headers, text, body, id, resources };
}

/** Speaks SCIM below a base URL, with a bearer token unless a request names another header. */
export function scimClient(base: string, token: string, transport: Transport): ScimClient {
  const send: ScimClient["send"] = async (method, path, body, headers = {}) => {
    const init: RequestInit = {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { "Content-Type": "application/scim+json" }),
        ...headers,
      },
    };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    return readAnswer(await transport(new Request(`${base}${path}`, init)));
  };
  return {
    send,
    get: (path, headers) => send("GET", path, undefined, headers),
    post: (path, body, headers) => send("POST", path, body, headers),
    put: (path, body, headers) => send("PUT", path, body, headers),
    patch: (path, body, headers) => send("PATCH", path, body, headers),
    delete: (path, headers) => send("DELETE", path, undefined, headers),
  };
}
