import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import {
  ENTERPRISE,
  filterOf,
  patchOf,
  type Answer,
  type Json,
  type ScimClient,
} from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1 } from "./intercept-d1.ts";

const CROWD = 2_000;

/** A membership is an index entry and a group; the step behind the last one is billed too. */
const linksOf = (groups: number): number => (groups === 0 ? 0 : 2 * groups + 1);

interface Cost {
  readonly trips: number;
  readonly read: number;
  readonly written: number;
}

/** A client whose requests are billed: the Worker's own count of round trips and rows, the fence included. */
function metered(tenant: MintedTenant): {
  scim: ScimClient;
  costOf: (request: Promise<Answer>, status: number) => Promise<Cost>;
} {
  let cost = { trips: 0, read: 0, written: 0 };
  const database = interceptD1(env.DB, async ({ send }) => {
    cost.trips += 1;
    const results = await send();
    for (const { meta } of results) {
      cost.read += meta.rows_read;
      cost.written += meta.rows_written;
    }
    return results;
  });
  return {
    scim: tenant.through(callWorker({ DB: database })),
    async costOf(request, status) {
      cost = { trips: 0, read: 0, written: 0 };
      const answer = await request;
      expect(answer.status).toBe(status);
      return cost;
    },
  };
}

interface Budget {
  readonly trips: number;
  readonly read: number;
  readonly written: number;
}

function expectWithin(cost: Cost, budget: Budget): void {
  const over = (name: keyof Budget) => cost[name] > budget[name];
  const exceeded = (["trips", "read", "written"] as const).filter(over);
  expect({ exceeded, cost }).toEqual({ exceeded: [], cost });
}

const person = (name: string, fields: Json = {}): Json => ({
  userName: `${name}@example.com`,
  externalId: `external-${name}`,
  displayName: name,
  emails: [{ value: `${name}.mail@example.com`, type: "work", primary: true }],
  [ENTERPRISE]: { department: "Retail" },
  ...fields,
});

let tenant: MintedTenant;
let scim: ScimClient;
let costOf: (request: Promise<Answer>, status: number) => Promise<Cost>;
let crowd: string[];
let made = 0;

async function created(path: string, body: Json): Promise<string> {
  const { status, id } = await tenant.scim.post(path, body);
  expect(status).toBe(201);
  return id;
}
/** Somebody of a test's own, in so many groups. */
async function somebody(groups = 0): Promise<{ id: string; name: string }> {
  const name = `somebody-${++made}`;
  const id = await created("/Users", person(name));
  for (let at = 0; at < groups; at++) {
    await created("/Groups", { displayName: `of ${name} ${at}`, members: [{ value: id }] });
  }
  return { id, name };
}
const groupOf = (ids: readonly string[]) =>
  created("/Groups", { displayName: `group ${++made}`, members: ids.map((value) => ({ value })) });

beforeAll(async () => {
  tenant = await mintTenant({ preset: "training", settings: { deactivationGuard: null } });
  const model = await created("/Users", { userName: "model" });
  crowd = await seedPeople(tenant.key, model, CROWD);
  ({ scim, costOf } = metered(tenant));
  // KV knows the token from now on, and its use has been noted.
  await scim.get("/Users?count=1");
});

describe("reading", () => {
  it.each([0, 3])("a person in %i groups takes one round trip", async (groups) => {
    const { id } = await somebody(groups);
    const cost = await costOf(scim.get(`/Users/${id}`), 200);
    expectWithin(cost, { trips: 1, read: 2 + linksOf(groups), written: 0 });
    const without = await costOf(scim.get(`/Users/${id}?excludedAttributes=groups`), 200);
    expectWithin(without, { trips: 1, read: 2, written: 0 });
  });

  it.each([
    ["userName", (name: string) => `userName eq "${name}@example.com"`],
    ["externalId", (name: string) => `externalId eq "external-${name}"`],
    ["work email", (name: string) => `emails[type eq "work"].value eq "${name}.mail@example.com"`],
  ])("by %s among 2,000 takes one round trip, found or not", async (_key, filter) => {
    const { name } = await somebody(2);
    const found = scim.get(`/Users?${filterOf(filter(name))}`);
    expectWithin(await costOf(found, 200), { trips: 1, read: 4 + linksOf(2), written: 0 });
    expect((await found).body["totalResults"]).toBe(1);
    const probe = scim.get(`/Users?${filterOf(filter("7d420df3-9995-4831-a406-ecf8166f5f6a"))}`);
    expectWithin(await costOf(probe, 200), { trips: 1, read: 4, written: 0 });
  });

  it("a group by name without its members takes one round trip, however large it is", async () => {
    const id = await groupOf(crowd);
    const { body } = await tenant.scim.get(`/Groups/${id}?attributes=displayName`);
    const path = `/Groups?excludedAttributes=members&${filterOf(`displayName eq "${String(body["displayName"])}"`)}`;
    expectWithin(await costOf(scim.get(path), 200), { trips: 1, read: 4, written: 0 });
    const one = await costOf(scim.get(`/Groups/${id}?excludedAttributes=members`), 200);
    expectWithin(one, { trips: 1, read: 2, written: 0 });
  });

  it.each([
    ["with their groups", ""],
    ["alone", "&excludedAttributes=groups"],
  ])(
    "a page of 100 by cursor costs the same at any depth, total included: people %s",
    async (_what, query) => {
      await groupOf(crowd);
      const memberships = (
        await env.DB.prepare(
          "SELECT count(*) AS n FROM group_members WHERE tenant_key = ? AND member_id = ?",
        )
          .bind(tenant.key, crowd[0])
          .first<{ n: number }>()
      )?.n;
      let cursor = "";
      for (let page = 0; page < 15; page++) {
        const request = scim.get(`/Users?count=100&cursor=${encodeURIComponent(cursor)}${query}`);
        const read = 105 + (query === "" ? 101 * linksOf(memberships ?? 0) : 0);
        expectWithin(await costOf(request, 200), { trips: 1, read, written: 0 });
        cursor = String((await request).body["nextCursor"]);
      }
    },
  );

  it("the first pages by index cost what they show", async () => {
    const cost = await costOf(
      scim.get("/Users?startIndex=1&count=2&excludedAttributes=groups"),
      200,
    );
    expectWithin(cost, { trips: 1, read: 5, written: 0 });
    const sorted = await costOf(
      scim.get("/Users?sortBy=userName&count=100&excludedAttributes=groups"),
      200,
    );
    expectWithin(sorted, { trips: 1, read: 105, written: 0 });
  });

  it.each([0, 10, CROWD])("a group with its %i members takes one round trip", async (size) => {
    const id = await groupOf(crowd.slice(0, size));
    const cost = await costOf(scim.get(`/Groups/${id}`), 200);
    expectWithin(cost, { trips: 1, read: 2 + size + 1, written: 0 });
  });
});

describe("writing a person", () => {
  it("anew takes one round trip, and two where KV does not know the token", async () => {
    await somebody();
    const known = await costOf(scim.post("/Users", person("anew")), 201);
    expectWithin(known, { trips: 1, read: 6, written: 9 });
    const department = { [ENTERPRISE]: { department: "New" } };
    const made = await costOf(scim.post("/Users", person("anew-department", department)), 201);
    expectWithin(made, { trips: 1, read: 6, written: 9 + 2 });
    for (const { name } of (await env.TOKENS.list()).keys) await env.TOKENS.delete(name);
    const missed = await costOf(scim.post("/Users", person("anew-missed")), 201);
    expectWithin({ ...missed, written: 0 }, { trips: 2, read: 6 + 4, written: 0 });
  });

  /** What changes, the rows that may be read and written. */
  const changes: [string, number, number, (name: string) => Json[]][] = [
    ["one attribute", 7, 3, () => [{ op: "replace", path: "title", value: "Nurse" }]],
    ["the display name", 7, 5, () => [{ op: "replace", path: "displayName", value: "Another" }]],
    ["a deactivation", 7, 5, () => [{ op: "Replace", path: "active", value: "False" }]],
    [
      "a department",
      7,
      5,
      () => [{ op: "replace", path: `${ENTERPRISE}:department`, value: "Logistics" }],
    ],
    ["no department", 7, 5, () => [{ op: "replace", path: `${ENTERPRISE}:department`, value: "" }]],
    [
      "the userName",
      7,
      5,
      (name) => [{ op: "replace", path: "userName", value: `${name}-2@example.com` }],
    ],
    [
      "every key at once",
      7,
      10,
      (name) => [
        {
          op: "replace",
          value: {
            userName: `${name}-3@example.com`,
            externalId: `external-${name}-3`,
            displayName: "Third",
            active: false,
            emails: [{ value: `${name}-3.mail@example.com`, type: "work" }],
            [`${ENTERPRISE}:department`]: "Logistics",
          },
        },
      ],
    ],
  ];
  it.each(changes)(
    "by PATCH of %s reads at most %i rows and writes at most %i",
    async (_what, read, written, operations) => {
      await created(
        "/Users",
        person(`logistics-${++made}`, { [ENTERPRISE]: { department: "Logistics" } }),
      );
      const { id, name } = await somebody();
      const cost = await costOf(scim.patch(`/Users/${id}`, patchOf(...operations(name))), 200);
      expectWithin(cost, { trips: 2, read, written });
    },
  );

  it("by PUT of one attribute costs as much as by PATCH", async () => {
    const { id, name } = await somebody();
    const cost = await costOf(scim.put(`/Users/${id}`, person(name, { title: "Nurse" })), 200);
    expectWithin(cost, { trips: 2, read: 7, written: 3 });
  });

  it.each([0, 3])(
    "with what is there (in %i groups) reads the person and writes nothing",
    async (groups) => {
      const { id, name } = await somebody(groups);
      const budget = { trips: 1, read: 2 + linksOf(groups), written: 0 };
      expectWithin(await costOf(scim.put(`/Users/${id}`, person(name)), 200), budget);
      const patch = patchOf({ op: "replace", value: { active: true, displayName: name } });
      expectWithin(await costOf(scim.patch(`/Users/${id}`, patch), 200), budget);
    },
  );

  it.each([0, 3])("away (from %i groups) takes two round trips", async (groups) => {
    const { id } = await somebody(groups);
    const cost = await costOf(scim.delete(`/Users/${id}`), 204);
    // The record that is kept says which departments they were in: a membership, its group, its department.
    const departments = groups === 0 ? 0 : 3 * groups + 1;
    expectWithin(cost, {
      trips: 2,
      read: 6 + (groups === 0 ? 0 : groups + 1) + departments,
      written: 6 + groups,
    });
  });
});

describe("writing a group", () => {
  const add = (id: string) => patchOf({ op: "Add", path: "members", value: [{ value: id }] });
  const remove = (id: string) => patchOf({ op: "remove", path: `members[value eq "${id}"]` });

  it.each([10, CROWD])(
    "of %i members: joining and leaving cost the same, and nothing new writes nothing",
    async (size) => {
      const group = await groupOf(crowd.slice(0, size));
      const { id } = await somebody();
      const path = `/Groups/${group}`;
      const joining = { trips: 1, read: 9, written: 6 };
      const leaving = { trips: 1, read: 9, written: 6 };
      const nothing = { trips: 1, read: 9, written: 0 };
      expectWithin(await costOf(scim.patch(path, add(id)), 204), joining);
      expectWithin(await costOf(scim.patch(path, add(id)), 204), nothing);
      expectWithin(await costOf(scim.patch(path, remove(id)), 204), leaving);
      expectWithin(await costOf(scim.patch(path, remove(id)), 204), nothing);
    },
  );

  it("anew costs what it holds", async () => {
    const cost = await costOf(scim.post("/Groups", { displayName: "anew" }), 201);
    expectWithin(cost, { trips: 1, read: 6, written: 9 });
  });

  it("by PUT of 2,000 members reads each once, and writes what differs", async () => {
    const group = await groupOf(crowd);
    const { body } = await tenant.scim.get(`/Groups/${group}?attributes=displayName`);
    const putOf = (ids: readonly string[]) => ({
      displayName: body["displayName"],
      members: ids.map((value) => ({ value })),
    });
    const same = await costOf(scim.put(`/Groups/${group}`, putOf(crowd)), 200);
    expectWithin(same, { trips: 4, read: 1.01 * CROWD, written: 0 });
    const { id } = await somebody();
    const changed = await costOf(
      scim.put(`/Groups/${group}`, putOf([...crowd.slice(10), id])),
      200,
    );
    // The group is a department: the time in it of somebody who leaves is a row more.
    expectWithin(changed, {
      trips: 5,
      read: 1.01 * CROWD + 30 + 20 + 11,
      written: 2 * 1 + 10 + 10 + 3,
    });
  });

  it("by a new name alone never reads its members", async () => {
    const group = await groupOf(crowd);
    const rename = patchOf({ op: "replace", value: { displayName: `renamed ${++made}` } });
    const cost = await costOf(scim.patch(`/Groups/${group}`, rename), 204);
    expectWithin(cost, { trips: 2, read: 12, written: 8 });
  });
});
