import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { callWorker, workerEnv } from "../call-worker.ts";
import { migrateSpares, placesOf, THREE } from "../many-databases.ts";
import { admin, issueToken, ORIGIN, SCIM_BASE } from "../mint-tenant.ts";
import { accessToken, askForToken, makeClient } from "../oauth-client.ts";
import { scimClient, type Json, type Transport } from "../scim-client.ts";
import { interceptD1, type Around } from "../storage/intercept-d1.ts";

beforeAll(migrateSpares);

const OLD = workerEnv().TOKEN_PEPPER ?? "";
const NEW = "another-pepper-of-the-test-suite-9876543210fedcba";
const NEWEST = "one-more-pepper-of-the-test-suite-5566778899aabbccd";
const BOTH = `${NEW},${OLD}`;

/** Not the namespace that this isolate knows admissions of: KV is asked. */
const coldKv = (): KVNamespace =>
  new Proxy(env.TOKENS, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

/** An isolate that has just begun, with these peppers. */
const isolate =
  (TOKEN_PEPPER: string, bindings: Partial<Env> = {}): Transport =>
  (request) =>
    callWorker({ ...THREE, TOKENS: coldKv(), TOKEN_PEPPER, ...bindings })(request);

const old = isolate(OLD);
const places = ["DB", "DB_1"] as const;

let made = 0;
/** A tenant in the control database, or in another one. */
async function tenantIn(place: (typeof places)[number]): Promise<{ slug: string; id: string }> {
  const slug = `peppered-${++made}`;
  const sized = (database: D1Database, bytes: number) =>
    interceptD1(database, async ({ send }) =>
      (await send()).map((result) => ({ ...result, meta: { ...result.meta, size_after: bytes } })),
    );
  const bindings =
    place === "DB"
      ? { DB_1: sized(THREE.DB_1, 1e9), DB_2: sized(THREE.DB_2, 1e9) }
      : { DB: sized(THREE.DB, 1e9), DB_2: sized(THREE.DB_2, 1e9) };
  const answer = await admin("POST", "/tenants", { slug, name: slug }, isolate(OLD, bindings));
  expect(answer.status, answer.text).toBe(201);
  expect(await placesOf(answer.id)).toEqual([place]);
  return { slug, id: answer.id };
}

const asScim = (token: string) => async (transport: Transport) =>
  (await scimClient(SCIM_BASE, token, transport).get("/Users")).status;

const asAdmin = (slug: string, key: string) => async (transport: Transport) => {
  const headers = { Authorization: `Bearer ${key}` };
  const request = new Request(`${ORIGIN}/api/v1/admin/tenants/${slug}/users`, { headers });
  return (await transport(request)).status;
};

/** Makes a credential under the old pepper, and says how its use is answered. */
const KINDS: Readonly<
  Record<string, (slug: string) => Promise<(transport: Transport) => Promise<number>>>
> = {
  token: async (slug) => asScim((await issueToken(slug, {}, old)).token),
  "access token": async (slug) =>
    asScim(await accessToken(await makeClient(slug, {}, old), {}, old)),
  "client secret": async (slug) => {
    const client = await makeClient(slug, {}, old);
    return async (transport) => (await askForToken(client, {}, transport)).status;
  },
  "admin key": async (slug) => {
    const body = { name: "Ada", role: "admin" };
    const { body: key } = await admin("POST", `/tenants/${slug}/admin-keys`, body, old);
    return asAdmin(slug, String(key["key"]));
  },
  "reader key": async (slug) => {
    const body = { name: "Product", role: "reader" };
    const { body: key } = await admin("POST", `/tenants/${slug}/admin-keys`, body, old);
    return asAdmin(slug, String(key["key"]));
  },
  "set-up link": async (slug) => {
    const { body } = await admin("POST", `/tenants/${slug}/setup-links`, {}, old);
    return async (transport) => (await transport(new Request(String(body["url"])))).status;
  },
};
const everyKind = places.flatMap((place) =>
  Object.entries(KINDS).map(([kind, make]) => [kind, place, make] as const),
);

describe("a credential that is used while TOKEN_PEPPER is NEW,OLD", () => {
  it.each(everyKind)(
    "goes on under NEW, and under OLD as well: %s in %s",
    async (_, place, make) => {
      const { slug } = await tenantIn(place);
      const use = await make(slug);
      expect(await use(isolate(BOTH))).toBe(200);
      // An isolate that has not got the new secret yet, and one that has got the next.
      for (const peppers of [OLD, NEW, OLD, BOTH, NEW]) {
        expect([peppers, await use(isolate(peppers))]).toEqual([peppers, 200]);
      }
    },
  );

  it.each(everyKind)("and otherwise ends with OLD: %s in %s", async (kind, place, make) => {
    const { slug } = await tenantIn(place);
    const use = await make(slug);
    const refused = kind === "set-up link" ? 404 : 401;
    expect(await use(isolate(NEW))).toBe(refused);
    expect(await use(old)).toBe(200);
    expect(await use(isolate(NEW))).toBe(refused);
  });

  it("is found in one round trip afterwards, and kept in KV", async () => {
    const { slug } = await tenantIn("DB");
    let trips = 0;
    const DB = interceptD1(env.DB, ({ send }) => {
      trips += 1;
      return send();
    });
    // Several, since either of its two digests may stand first in the index.
    for (let count = 0; count < 6; count++) {
      const { token } = await issueToken(slug, {}, old);
      // Reads are noted until there is somebody.
      const userName = `ana-${count}`;
      await scimClient(SCIM_BASE, token, isolate(BOTH)).post("/Users", { userName });
      const counted = scimClient(SCIM_BASE, token, isolate(BOTH, { DB }));
      trips = 0;
      await counted.get("/Users");
      expect(trips).toBe(2);
      trips = 0;
      await counted.get("/Users");
      expect(trips).toBe(1);
    }
  });

  it("is revoked under each of the two", async () => {
    const { slug } = await tenantIn("DB_1");
    const { token, id } = await issueToken(slug, {}, old);
    const use = asScim(token);
    await use(isolate(BOTH));
    await admin("DELETE", `/tenants/${slug}/tokens/${id}`, undefined, old);
    for (const peppers of [OLD, BOTH, NEW]) expect(await use(isolate(peppers))).toBe(401);
  });

  it.each(places)(
    "may be used many times at once, by isolates of all sorts, in %s",
    async (place) => {
      const { slug } = await tenantIn(place);
      const use = asScim((await issueToken(slug, {}, old)).token);
      const mixed = Array.from({ length: 24 }, (_, at) => isolate(at % 3 === 0 ? OLD : BOTH));
      const statuses = await Promise.all(mixed.map((transport) => use(transport)));
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(await use(isolate(NEW))).toBe(200);
    },
  );
});

describe("a rotation that is interrupted", () => {
  const interrupted = places.flatMap((place) =>
    (["before", "after"] as const).map((when) => [place, when] as const),
  );

  it.each(interrupted)(
    "refuses nobody and is made up for: in %s, %s a statement",
    async (place, when) => {
      const { slug } = await tenantIn(place);
      let broken = 0;
      for (let survived = 0; ; survived++) {
        // oxlint-disable no-await-in-loop -- each begins where another one ended
        const use = asScim((await issueToken(slug, {}, old)).token);
        let trips = 0;
        let failed = false;
        const around: Around = async ({ send }) => {
          trips += 1;
          if (trips <= survived) return send();
          failed = true;
          if (when === "after") await send();
          throw new Error("The runtime went away.");
        };
        const bindings = {
          DB: interceptD1(THREE.DB, around),
          DB_1: interceptD1(THREE.DB_1, around),
        };
        expect([200, 503]).toContain(await use(isolate(BOTH, bindings)));
        for (const peppers of [OLD, BOTH, OLD, NEW]) {
          expect([survived, peppers, await use(isolate(peppers))]).toEqual([
            survived,
            peppers,
            200,
          ]);
        }
        if (!failed) break;
        broken += 1;
        // oxlint-enable no-await-in-loop
      }
      expect(broken).toBeGreaterThanOrEqual(place === "DB" ? 3 : 5);
    },
  );
});

describe("the index of digests", () => {
  const indexed = async (id: string) => {
    const { results } = await env.DB.prepare(
      "SELECT digest FROM credential_index WHERE tenant_id = ?",
    )
      .bind(id)
      .all();
    return results.length;
  };

  it.each(places)(
    "names a credential under two of them at most, however often it rotates: %s",
    async (place) => {
      const { slug, id } = await tenantIn(place);
      const use = asScim((await issueToken(slug, {}, old)).token);
      for (const peppers of [BOTH, `${NEWEST},${NEW}`, `${OLD},${NEWEST}`, BOTH]) {
        expect(await use(isolate(peppers))).toBe(200);
        expect(await indexed(id)).toBe(2);
      }
    },
  );

  it.each(places)(
    "follows a rotation that was taken back before another one: %s",
    async (place) => {
      const { slug } = await tenantIn(place);
      const use = asScim((await issueToken(slug, {}, old)).token);
      for (const peppers of [BOTH, OLD, `${NEWEST},${OLD}`, NEWEST, OLD]) {
        expect([peppers, await use(isolate(peppers))]).toEqual([peppers, 200]);
      }
    },
  );
});

describe("who watches a rotation", () => {
  const countsOf = async (transport: Transport) => {
    const { body } = await admin("GET", "/deployment", undefined, transport);
    return body["credentials"] as { underNewestPepper: number; underOldPeppers: number };
  };
  const shown = async (path: string, transport: Transport) =>
    ((await admin("GET", path, undefined, transport)).body["items"] as Json[]).map(
      ({ underOldPepper }) => underOldPepper,
    );

  it("sees which tokens and secrets were not used since, and how many credentials in all databases", async () => {
    const before = await countsOf(isolate(BOTH));
    const uses: ((transport: Transport) => Promise<number>)[] = [];
    const slugs: string[] = [];
    for (const place of places) {
      const { slug } = await tenantIn(place);
      slugs.push(slug);
      for (const make of Object.values(KINDS)) uses.push(await make(slug));
      const { id } = await issueToken(slug, {}, old);
      await admin("DELETE", `/tenants/${slug}/tokens/${id}`, undefined, old);
    }
    const [slug = ""] = slugs;
    expect(await shown(`/tenants/${slug}/tokens`, old)).toEqual([false, false]);
    expect(await shown(`/tenants/${slug}/tokens`, isolate(BOTH))).toEqual([true, true]);
    // Six kinds; the access token does not count, and its client has a secret of its own.
    const made = await countsOf(isolate(BOTH));
    expect(made.underOldPeppers - before.underOldPeppers).toBe(2 * 6);

    for (const use of uses) expect(await use(isolate(BOTH))).toBe(200);
    const used = await countsOf(isolate(BOTH));
    // The secret behind the access token was not used again.
    expect(used.underOldPeppers - before.underOldPeppers).toBe(2);
    expect(used.underNewestPepper - before.underNewestPepper).toBe(2 * 5);
    expect(await shown(`/tenants/${slug}/tokens`, isolate(BOTH))).toEqual([false, true]);
    expect(await countsOf(isolate(NEW))).toEqual(used);
  });

  it("is not told of set-up links that were used", async () => {
    const { slug } = await tenantIn("DB");
    const before = await countsOf(isolate(BOTH));
    const { id } = (await admin("POST", `/tenants/${slug}/setup-links`, {}, old)).body;
    const made = await countsOf(isolate(BOTH));
    expect(made.underOldPeppers - before.underOldPeppers).toBe(1);
    await env.DB.prepare("UPDATE credentials SET last_used_at = created_at WHERE id = ?")
      .bind(id)
      .run();
    expect(await countsOf(isolate(BOTH))).toEqual(before);
  });
});
