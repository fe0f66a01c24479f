import { COUNT_CHANGES, findViolations } from "../invariants.ts";
import type { MortalRuntime } from "../start-runtime.ts";
import type { Json } from "./person-document.ts";
import type { ModelAnswer, System } from "./system.ts";

/** A tenant of its own for every story. */
export interface Systems {
  open(): Promise<PlayedSystem>;
}

export interface PlayedSystem {
  readonly system: System;
  /** Every request and its status, in order. */
  readonly transcript: readonly string[];
  /** Removes the tenant's rows: the cron trigger walks over every tenant that has departments. */
  forget(): Promise<void>;
}

/** Nobody is in the way: a story deactivates and deletes as it likes. */
const TENANT = { preset: "training", settings: { ssoActive: true, deactivationGuard: null } };
const PATIENCE_MS = 30_000;

type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<ModelAnswer>;

function sender(base: string, token: string, mediaType: string, transcript: string[]): Send {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(base + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": mediaType, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const said = [headers["If-Match"] && `If-Match: ${headers["If-Match"]}`, JSON.stringify(body)];
    const request = [method, decodeURIComponent(path), ...said.filter(Boolean)].join(" ");
    transcript.push(`${request} → ${response.status}`);
    const parsed = text === "" ? {} : (JSON.parse(text) as Json);
    return { status: response.status, headers: response.headers, body: parsed };
  };
}

export async function openSystems(runtime: MortalRuntime, adminToken: string): Promise<Systems> {
  const { database, origin } = runtime;
  const tables = await tablesOfTenants(database);
  let opened = 0;

  async function open(): Promise<PlayedSystem> {
    const slug = `story-${++opened}`;
    const admin = sender(`${origin}/api/v1/admin`, adminToken, "application/json", []);
    const created = async (path: string, body: unknown): Promise<Json> => {
      const answer = await admin("POST", path, body);
      if (answer.status === 201) return answer.body;
      throw new Error(`POST ${path} was answered with ${answer.status}.`);
    };
    const { id } = await created("/tenants", { slug, name: slug, ...TENANT });
    const { token } = await created(`/tenants/${slug}/tokens`, { name: "Story" });
    const key = await database
      .prepare("SELECT tenant_key FROM tenant_states WHERE tenant_id = ?")
      .bind(id)
      .first<number>("tenant_key");
    if (key === null) throw new Error("A tenant without a state.");

    // Prepared once: each call to the database of a runtime in another process is dear.
    const countChanges = database.prepare(COUNT_CHANGES).bind(key);
    const transcript: string[] = [];
    const below = `${origin}/api/v1/admin/tenants/${slug}`;
    return {
      transcript,
      system: {
        scim: sender(
          `${origin}/api/v1/scim/v2`,
          String(token),
          "application/scim+json",
          transcript,
        ),
        admin: sender(below, adminToken, "application/json", transcript),
        async cron() {
          transcript.push("cron");
          await runtime.cron();
        },
        changes: async () => (await countChanges.first<number>("n")) ?? 0,
        violations: () => findViolations(database, key),
      },
      async forget() {
        const statements = tables.map(
          (table) => `DELETE FROM "${table}" WHERE tenant_key = ${key};`,
        );
        await database.exec(statements.join("\n"));
      },
    };
  }

  return { open };
}

async function tablesOfTenants(database: D1Database): Promise<string[]> {
  const { results } = await database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%tenant_key%'")
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}
