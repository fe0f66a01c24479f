import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import worker from "../../src/worker.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import { mintTenant, SCIM_BASE, throughTheDoor, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Json, type ScimClient } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1, type Trip } from "../storage/intercept-d1.ts";

const PAGE = 5_000;
const CROWD = 25_000;

let tenant: MintedTenant;
let ids: string[];
let big: string;

const path = (id: string, query = "") => `/Groups/${id}${query}`;
const value = (members: readonly string[]) => members.map((id) => ({ value: id }));
const shown = (body: Json): string[] =>
  ((body["members"] ?? []) as Json[]).map((member) => String(member["value"]));
/** A group with these people, written past the server. */
async function filled(
  { scim, key }: MintedTenant,
  displayName: string,
  members: readonly string[],
): Promise<string> {
  const { id, status } = await scim.post("/Groups", { displayName });
  expect(status).toBe(201);
  await env.DB.prepare(
    `INSERT INTO group_members (tenant_key, group_id, member_id, member_type, added_at)
     SELECT ?1, ?2, value, 'User', '2026-01-01T00:00:00.000Z' FROM json_each(?3)`,
  )
    .bind(key, id, JSON.stringify(members))
    .run();
  return id;
}

async function storedMembers(groupId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT member_id FROM group_members WHERE tenant_key = ? AND group_id = ? ORDER BY member_id",
  )
    .bind(tenant.key, groupId)
    .all<{ member_id: string }>();
  return results.map((row) => row.member_id);
}

const readsMembers = ({ statements }: Trip) =>
  statements.some(({ sql }) => /^\s*SELECT[^]*group_members/.test(sql));

/** A database that does something before it sends the n-th batch that reads members. */
function beforePage(number: number, act: () => Promise<unknown>): D1Database {
  let pages = 0;
  return interceptD1(env.DB, async (trip) => {
    if (readsMembers(trip) && ++pages === number) await act();
    return trip.send();
  });
}

/** A client whose requests are counted: round trips and rows. */
function metered(of = tenant): {
  scim: ScimClient;
  cost: { trips: number; read: number; written: number };
} {
  const cost = { trips: 0, read: 0, written: 0 };
  const database = interceptD1(env.DB, async ({ send }) => {
    cost.trips += 1;
    const results = await send();
    for (const { meta } of results) {
      cost.read += meta.rows_read;
      cost.written += meta.rows_written;
    }
    return results;
  });
  return { scim: of.through(callWorker({ DB: database })), cost };
}

/** The Worker's own answer, its body unread. */
function answerOf(at: string, database: D1Database, of = tenant): Promise<Response> {
  const headers = { Authorization: `Bearer ${of.token}` };
  const request = new Request<unknown, IncomingRequestCfProperties>(`${SCIM_BASE}${at}`, {
    headers,
  });
  const answer = worker.fetch(request, workerEnv({ DB: database }), createExecutionContext());
  return Promise.resolve(answer);
}

/** What a client gets of a body, and whether it came to its end. */
async function readBody(answer: Response): Promise<{ text: string; ended: boolean }> {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true });
    return { text, ended: true };
  } catch {
    return { text, ended: false };
  }
}

beforeAll(async () => {
  tenant = await mintTenant();
  const { id } = await tenant.scim.post("/Users", { userName: "model" });
  ids = await seedPeople(tenant.key, id, CROWD);
  big = await filled(tenant, "Big", ids);
});

describe("GET of a group that is larger than a page of members", () => {
  it("has every member once, and reads each once, page by page", async () => {
    const { scim, cost } = metered();
    const { status, headers, body } = await scim.get(path(big));
    expect([status, headers.get("Content-Type")]).toEqual([200, "application/scim+json"]);
    expect(shown(body)).toEqual(ids);
    expect(body).toMatchObject({ id: big, meta: { version: headers.get("ETag") } });
    expect(headers.get("ETag")).toBe('W/"1"');
    expect(cost.trips).toBe(CROWD / PAGE + 1);
    expect(cost.read).toBeLessThanOrEqual(CROWD + 2 + 5 * cost.trips);
  });

  it("arrives whole from outside", async () => {
    const { body } = await tenant.through(throughTheDoor).get(path(big));
    expect(shown(body)).toEqual(ids);
  });

  it("answers HEAD, and If-None-Match, with the first page alone", async () => {
    const { scim, cost } = metered();
    const head = await scim.send("HEAD", path(big));
    expect([head.status, head.text, head.headers.get("ETag")]).toEqual([200, "", 'W/"1"']);
    const same = await scim.get(path(big), { "If-None-Match": 'W/"1"' });
    expect([same.status, same.headers.get("ETag")]).toEqual([304, 'W/"1"']);
    expect(cost.trips).toBe(2);
  });

  it.each([
    "",
    "?attributes=members",
    "?attributes=members.value",
    "?attributes=members.display",
    "?attributes=displayName,members.type",
    "?excludedAttributes=members.display",
    "?excludedAttributes=members.$ref,members.type",
    "?excludedAttributes=displayName,meta",
    "?attributes=members&excludedAttributes=members.value",
    "?attributes=displayName",
    "?excludedAttributes=members",
  ])("shows of each member what it would show in a small group: %s", async (query) => {
    const small = await filled(tenant, `Small ${query}`, ids.slice(0, 3));
    const [large, little] = [
      (await tenant.scim.get(path(big, query))).body,
      (await tenant.scim.get(path(small, query))).body,
    ];
    expect(Object.keys(large).toSorted()).toEqual(Object.keys(little).toSorted());
    const [first, all] = [little["members"], large["members"]] as [Json[]?, Json[]?];
    expect(all?.slice(0, 3)).toEqual(first);
    expect(all?.length).toBe(first && CROWD);
  });

  it("reads no page before the client has taken the one before, and none for one who left", async () => {
    let trips = 0;
    const database = interceptD1(env.DB, ({ send }) => {
      trips += 1;
      return send();
    });
    const reader = (await answerOf(path(big), database)).body?.getReader();
    await reader?.read();
    await scheduler.wait(50);
    expect(trips).toBe(1);
    await reader?.read();
    await scheduler.wait(50);
    expect(trips).toBe(2);
    await reader?.cancel();
    await scheduler.wait(50);
    expect(trips).toBe(2);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    [
      "somebody leaves",
      (id) => {
        const leave = { op: "remove", path: `members[value eq "${ids[0]}"]` };
        return tenant.scim.patch(path(id), patchOf(leave));
      },
    ],
    [
      "it is renamed",
      (id) =>
        tenant.scim.patch(
          path(id),
          patchOf({ op: "replace", value: { displayName: `Renamed ${id}` } }),
        ),
    ],
    ["it is deleted", (id) => tenant.scim.delete(path(id))],
    ["the tenant changes", () => tenant.change({ settings: { unknownMembers: "skip" } })],
    ["the database fails", () => Promise.reject(new Error("D1_ERROR: broken"))],
  ])("is broken off when %s while it is read", async (what, act) => {
    const id = await filled(tenant, `Breaks ${what}`, ids.slice(0, 12_000));
    const answer = await answerOf(
      path(id),
      beforePage(2, () => act(id)),
    );
    expect(answer.status).toBe(200);
    const { text, ended } = await readBody(answer);
    expect(ended).toBe(false);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });
});

describe("lists of groups whose members fill several pages", () => {
  let own: MintedTenant;
  let model: string;
  let people: string[];
  /** In the order in which they were made; the names are in another one. */
  const spans: [string, number, number][] = [
    ["delta", 0, 3_000],
    ["alpha", 0, 0],
    ["golf", 2_000, 4_000],
    ["bravo", 0, 11_000],
    ["echo", 5, 5],
    ["foxtrot", 4_000, 9_000],
    ["charlie", 10_999, 11_000],
  ];
  const memberships = new Map<string, readonly string[]>();
  let total: number;

  beforeAll(async () => {
    own = await mintTenant();
    model = (await own.scim.post("/Users", { userName: "model" })).id;
    people = await seedPeople(own.key, model, 11_000);
    for (const [name, from, to] of spans) {
      memberships.set(name, people.slice(from, to));
      await filled(own, name, people.slice(from, to));
    }
    total = spans.reduce((sum, [, from, to]) => sum + to - from, 0);
  });

  const membershipsIn = (resources: readonly Json[]) =>
    new Map(resources.map((one) => [one["displayName"], shown(one)]));

  it.each([
    ["", spans.map(([name]) => name)],
    ["?sortBy=displayName", spans.map(([name]) => name).toSorted()],
    [
      "?sortBy=displayName&sortOrder=descending&cursor=",
      spans
        .map(([name]) => name)
        .toSorted()
        .toReversed(),
    ],
  ])("have every member of each, in any order of the groups: %s", async (query, names) => {
    const { scim, cost } = metered(own);
    const list = await scim.get(`/Groups${query}`);
    expect([list.status, list.headers.get("Content-Type")]).toEqual([200, "application/scim+json"]);
    expect(list.body).toMatchObject({ totalResults: spans.length, itemsPerPage: spans.length });
    expect(list.resources.map((one) => one["displayName"])).toEqual(names);
    expect(membershipsIn(list.resources)).toEqual(memberships);
    expect(cost.trips).toBeLessThanOrEqual(1 + Math.ceil((total + 2) / PAGE));
    expect(cost.read).toBeLessThanOrEqual(total + 5 * spans.length + 5 * cost.trips);
  });

  it("show each group as a request for it alone does, and pages as one list", async () => {
    const all = (await own.scim.get("/Groups")).resources;
    for (const one of all) expect((await own.scim.get(path(String(one["id"])))).body).toEqual(one);
    const paged: Json[] = [];
    for (let start = 1; start <= spans.length; start += 3) {
      paged.push(...(await own.scim.get(`/Groups?startIndex=${start}&count=3`)).resources);
    }
    expect(paged).toEqual(all);
    const filter = `members.value eq "${people[2_500]}"`;
    const found = await own.scim.post("/Groups/.search", { filter });
    expect([...membershipsIn(found.resources).keys()]).toEqual(["delta", "golf", "bravo"]);
    expect(found.resources).toEqual(
      all.filter((one) => ["delta", "golf", "bravo"].includes(String(one["displayName"]))),
    );
  });

  it("are part of a search over people and groups", async () => {
    const filter = `id eq "${model}" or displayName sw "b" or displayName sw "d"`;
    const found = await own.scim.post("/.search", { filter });
    expect(found.body).toMatchObject({ totalResults: 3, itemsPerPage: 3 });
    expect(found.resources[0]).toMatchObject({ userName: "model" });
    const [, ...groups] = found.resources;
    expect([...membershipsIn(groups).entries()]).toEqual([
      ["delta", memberships.get("delta")],
      ["bravo", memberships.get("bravo")],
    ]);
    const attributes = ["userName", "members.value"];
    const brief = await own.scim.post("/.search", { filter, attributes });
    expect(brief.resources.at(-1)?.["members"]).toEqual(value(memberships.get("bravo") ?? []));
  });

  it("read no member when none is shown", async () => {
    const { scim, cost } = metered(own);
    const list = await scim.get("/Groups?excludedAttributes=members");
    expect(list.resources.map((one) => "members" in one)).not.toContain(true);
    await scim.get("/Groups?attributes=displayName");
    expect(cost.trips).toBe(2);
    expect(cost.read).toBeLessThan(60);
  });

  it("begin anew when a group changes before its first members are read", async () => {
    let joined = 0;
    const join = () => {
      joined += 1;
      return own.scim.patch(
        path(id),
        patchOf({ op: "add", path: "members", value: value(people.slice(0, 1)) }),
      );
    };
    const { id } = await own.scim.post("/Groups", { displayName: "Zulu", members: [] });
    const scim = own.through(callWorker({ DB: beforePage(1, join) }));
    const { resources } = await scim.get('/Groups?filter=displayName%20eq%20"Zulu"');
    expect(joined).toBe(1);
    expect(resources).toMatchObject([
      { meta: { version: 'W/"2"' }, members: value(people.slice(0, 1)) },
    ]);
    await own.scim.delete(path(id));
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ["changes", (id) => own.scim.patch(path(id), patchOf({ op: "remove", path: "members" }))],
    ["is deleted", (id) => own.scim.delete(path(id))],
  ])("are broken off when a group that is still to come %s", async (_what, act) => {
    const last = await filled(own, "Zulu", people.slice(0, 10));
    const answer = await answerOf(
      "/Groups",
      beforePage(3, () => act(last)),
      own,
    );
    const { text, ended } = await readBody(answer);
    expect([answer.status, ended]).toEqual([200, false]);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    await own.scim.delete(path(last));
  });
});

describe("PUT and POST of a large group", () => {
  const putOf = (displayName: string, members: readonly string[]): Json => ({
    displayName,
    members: value(members),
  });

  it("with the members that are there reads each once, writes nothing, and shows them", async () => {
    const { scim, cost } = metered();
    const put = await scim.put(path(big), putOf("Big", ids.toReversed()));
    expect(put.status).toBe(200);
    expect(cost).toMatchObject({ trips: CROWD / PAGE + 1, written: 0 });
    expect(cost.read).toBeLessThanOrEqual(1.01 * CROWD);
    expect(put.body).toEqual((await tenant.scim.get(path(big))).body);
    expect(put.headers.get("ETag")).toBe('W/"1"');
  });

  it("with a small difference writes that alone", async () => {
    const id = await filled(tenant, "Differs", ids.slice(10));
    const { id: child } = await tenant.scim.post("/Groups", { displayName: "Child" });
    const { scim, cost } = metered();
    const wanted = [...ids.slice(0, 1), child, "nobody", ...ids.slice(30)];
    const put = await scim.put(path(id), putOf("Differs", wanted));
    expect(put.status).toBe(200);
    expect(cost.written).toBeLessThanOrEqual(2 * 2 + 20 + 3);
    expect(cost.read).toBeLessThanOrEqual(1.01 * CROWD + 60);
    expect(await storedMembers(id)).toEqual(
      [child, ...ids.slice(0, 1), ...ids.slice(30)].toSorted(),
    );
    expect(put.body).toEqual((await tenant.scim.get(path(id))).body);
    expect((put.body["members"] as Json[])[0]).toMatchObject({ value: child, type: "Group" });
    const again = await tenant.scim.put(path(id), putOf("Differs", wanted));
    expect(again.body).toEqual(put.body);
    const brief = await scim.put(`${path(id)}?attributes=displayName`, putOf("Differs", wanted));
    expect(Object.keys(brief.body)).toEqual(["schemas", "id", "displayName"]);
  });

  it("into an empty group, or a new one, has the answer of a GET", async () => {
    const { id } = await tenant.scim.post("/Groups", { displayName: "Fills" });
    const wanted = ["nobody", ...ids.toReversed()];
    const put = await tenant.scim.put(path(id), putOf("Fills", wanted));
    expect([put.status, put.headers.get("ETag")]).toEqual([200, 'W/"2"']);
    expect(shown(put.body)).toEqual(ids);
    expect(put.body).toEqual((await tenant.scim.get(path(id))).body);
    const post = await tenant.scim.post("/Groups", putOf("Anew", wanted));
    expect([post.status, post.headers.get("ETag")]).toEqual([201, 'W/"1"']);
    expect(post.headers.get("Location")).toBe(`${SCIM_BASE}/Groups/${post.id}`);
    expect(post.body).toEqual((await tenant.scim.get(path(post.id))).body);
  });

  it("begins anew when somebody joins while it compares", async () => {
    const id = await filled(tenant, "Overtaken", ids.slice(0, 12_000));
    const join = patchOf({ op: "add", path: "members", value: value(ids.slice(-1)) });
    const database = beforePage(2, () => tenant.scim.patch(path(id), join));
    const scim = tenant.through(callWorker({ DB: database }));
    const put = await scim.put(path(id), putOf("Overtaken", ids.slice(0, 11_000)));
    expect([put.status, put.headers.get("ETag")]).toEqual([200, 'W/"3"']);
    expect(shown(put.body)).toEqual(ids.slice(0, 11_000));
    expect(await storedMembers(id)).toEqual(ids.slice(0, 11_000));
  });
});

describe("PATCH and DELETE of a large group", () => {
  it("add a thousand, choose among all, and remove everybody", async () => {
    const id = await filled(tenant, "Patched", ids.slice(1_000));
    const add = { op: "add", path: "members", value: value(ids.slice(0, 1_000)) };
    expect((await tenant.scim.patch(path(id), patchOf(add))).status).toBe(204);
    expect(await storedMembers(id)).toEqual(ids);
    const choice = { op: "remove", path: 'members[value ew "7"]' };
    expect((await tenant.scim.patch(path(id), patchOf(choice))).status).toBe(204);
    expect(await storedMembers(id)).toEqual(ids.filter((member) => !member.endsWith("7")));
    const few = { op: "replace", path: "members", value: value(ids.slice(0, 7)) };
    expect((await tenant.scim.patch(path(id), patchOf(few))).status).toBe(204);
    expect(await storedMembers(id)).toEqual(ids.slice(0, 7));
    const all = patchOf({ op: "remove", path: "members" });
    expect((await tenant.scim.patch(path(id), all)).status).toBe(204);
    expect(await storedMembers(id)).toEqual([]);
  });

  it("empty it at once", async () => {
    const id = await filled(tenant, "Emptied", ids);
    const all = patchOf({ op: "remove", path: "members" });
    expect((await tenant.scim.patch(path(id), all)).status).toBe(204);
    expect(await storedMembers(id)).toEqual([]);
  });

  it("delete it with all its memberships in one transaction", async () => {
    const id = await filled(tenant, "Deleted", ids);
    const { scim, cost } = metered();
    expect((await scim.delete(path(id))).status).toBe(204);
    expect(cost.trips).toBe(2);
    expect(await storedMembers(id)).toEqual([]);
    expect((await tenant.scim.get(path(id))).status).toBe(404);
    expect(await storedMembers(big)).toEqual(ids);
  });
});
