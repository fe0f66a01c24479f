import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { tablesOfTenants } from "../../src/storage/tables-of-tenants.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, filterOf, patchOf, type Json, type ScimClient } from "../scim-client.ts";
import { interceptD1, type Statement } from "./intercept-d1.ts";

let texts: string[] = [];
let all: Statement[] = [];
let most = 0;
const recorded = callWorker({
  DB: interceptD1(env.DB, ({ statements, send }) => {
    texts.push(...statements.map(({ sql }) => sql));
    all.push(...statements);
    most = Math.max(most, ...statements.map(({ values }) => values.length));
    return send();
  }),
});

/** The SQL of all that a request leads to. */
async function sqlOf(run: () => Promise<{ readonly status: number }>): Promise<string[]> {
  texts = [];
  const { status } = await run();
  expect(status).toBeLessThan(500);
  return texts;
}

let tenant: MintedTenant;
let scim: ScimClient;
beforeAll(async () => {
  // So that the number of the tenant is not the first one.
  await mintTenant();
  tenant = await mintTenant({ preset: "training" });
  scim = tenant.through(recorded);
  await scim.post("/Users", { userName: "ana", emails: ["ana@example.com"] });
});

const PLACES = [
  ["userName", "externalId", "id", "displayName", "emails", "emails.value", "name.familyName"],
  ["title", "groups.value", "groups.display", "addresses.country", "entitlements.type"],
  [`${ENTERPRISE}:department`, `${ENTERPRISE}:manager.value`, "meta.version"],
].flat();
/** Two values of one kind: neither empty, both with what SQL, LIKE and JSON paths take for signs of their own. */
const twins = fc.constantFrom(
  ["zq9'a", "Y' OR '1'='1"],
  ['zq9\\"%_', '";--%_$.x'],
  ["zq9", "É\u0130\u212A"],
  ["zq9?1", "$[0].x || (SELECT 1)"],
  ["zq9*", "x".repeat(200)],
);
const term = fc
  .record({
    name: fc.constantFrom(...PLACES),
    operator: fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"),
    values: twins,
  })
  .map(({ name, operator, values }) =>
    values.map((value) => `${name} ${operator} ${JSON.stringify(value)}`),
  );
const both = (
  left: readonly string[],
  right: readonly string[],
  join: (a: string, b: string) => string,
) => left.map((one, at) => join(one, right[at] ?? ""));
/** One filter twice, with other values. */
const filters = fc.oneof(
  term,
  term.map((pair) => pair.map((one) => `not (${one})`)),
  term.map((pair) => pair.map((one) => `active eq true and ${one}`)),
  fc.tuple(term, term).map(([a, b]) => both(a, b, (one, other) => `${one} and ${other}`)),
  fc.tuple(term, term).map(([a, b]) => both(a, b, (one, other) => `(${one} or ${other})`)),
  twins.map((pair) => pair.map((one) => `emails[type eq ${JSON.stringify(one)}].value pr`)),
);

describe("the text of a statement", { timeout: 30_000 }, () => {
  it("is the same for every value of a filter", { timeout: 60_000 }, async () => {
    const seed = Date.now() | 0;
    console.log(`seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(filters, async ([first = "", second = ""]) => {
        const [one, other] = [
          await sqlOf(() => scim.get(`/Users?count=5&${filterOf(first)}`)),
          await sqlOf(() => scim.get(`/Users?count=5&${filterOf(second)}`)),
        ];
        expect(one.length).toBeGreaterThan(0);
        expect(one.join("\n")).not.toContain("zq9");
        expect(new Set(other)).toEqual(new Set(one));
      }),
      { seed, numRuns: 150, endOnFailure: true },
    );
    expect(most).toBeLessThanOrEqual(100);
  });

  it("holds nothing of what is sent, wherever it stands", async () => {
    const mark = "zq9'canary";
    const person: Json = {
      userName: mark,
      externalId: mark,
      displayName: mark,
      emails: [{ value: `${mark}@example.com`, type: mark }],
      [ENTERPRISE]: { department: mark, manager: mark },
      "urn:zq9canary:1.0:User": { zq9canary: mark },
    };
    const api = `/tenants/${tenant.slug}`;
    const path = encodeURIComponent(mark);
    const { id } = await scim.post("/Users", { ...person, userName: "zq9-first" });
    const group = await scim.post("/Groups", { displayName: "zq9-first" });
    const requests: (() => Promise<{ readonly status: number }>)[] = [
      () => scim.post("/Users", person),
      () => scim.put(`/Users/${id}`, { ...person, userName: "zq9'b" }),
      () => scim.patch(`/Users/${id}`, patchOf({ op: "add", path: "title", value: mark })),
      () => scim.get(`/Users/${path}`),
      () => scim.delete(`/Users/${path}`),
      () => scim.get(`/Users?sortBy=name.${path}`),
      () => scim.get(`/Users?attributes=zq9canary&sortBy=zq9canary&cursor=${path}`),
      () => scim.post("/.search", { filter: `userName sw ${JSON.stringify(mark)}` }),
      () => scim.post("/Groups", { displayName: mark, members: [{ value: mark }] }),
      () =>
        scim.patch(
          `/Groups/${group.id}`,
          patchOf({ op: "add", path: "members", value: [{ value: mark }, { value: id }] }),
        ),
      () => scim.put(`/Groups/${group.id}`, { displayName: "zq9'c", members: [{ value: mark }] }),
      () => scim.get("/Users", { Authorization: "Bearer zq9canary", "User-Agent": mark }),
      () =>
        admin(
          "GET",
          `${api}/users?q=${path}&email=${path}&department=${path}`,
          undefined,
          recorded,
        ),
      () => admin("GET", `${api}/changes?q=${path}&resource=${path}`, undefined, recorded),
      () => admin("GET", `/tenants?q=${path}`, undefined, recorded),
      () => admin("POST", `${api}/users`, { email: "zq9@example.com", userName: mark }, recorded),
      () => admin("POST", `${api}/departments`, { name: mark }, recorded),
      () => admin("POST", `${api}/tokens`, { name: mark }, recorded),
      () => admin("PATCH", api, { name: mark }, recorded),
    ];
    const sent: string[] = [];
    for (const request of requests) sent.push(...(await sqlOf(request)));
    expect(sent.length).toBeGreaterThan(40);
    expect(sent.filter((text) => text.includes("zq9") || text.includes("canary"))).toEqual([]);
  });

  it("names the tenant of the credential, and no other one, wherever rows of tenants are", async () => {
    const tables = tablesOfTenants().map(({ name }) => name);
    const named = new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE)\\s+"?(${tables.join("|")})\\b`, "gi");
    const naming = all.filter(({ sql }) => sql.search(named) !== -1);
    expect(naming.length).toBeGreaterThan(100);
    const silent = naming.filter(
      ({ sql }) => !/tenant_key"? (?:=|IS) |tenant_key[^)]*\)\s*(?:VALUES|SELECT)/.test(sql),
    );
    expect([...new Set(silent.map(({ sql }) => sql))]).toEqual([]);
    let checked = 0;
    for (const { sql, values } of naming) {
      const marks = [...sql.matchAll(/\?/g)].map(({ index }) => index);
      const keys = marks.flatMap((index, at) =>
        /tenant_key"? (?:=|IS) $/.test(sql.slice(0, index)) ? [values[at]] : [],
      );
      checked += keys.length;
      expect([sql, keys.filter((key) => key !== tenant.key)]).toEqual([sql, []]);
    }
    expect(checked).toBeGreaterThan(naming.length);
  });
});
