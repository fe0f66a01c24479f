import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { retentionStore } from "../../src/storage/retention/retention-store.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import { admin, issueToken, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { accessToken, makeClient, type MadeClient } from "../oauth-client.ts";
import { interceptD1, type Statement } from "./intercept-d1.ts";

const OLD = workerEnv().TOKEN_PEPPER ?? "";
const NEW = "another-pepper-of-the-test-suite-9876543210fedcba";

let sent: Statement[] = [];
const DB = interceptD1(env.DB, ({ statements, send }) => {
  sent.push(...statements);
  return send();
});
/** Asks D1 for every credential. */
const TOKENS = new Proxy(env.TOKENS, {
  get(target, name) {
    if (name === "get") return () => Promise.resolve(null);
    const member: unknown = Reflect.get(target, name);
    return typeof member === "function" ? member.bind(target) : member;
  },
});
const through = callWorker({ DB, TOKENS });
const whileRotating = callWorker({ DB, TOKENS, TOKEN_PEPPER: `${NEW},${OLD}` });
const withOld = callWorker({ DB, TOKENS, TOKEN_PEPPER: OLD });

let tenant: MintedTenant;
let client: MadeClient;
let key: string;
let path: string;

beforeAll(async () => {
  tenant = await mintTenant();
  path = `/tenants/${tenant.slug}`;
  client = await makeClient(tenant.slug);
  const made = await admin("POST", `${path}/admin-keys`, { name: "Ada", role: "admin" });
  key = String(made.body["key"]);
});

/** The tables that hold more than a few rows of a deployment. */
const LARGE = /credential|oauth_clients|tenants\b|users|groups|changes/;
/** An index that holds nothing but what is asked for, or ends at a limit. */
const BY_KIND = /USING (?:COVERING )?INDEX credentials_kind \(tenant_key=\? AND kind=\?/;

async function walks(): Promise<string[]> {
  const found: string[] = [];
  for (const { sql, values } of new Map(sent.map((one) => [one.sql, one])).values()) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...values)
      .all<{ detail: string }>();
    for (const { detail } of results) {
      const isWalk = detail.startsWith("SCAN")
        ? LARGE.test(detail)
        : LARGE.test(detail) && detail.endsWith("(tenant_key=?)") && !detail.includes("changes ");
      if (isWalk && !BY_KIND.test(detail)) found.push(`${detail}: ${sql}`);
    }
  }
  return found;
}

const asAdmin = (transport: typeof through) =>
  transport(
    new Request(`${ORIGIN}/api/v1/admin${path}`, { headers: { Authorization: `Bearer ${key}` } }),
  );

const CASES: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["that admit a token", () => tenant.through(through).get("/Users/1")],
  ["that admit a key", () => asAdmin(through)],
  ["that admit a client and give it a token", () => accessToken(client, {}, through)],
  [
    "that file a token under a new pepper, and find it under the old one",
    async () => {
      const { token } = await issueToken(tenant.slug);
      await tenant.through(whileRotating, { token }).get("/Users/1");
      await tenant.through(withOld, { token }).get("/Users/1");
    },
  ],
  [
    "that do so with a key",
    async () => {
      await asAdmin(whileRotating);
      await asAdmin(withOld);
    },
  ],
  [
    "that make, rotate, list and end a token",
    async () => {
      const { id } = await issueToken(tenant.slug, {}, through);
      await admin("POST", `${path}/tokens/${id}/rotate`, {}, through);
      await admin("GET", `${path}/tokens`, undefined, through);
      await admin("DELETE", `${path}/tokens/${id}`, undefined, through);
    },
  ],
  [
    "that list keys, links and clients",
    async () => {
      for (const list of ["admin-keys", "setup-links", "clients"]) {
        await admin("GET", `${path}/${list}`, undefined, through);
      }
    },
  ],
  [
    "that purge access tokens",
    async () => {
      await accessToken(client);
      await env.DB.prepare(
        "UPDATE credentials SET expires_at = '2020' WHERE kind = 'access'",
      ).run();
      const store = retentionStore(DB, DB);
      const fencing = (await store.lease.acquire("plans", "9999", "9999")) ?? 0;
      expect(await store.purgeAccessTokens(fencing, "2021")).toBe("done");
      await store.lease.release("plans");
    },
  ],
];

describe("no statement walks the table of credentials", () => {
  it.each(CASES)("of those %s", async (_what, run) => {
    sent = [];
    await run();
    expect(sent.some(({ sql }) => sql.includes('"credentials"'))).toBe(true);
    expect(await walks()).toEqual([]);
  });

  it("and access tokens that are over are found by their end", async () => {
    const { results } = await env.DB.prepare(
      "EXPLAIN QUERY PLAN SELECT digest FROM credentials WHERE kind = 'access' AND expires_at < ?",
    )
      .bind("2021")
      .all<{ detail: string }>();
    expect(results.map(({ detail }) => detail)).toEqual([
      "SEARCH credentials USING INDEX credentials_access_expiry (expires_at<?)",
    ]);
  });

  it("and this test would see one that does", async () => {
    sent = [{ sql: "SELECT id FROM credentials WHERE pepper_id = ?", values: ["x"] }];
    expect(await walks()).toHaveLength(1);
    sent = [{ sql: "SELECT id FROM credentials WHERE tenant_key = ?", values: [tenant.key] }];
    expect(await walks()).toHaveLength(1);
  });
});
