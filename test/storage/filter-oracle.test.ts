import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { matches } from "../../src/scim/filter/match.ts";
import { compareText } from "../../src/scim/filter/compare-text.ts";
import { parseFilter } from "../../src/scim/filter/parse.ts";
import { foldText } from "../../src/scim/fold.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { callWorker } from "../call-worker.ts";
import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, filterOf, type Json } from "../scim-client.ts";
import { interceptD1, type Statement } from "./intercept-d1.ts";

/** Words that fold in odd ways, sort in odd ways, or mean something to SQL, JSON or LIKE. */
const WORDS = [
  "İstanbul",
  "istanbul",
  "i\u0307stanbul",
  "ISTANBUL",
  "ıstanbul",
  "straße",
  "STRASSE",
  "STRAẞE",
  "É",
  "é",
  "e\u0301",
  "E\u0301cole",
  "école",
  "\u212a",
  "k",
  "K",
  "\u212b",
  "å",
  "Σίσυφος",
  "ΣΊΣΥΦΟΣ",
  "σ",
  "ς",
  "ǆ",
  "ǅ",
  "😀",
  "😀a",
  "👩‍👧",
  "\ue000",
  "\uffee",
  "ﬀ",
  "日本",
  "a b",
  'a"b',
  "a\\b",
  "a'b",
  "%",
  "_",
  "*",
  "[1]",
  "$.a",
  "0",
  "00",
  "true",
  "null",
  "a",
  "A",
  "ab",
  "abc",
  "\u0001",
] as const;

const word = fc.constantFrom(...WORDS);
const text = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 1, arbitrary: fc.tuple(word, word).map(([a, b]) => a + b) },
);
const type = fc.constantFrom("work", "WORK", "home", "öther");
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 3 });
const plural = fc.array(
  fc.record({ value: text, type: maybe(type), display: maybe(text), primary: maybe(fc.boolean()) }),
  { maxLength: 3 },
);

const person = fc.record({
  externalId: maybe(text),
  displayName: maybe(text),
  title: maybe(text),
  active: fc.boolean(),
  profileUrl: maybe(text),
  name: maybe(fc.record({ familyName: maybe(text), givenName: maybe(text) })),
  emails: plural,
  phoneNumbers: plural,
  roles: plural,
  addresses: fc.array(fc.record({ locality: text, type: maybe(type), country: maybe(text) }), {
    maxLength: 2,
  }),
  [ENTERPRISE]: maybe(
    fc.record({
      department: maybe(text),
      employeeNumber: maybe(text),
      manager: maybe(fc.record({ value: text })),
    }),
  ),
  "urn:acme:1.0:User": maybe(fc.record({ anything: text })),
});

interface Place {
  readonly tenant: MintedTenant;
  readonly users: readonly JsonObject[];
  readonly groups: readonly JsonObject[];
}

/** The guarantee of the cast: it was parsed from an answer's JSON. */
const asJson = (resources: readonly Json[]) => resources as readonly JsonObject[];

const PEOPLE = 60;
const GROUPS = 8;

/** People and groups of every kind, and how the server represents them. */
async function inhabit(): Promise<Place> {
  const tenant = await mintTenant();
  const ids: string[] = [];
  for (const [at, fields] of fc.sample(person, PEOPLE).entries()) {
    const userName = `${WORDS[at % WORDS.length] ?? ""}-${at}`;
    const made = await tenant.scim.post("/Users", { ...fields, userName });
    expect(made.status).toBe(201);
    ids.push(made.id);
  }
  const memberships = fc.array(fc.nat(PEOPLE - 1), { maxLength: 6 });
  for (const [at, members] of fc.sample(memberships, GROUPS).entries()) {
    const made = await tenant.scim.post("/Groups", {
      displayName: `${WORDS[at * 3] ?? ""}-${at}`,
      externalId: at % 2 === 0 ? WORDS[at] : undefined,
      members: [
        ...members.map((one) => ({ value: ids[one] })),
        { value: ids[PEOPLE + at - GROUPS] },
      ],
    });
    expect(made.status).toBe(201);
    ids.push(made.id);
  }
  const users = await tenant.scim.get("/Users?count=200");
  const groups = await tenant.scim.get("/Groups?count=200");
  expect([users.resources.length, groups.resources.length]).toEqual([PEOPLE, GROUPS]);
  return { tenant, users: asJson(users.resources), groups: asJson(groups.resources) };
}

type Kind = "text" | "boolean" | "date" | "presence";

const USER_PATHS: [string, Kind][] = [
  ["userName", "text"],
  ["externalId", "text"],
  ["id", "text"],
  ["displayName", "text"],
  ["title", "text"],
  ["nickName", "text"],
  ["profileUrl", "text"],
  ["active", "boolean"],
  ["name.familyName", "text"],
  ["name.givenName", "text"],
  ["name", "presence"],
  ["emails", "text"],
  ["emails.value", "text"],
  ["emails.type", "text"],
  ["emails.display", "text"],
  ["emails.primary", "boolean"],
  ["phoneNumbers.value", "text"],
  ["roles", "text"],
  ["roles.primary", "boolean"],
  ["addresses", "presence"],
  ["addresses.locality", "text"],
  ["x509Certificates", "presence"],
  ["groups", "text"],
  ["groups.display", "text"],
  ["groups.type", "text"],
  [`${ENTERPRISE}:department`, "text"],
  [`${ENTERPRISE}:manager`, "text"],
  [`${ENTERPRISE}:manager.value`, "text"],
  [`${ENTERPRISE}:employeeNumber`, "text"],
  ["meta.created", "date"],
  ["meta.lastModified", "date"],
  ["meta.resourceType", "text"],
  ["meta.version", "text"],
  ["meta.location", "text"],
  ["meta", "presence"],
  ["groups.$ref", "text"],
  ["schemas", "text"],
];
const GROUP_PATHS: [string, Kind][] = [
  ["displayName", "text"],
  ["externalId", "text"],
  ["id", "text"],
  ["members", "text"],
  ["members.value", "text"],
  ["members.type", "text"],
  ["members.display", "text"],
  ["members.$ref", "text"],
  ["meta.location", "text"],
  ["meta.created", "date"],
  ["meta.resourceType", "text"],
  ["schemas", "text"],
];
const ELEMENTS: Record<string, [string, [string, Kind][]][]> = {
  User: [
    [
      "emails",
      [
        ["value", "text"],
        ["type", "text"],
        ["display", "text"],
        ["primary", "boolean"],
      ],
    ],
    [
      "phoneNumbers",
      [
        ["value", "text"],
        ["type", "text"],
        ["primary", "boolean"],
      ],
    ],
    [
      "roles",
      [
        ["value", "text"],
        ["type", "text"],
        ["primary", "boolean"],
      ],
    ],
    [
      "addresses",
      [
        ["locality", "text"],
        ["type", "text"],
        ["country", "text"],
      ],
    ],
    [
      "groups",
      [
        ["value", "text"],
        ["display", "text"],
        ["type", "text"],
      ],
    ],
  ],
  Group: [
    [
      "members",
      [
        ["value", "text"],
        ["type", "text"],
        ["$ref", "text"],
      ],
    ],
  ],
};

/** Every text that stands somewhere in the resources: what a filter may find. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Filters over the schema, as texts: half of their values are, in other letters, those of somebody. */
function filtersOver(
  resourceType: ResourceType,
  resources: readonly JsonObject[],
): fc.Arbitrary<string> {
  const own = [...new Set(resources.flatMap(textsIn))];
  const known = fc.constantFrom(...own);
  const value = fc.oneof(
    known,
    known.map((one) => one.toUpperCase()),
    known.map((one) => Array.from(one).slice(0, 2).join("")),
    known.map((one) => Array.from(one).slice(-2).join("")),
    text,
    fc.constant(""),
  );
  const quoted = value.map((one) => JSON.stringify(one));
  const instant = fc.constantFrom(
    ...own.filter((one) => /^\d{4}-.*Z$/.test(one)),
    "2020-01-01T00:00:00Z",
    "2999-12-31T23:59:59+01:00",
  );
  const test = (kind: Kind): fc.Arbitrary<string> => {
    const pr = fc.constantFrom("pr", "eq null", "ne null");
    switch (kind) {
      case "text":
        return fc.oneof(
          {
            weight: 6,
            arbitrary: fc
              .tuple(fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"), quoted)
              .map((parts) => parts.join(" ")),
          },
          { weight: 1, arbitrary: pr },
        );
      case "boolean":
        return fc.oneof(
          fc
            .tuple(fc.constantFrom("eq", "ne"), fc.constantFrom("true", "false", '"True"'))
            .map((parts) => parts.join(" ")),
          pr,
        );
      case "date":
        return fc
          .tuple(fc.constantFrom("eq", "ne", "gt", "ge", "lt", "le"), instant)
          .map(([operator, at]) => `${operator} "${at}"`);
      case "presence":
        return pr;
    }
  };
  const termOf = (paths: [string, Kind][]) =>
    fc
      .constantFrom(...paths)
      .chain(([path, kind]) => test(kind).map((tested) => `${path} ${tested}`));
  const treeOf = (term: fc.Arbitrary<string>, maxDepth: number): fc.Arbitrary<string> =>
    fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth, withCrossShrink: true },
        { weight: 3, arbitrary: term },
        {
          weight: 1,
          arbitrary: fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `(${a}) and ${b}`),
        },
        {
          weight: 1,
          arbitrary: fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `${a} or (${b})`),
        },
        { weight: 1, arbitrary: tie("tree").map((one) => `not (${one})`) },
      ),
    })).tree;
  const brackets = fc
    .constantFrom(...(ELEMENTS[resourceType.name] ?? []))
    .chain(([name, paths]) => treeOf(termOf(paths), 2).map((inner) => `${name}[${inner}]`));
  const term = fc.oneof(
    { weight: 3, arbitrary: termOf(resourceType === USER ? USER_PATHS : GROUP_PATHS) },
    { weight: 1, arbitrary: brackets },
  );
  return treeOf(term, 3);
}

let place: Place;

beforeAll(async () => {
  place = await inhabit();
}, 60_000);

const cases: [string, ResourceType, number][] = [
  ["users", USER, 500],
  ["groups", GROUP, 150],
];

describe("SQL", () => {
  it.each(cases)(
    "finds the %s that the filter's own meaning finds",
    { timeout: 60_000 },
    async (name, resourceType, numRuns) => {
      const resources = name === "users" ? place.users : place.groups;
      let found = 0;
      await fc.assert(
        fc.asyncProperty(filtersOver(resourceType, resources), async (filter) => {
          const meaning = parseFilter(filter, resourceType);
          const expected = resources.filter((one) => matches(meaning, one)).map(({ id }) => id);
          const answer = await place.tenant.scim.get(
            `${resourceType.endpoint}?count=200&attributes=id&${filterOf(filter)}`,
          );
          expect(answer.status).toBe(200);
          expect(answer.resources.map(({ id }) => id)).toEqual(expected);
          expect(answer.body["totalResults"]).toBe(expected.length);
          if (expected.length > 0 && expected.length < resources.length) found += 1;
        }),
        { numRuns },
      );
      // The filters are worth something: some of them tell resources apart.
      expect(found).toBeGreaterThan(0);
    },
  );

  it("answers a page of a filter with the part of the whole that it is", async () => {
    await fc.assert(
      fc.asyncProperty(
        filtersOver(USER, place.users),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 0, max: 20 }),
        async (filter, startIndex, count) => {
          const meaning = parseFilter(filter, USER);
          const expected = place.users.filter((one) => matches(meaning, one)).map(({ id }) => id);
          const answer = await place.tenant.scim.get(
            `/Users?startIndex=${startIndex}&count=${count}&attributes=id&${filterOf(filter)}`,
          );
          const page = expected.slice(startIndex - 1, startIndex - 1 + count);
          expect(answer.resources.map(({ id }) => id)).toEqual(page);
          expect(answer.body).toMatchObject({
            totalResults: expected.length,
            itemsPerPage: page.length,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  const keys: [string, (user: JsonObject) => unknown][] = [
    ["userName", (user) => user["userName"]],
    ["displayName", (user) => user["displayName"]],
    ["externalId", (user) => user["externalId"]],
    ["name.familyName", (user) => (user["name"] as JsonObject | undefined)?.["familyName"]],
    [
      `${ENTERPRISE}:department`,
      (user) => (user[ENTERPRISE] as JsonObject | undefined)?.["department"],
    ],
    [
      "emails",
      (user) => {
        const emails = (user["emails"] ?? []) as JsonObject[];
        return (emails.find(({ primary }) => primary === true) ?? emails[0])?.["value"];
      },
    ],
  ];
  it.each(keys)(
    "sorts by %s as text is compared, those without it last or first",
    async (sortBy, keyOf) => {
      const exact = sortBy === "externalId";
      const keyed = place.users.map((user) => ({ id: user["id"], key: keyOf(user) }));
      const fold = (key: unknown) =>
        typeof key !== "string" ? undefined : exact ? key : foldText(key);
      for (const sortOrder of ["ascending", "descending"]) {
        const sign = sortOrder === "ascending" ? 1 : -1;
        const answer = await place.tenant.scim.get(
          `/Users?count=200&attributes=id&sortBy=${sortBy}&sortOrder=${sortOrder}`,
        );
        const order = answer.resources.map(({ id }) => ({
          key: fold(keyed.find((one) => one.id === id)?.key),
        }));
        expect(new Set(answer.resources.map(({ id }) => id)).size).toBe(PEOPLE);
        const sorted = order.toSorted(({ key: a }, { key: b }) =>
          a === undefined || b === undefined
            ? sign * (Number(a === undefined) - Number(b === undefined))
            : sign * compareText(a, b),
        );
        expect(order).toEqual(sorted);
      }
    },
  );
});

describe("the query plan", () => {
  async function plansOf(path: string): Promise<string[]> {
    const statements: Statement[] = [];
    const database = interceptD1(env.DB, ({ statements: sent, send }) => {
      statements.push(...sent);
      return send();
    });
    const answer = await place.tenant.through(callWorker({ DB: database })).get(path);
    expect([200, 404]).toContain(answer.status);
    const plans = await Promise.all(
      statements.map(async ({ sql, values }) => {
        const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .bind(...values)
          .all<{ detail: string }>();
        return results.map(({ detail }) => detail);
      }),
    );
    return plans.flat();
  }

  const lookUps: [string, string, RegExp][] = [
    ["a user by id", "/Users/x", /SEARCH users USING INDEX users_id \(tenant_key=\? AND id=\?\)/],
    [
      "a group by id",
      "/Groups/x",
      /SEARCH groups USING INDEX groups_id \(tenant_key=\? AND id=\?\)/,
    ],
    [
      "userName",
      `/Users?${filterOf('userName eq "x"')}`,
      /SEARCH users USING .*INDEX users_user_name \(tenant_key=\? AND user_name_key=\?\)/,
    ],
    [
      "userName and active",
      `/Users?${filterOf('active eq true and userName eq "x"')}`,
      /users_user_name \(tenant_key=\? AND user_name_key=\?\)/,
    ],
    [
      "externalId",
      `/Users?${filterOf("externalId eq x")}`,
      /users_external_id \(tenant_key=\? AND external_id=\?\)/,
    ],
    [
      "work email",
      `/Users?${filterOf('emails[type eq "work"].value eq "x"')}`,
      /users_email \(tenant_key=\? AND email_key=\?\)/,
    ],
    [
      "work email in brackets",
      `/Users?${filterOf('emails[type eq "work" and value eq "x"]')}`,
      /users_work_email \(tenant_key=\? AND work_email_key=\?\)/,
    ],
    ["a user's id", `/Users?${filterOf('id eq "x"')}`, /users_id \(tenant_key=\? AND id=\?\)/],
    [
      "id and manager",
      `/Users?${filterOf(`id eq "x" and ${ENTERPRISE}:manager eq "y"`)}`,
      /users_id \(tenant_key=\? AND id=\?\)/,
    ],
    [
      "userName or externalId",
      `/Users?${filterOf('userName eq "x" or externalId eq "y"')}`,
      /users_external_id \(tenant_key=\? AND external_id=\?\)/,
    ],
    [
      "a user's groups",
      `/Users?${filterOf('groups.value eq "x"')}`,
      /SEARCH group_members USING (?:COVERING INDEX|PRIMARY KEY) .*\(tenant_key=\? AND group_id=\?/,
    ],
    [
      "displayName",
      `/Groups?${filterOf('displayName eq "x"')}&excludedAttributes=members`,
      /groups_display_name \(tenant_key=\? AND display_name_key=\?\)/,
    ],
    [
      "a group's externalId",
      `/Groups?${filterOf('externalId eq "x"')}`,
      /groups_external_id \(tenant_key=\? AND external_id=\?\)/,
    ],
    [
      "a group's members",
      `/Groups?${filterOf('members eq "x"')}`,
      /group_members_member \(tenant_key=\? AND member_id=\?/,
    ],
    [
      "id and members",
      `/Groups?${filterOf('id eq "x" and members eq "y"')}&attributes=id`,
      /groups_id \(tenant_key=\? AND id=\?\)/,
    ],
  ];
  it.each(lookUps)("of %s searches by an index and scans nothing", async (_what, path, search) => {
    const plans = await plansOf(path);
    expect(
      plans.some((plan) => search.test(plan)),
      plans.join("\n"),
    ).toBe(true);
    expect(
      plans.filter((plan) => /SCAN (?:users|groups|group_members|departments|parent)\b/.test(plan)),
    ).toEqual([]);
    // The tenant alone would be a walk through all of it.
    expect(
      plans
        .filter((plan) => /SEARCH (?:users|groups) .*\(tenant_key=\?\)/.test(plan))
        .filter((plan) => !plan.includes("users_several_work_emails")),
    ).toEqual([]);
  });

  it.each([
    ["no filter", "/Users", /users_id/],
    ["a filter that no index serves", `/Users?${filterOf('title co "x"')}`, /users_id/],
    ["an order by userName", "/Users?sortBy=userName", /users_user_name/],
    [
      "an order of groups",
      "/Groups?sortBy=displayName&sortOrder=descending",
      /groups_display_name/,
    ],
  ])(
    "of %s walks the tenant once, in the order of its answer, without sorting",
    async (_what, path, index) => {
      const plans = await plansOf(path);
      expect(
        plans.some((plan) => index.test(plan)),
        plans.join("\n"),
      ).toBe(true);
      expect(plans.filter((plan) => plan.includes("TEMP B-TREE"))).toEqual([]);
    },
  );
});
