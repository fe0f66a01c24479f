import { callWorker } from "../call-worker.ts";
import { PLACES, THREE, type Place } from "../many-databases.ts";
import { admin, issueToken, ORIGIN, SCIM_BASE } from "../mint-tenant.ts";
import { readAnswer, scimClient, type Answer, type Json, type ScimClient } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
export const uuidsIn = (text: string): readonly string[] => text.match(UUID) ?? [];

/** What of a tenant another one may have got hold of. */
export const KINDS = [
  "person",
  "group",
  "department",
  "token",
  "key",
  "client",
  "link",
  "badge",
  "alert",
  "cursor",
  "adminCursor",
  "slug",
] as const;
export type Kind = (typeof KINDS)[number];
export type Known = Readonly<Record<Kind, string>>;

/** The guarantee of the cast: there is an entry for each kind. */
export const recordOf = <Value>(entries: readonly (readonly [Kind, Value])[]) =>
  Object.fromEntries(entries) as Record<Kind, Value>;

/** A request to the admin API below the tenant's own path, or below another one. */
export type Ask = (method: string, path: string, body?: unknown, slug?: string) => Promise<Answer>;

/** A tenant that takes part: how it asks, what it was given, and what it gave away itself. */
export interface Inhabitant {
  readonly slug: string;
  readonly tenantId: string;
  readonly place: Place;
  /** Its number in its database. */
  readonly key: number;
  /** Stands in every resource of it, and in no request of anybody else. */
  readonly canary: string;
  readonly scim: ScimClient;
  /** The same by the tenant's own URL, or by that of another one. */
  readonly at: (slug: string) => ScimClient;
  /** With a key of the tenant's administrator. */
  readonly ask: Ask;
  /** As the operator. */
  readonly operate: Ask;
  /** Ids that it was given, by kind, in the order of their creation. */
  readonly own: Readonly<Record<Kind, string[]>>;
  /** Ids that it has sent: they may stand in its answers, whosever they are. */
  readonly sent: Set<string>;
}

/** A database that says of itself how much it holds: a new tenant goes where there is least. */
const sized = (database: D1Database, bytes: number): D1Database =>
  interceptD1(database, async ({ send }) =>
    (await send()).map((result) => ({ ...result, meta: { ...result.meta, size_after: bytes } })),
  );
const roomIn = (place: Place) =>
  callWorker(
    Object.fromEntries(PLACES.map((each) => [each, sized(THREE[each], each === place ? 1 : 9)])),
  );

const three = callWorker(THREE);
let settled = 0;

/** A new tenant in that database, with a token and a key. */
export async function settle(place: Place, fields: Json): Promise<Inhabitant> {
  const slug = `settled-${++settled}`;
  const body = { slug, name: slug, ...fields };
  const made = await admin("POST", "/tenants", body, roomIn(place));
  if (made.status !== 201) throw new Error(`No tenant: ${made.text}`);
  const state = await THREE[place]
    .prepare("SELECT tenant_key FROM tenant_states WHERE tenant_id = ?")
    .bind(made.id)
    .first<{ tenant_key: number }>();
  if (!state) throw new Error(`Not in ${place}.`);
  const { token } = await issueToken(slug, {}, three);
  const keyBody = { name: "Key", role: "admin" };
  const key = await admin("POST", `/tenants/${slug}/admin-keys`, keyBody, three);
  const sent = new Set<string>();
  const transport = async (request: Request) => {
    const text = `${decodeURIComponent(request.url)} ${await request.clone().text()}`;
    for (const id of uuidsIn(text)) sent.add(id);
    return three(request);
  };
  const askWith = async (secret: string, method: string, path: string, body?: unknown) => {
    const isText = typeof body === "string";
    const headers = {
      Authorization: `Bearer ${secret}`,
      "Content-Type": isText ? "text/csv" : "application/json",
    };
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = isText ? body : JSON.stringify(body);
    const response = await transport(new Request(`${ORIGIN}/api/v1/admin${path}`, init));
    const isJson = response.headers.get("Content-Type")?.includes("json") === true;
    return isJson ? readAnswer(response) : plainAnswer(response);
  };
  const asAdmin = String(key.body["key"]);
  const asOperator = "admin-key-of-the-test-suite-0123456789abcdef";
  return {
    slug,
    tenantId: made.id,
    place,
    key: state.tenant_key,
    canary: `canary-of-${slug}-end`,
    scim: scimClient(SCIM_BASE, token, transport),
    at: (other) => scimClient(`${ORIGIN}/api/v1/tenants/${other}/scim/v2`, token, transport),
    ask: (method, path, body, other = slug) =>
      askWith(asAdmin, method, `/tenants/${other}${path}`, body),
    operate: (method, path, body, other = slug) =>
      askWith(asOperator, method, `/tenants/${other}${path}`, body),
    own: recordOf(KINDS.map((kind) => [kind, kind === "slug" ? [slug] : []])),
    sent,
  };
}

async function plainAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, text: await response.text(), body: {}, id: "", resources: [] };
}

/** Keeps what an answer has given a tenant. */
export function keep(who: Inhabitant, kind: Kind, id: unknown): void {
  if (typeof id === "string" && id !== "" && !who.own[kind].includes(id)) who.own[kind].push(id);
}
