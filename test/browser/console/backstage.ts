import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { openLocalDatabase } from "../../../tools/dev/open-local-database.ts";
import type { ServedConsole } from "./serve-console.ts";

const SIMULATOR = path.join(import.meta.dirname, "../../../tools/simulate.ts");
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

interface Answer {
  readonly status: number;
  /** `{}` where the answer has none. */
  readonly body: Readonly<Record<string, unknown>>;
}

type Call = (method: string, path: string, body?: object) => Promise<Answer>;

/** What goes on behind the pages while somebody looks at them: the API, identity providers, and time that passes. */
export interface Backstage {
  readonly url: string;
  readonly adminToken: string;
  readonly admin: Call;
  /** One that no tenant has. */
  readonly newSlug: () => string;
  /** A tenant that nobody else uses; returns its slug. */
  readonly mintTenant: (facts?: object) => Promise<string>;
  readonly mintToken: (slug: string, facts?: object) => Promise<string>;
  readonly scim: (token: string, ...request: Parameters<Call>) => Promise<Answer>;
  /** Sends somebody, or a group; returns the id. */
  readonly provision: (
    token: string,
    type: "Users" | "Groups",
    resource: object,
  ) => Promise<string>;
  /** `npm run simulate -- entra`; rejects when it ends badly. */
  readonly simulate: (token: string, flags: readonly string[]) => Promise<void>;
  /** Makes everything that the tenant's identity provider has done as much older. */
  readonly letTimePass: (slug: string, minutes: number) => void;
}

let slugs = 0;

function newSlug(): string {
  slugs += 1;
  return `t-${process.pid.toString(36)}-${slugs}`;
}

export function backstage({ url, adminToken, folder }: ServedConsole): Backstage {
  async function call(
    base: string,
    token: string,
    [method, at, body]: Parameters<Call>,
  ): Promise<Answer> {
    const response = await fetch(`${url}${base}${at}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === "" ? {} : (JSON.parse(text) as Answer["body"]);
    return { status: response.status, body: parsed };
  }

  const admin: Call = (...request) => call("/api/v1/admin", adminToken, request);
  const scim: Backstage["scim"] = (token, ...request) => call("/api/v1/scim/v2", token, request);

  async function made(answer: Promise<Answer>, field: string): Promise<string> {
    const { status, body } = await answer;
    if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return String(body[field]);
  }

  return {
    url,
    adminToken,
    admin,
    scim,
    newSlug,
    mintTenant(facts = {}) {
      const settings = { ssoActive: true };
      const body = { slug: newSlug(), name: "Acme", preset: "training", settings, ...facts };
      return made(admin("POST", "/tenants", body), "slug");
    },
    mintToken: (slug, facts = {}) =>
      made(admin("POST", `/tenants/${slug}/tokens`, { name: "Entra ID", ...facts }), "token"),
    provision(token, type, resource) {
      const schemas = [type === "Users" ? USER : GROUP];
      return made(scim(token, "POST", `/${type}`, { schemas, ...resource }), "id");
    },
    async simulate(token, flags) {
      const target = ["--url", `${url}/api/v1/scim/v2`, "--token", token];
      const child = spawn(process.execPath, [SIMULATOR, "entra", ...target, ...flags]);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      }
      const [code] = await once(child, "close");
      if (code !== 0) throw new Error(output);
    },
    letTimePass(slug, minutes) {
      const database = openLocalDatabase(folder);
      const earlier = (column: string) =>
        `${column} = strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, '-${minutes} minutes')`;
      const ofTenant = `tenant_key = (SELECT tenant_key FROM tenant_states
        WHERE tenant_id = (SELECT id FROM tenants WHERE slug = ?))`;
      try {
        for (const statement of [
          `UPDATE changes SET ${earlier("at")} WHERE ${ofTenant}`,
          `UPDATE credentials SET ${earlier("last_used_at")} WHERE ${ofTenant}`,
          `UPDATE users SET ${earlier("created_at")} WHERE ${ofTenant}`,
        ]) {
          database.prepare(statement).run(slug);
        }
      } finally {
        database.close();
      }
    },
  };
}
