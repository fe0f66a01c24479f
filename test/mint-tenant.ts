import { env, exports } from "cloudflare:workers";

import { callWorker } from "./call-worker.ts";
import {
  readAnswer,
  scimClient,
  type Answer,
  type Json,
  type ScimClient,
  type Transport,
} from "./scim-client.ts";

export const ORIGIN = "https://scim.example.com";
export const SCIM_BASE = `${ORIGIN}/api/v1/scim/v2`;
const ADMIN_KEY = "admin-key-of-the-test-suite-0123456789abcdef";

/** The Worker as the runtime calls it. Every call costs more than the one before: for what depends on it only. */
export const throughTheDoor: Transport = (request) => exports.default.fetch(request);

const direct = callWorker();

/** A request to the admin API, as the operator. */
export async function admin(
  method: string,
  path: string,
  body?: unknown,
  transport: Transport = direct,
): Promise<Answer> {
  const init: RequestInit = {
    method,
    headers: { Authorization: `Bearer ${ADMIN_KEY}`, "Content-Type": "application/json" },
  };
  if (body !== undefined) init.body = JSON.stringify(body);
  return readAnswer(await transport(new Request(`${ORIGIN}/api/v1/admin${path}`, init)));
}

export interface MintedToken {
  readonly id: string;
  readonly token: string;
}

export async function issueToken(
  slug: string,
  fields: Json = {},
  transport: Transport = direct,
): Promise<MintedToken> {
  const body = { name: "Test", ...fields };
  const issued = await admin("POST", `/tenants/${slug}/tokens`, body, transport);
  if (issued.status !== 201) throw new Error(`No token: ${issued.text}`);
  return { id: issued.id, token: String(issued.body["token"]) };
}

export interface MintedTenant extends MintedToken {
  readonly slug: string;
  readonly tenantId: string;
  /** Its number in the database: first in every key there. */
  readonly key: number;
  /** Under the URL that serves every tenant. */
  readonly scim: ScimClient;
  /** The same tenant through another door: other bindings, another token, its own URL. */
  readonly through: (transport: Transport, as?: { token?: string; base?: string }) => ScimClient;
  change(change: Json): Promise<void>;
}

let minted = 0;

/**
 * A tenant of a test's own, with a token and with an empty journal: what a test finds there, it has done itself.
 * Storage lasts as long as the test file.
 */
export async function mintTenant({
  preset = "generic",
  settings = {},
}: {
  preset?: "generic" | "training" | "visitors" | "phishing";
  settings?: Json;
} = {}): Promise<MintedTenant> {
  const slug = `minted-${++minted}`;
  const made = await admin("POST", "/tenants", {
    slug,
    name: slug,
    preset,
    settings: { ssoActive: true, ...settings },
  });
  if (made.status !== 201) throw new Error(`No tenant: ${made.text}`);
  const row = await env.DB.prepare("SELECT tenant_key FROM tenant_states WHERE tenant_id = ?")
    .bind(made.id)
    .first<{ tenant_key: number }>();
  if (!row) throw new Error("A tenant without a state.");
  const { id, token } = await issueToken(slug);
  await env.DB.prepare("DELETE FROM changes WHERE tenant_key = ?").bind(row.tenant_key).run();
  const through: MintedTenant["through"] = (transport, as = {}) =>
    scimClient(as.base ?? SCIM_BASE, as.token ?? token, transport);
  return {
    slug,
    tenantId: made.id,
    key: row.tenant_key,
    id,
    token,
    scim: through(direct),
    through,
    async change(change) {
      const changed = await admin("PATCH", `/tenants/${slug}`, change);
      if (changed.status !== 200) throw new Error(`No change: ${changed.text}`);
    },
  };
}
