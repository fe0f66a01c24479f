import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { parseCsv } from "../../src/directory/people/csv/parse-csv.ts";
import { callWorker } from "../call-worker.ts";
import { admin, issueToken, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Answer, type Json } from "../scim-client.ts";
import { seedChanges } from "../seed-changes.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const iso = (time: number): string => new Date(time).toISOString();

let cost = { trips: 0, read: 0 };
/** The admin API, its round trips and rows counted. */
const metered = callWorker({
  DB: interceptD1(env.DB, async ({ send }) => {
    cost.trips += 1;
    const results = await send();
    for (const { meta } of results) cost.read += meta.rows_read;
    return results;
  }),
});

async function changes(tenant: MintedTenant, query = ""): Promise<Answer> {
  cost = { trips: 0, read: 0 };
  return admin("GET", `/tenants/${tenant.slug}/changes${query}`, undefined, metered);
}
const itemsOf = ({ status, text, body }: Answer): Json[] => {
  expect([status, text]).toEqual([200, expect.any(String)]);
  return body["items"] as Json[];
};
const items = async (tenant: MintedTenant, query = ""): Promise<Json[]> =>
  itemsOf(await changes(tenant, query));
const seqs = async (tenant: MintedTenant, query = ""): Promise<unknown[]> =>
  (await items(tenant, query)).map((item) => item["seq"]);

const nextOf = ({ body }: Answer): string | null =>
  typeof body["nextCursor"] === "string" ? body["nextCursor"] : null;

/** Every page of a list, as long as there is a next one. */
async function pages(tenant: MintedTenant, query: string): Promise<Json[][]> {
  const all: Json[][] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await changes(tenant, `?${query}&cursor=${encodeURIComponent(cursor)}`);
    all.push(itemsOf(page));
    cursor = nextOf(page);
    expect(all.length).toBeLessThan(100);
  }
  return all;
}

async function file(tenant: MintedTenant, accept: string, query = "") {
  const response = await callWorker()(
    new Request(`${ORIGIN}/api/v1/admin/tenants/${tenant.slug}/changes${query}`, {
      headers: {
        Authorization: "Bearer admin-key-of-the-test-suite-0123456789abcdef",
        Accept: accept,
      },
    }),
  );
  return { type: response.headers.get("Content-Type"), text: await response.text() };
}

async function person(tenant: MintedTenant, userName: string): Promise<string> {
  const { status, id } = await tenant.scim.post("/Users", { userName });
  expect(status).toBe(201);
  return id;
}

describe("a row of the journal", () => {
  it("says who did what when, with what outcome, and what is to be done", async () => {
    const tenant = await mintTenant();
    const ana = await person(tenant, "ana");
    const again = await tenant.scim.post("/Users", { userName: "Ana" });
    const [refusal, creation] = await items(tenant);
    expect(creation).toEqual({
      seq: 1,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      requestId: expect.any(String),
      actor: { kind: "token", id: tenant.id, hint: tenant.token.slice(-4) },
      operation: "create",
      resourceType: "User",
      resourceId: ana,
      outcome: "applied",
      status: 201,
      scimType: null,
      reason: null,
      advice: null,
      diff: [
        { attribute: "userName", after: "ana" },
        { attribute: "active", after: true },
      ],
    });
    expect(refusal).toMatchObject({
      seq: 2,
      requestId: again.headers.get("X-Request-Id"),
      outcome: "refused",
      status: 409,
      scimType: "uniqueness",
      reason: again.body["detail"],
      advice: expect.stringContaining("this userName"),
      diff: [{ attribute: "userName", after: "Ana" }],
    });
  });

  it("is told with the present names of what it is about, where they are asked for", async () => {
    const tenant = await mintTenant();
    const ana = await tenant.scim.post("/Users", { userName: "ana", displayName: "Ana" });
    const bea = await person(tenant, "bea");
    const cleo = await person(tenant, "cleo");
    const group = await tenant.scim.post("/Groups", {
      displayName: "Staff",
      members: [{ value: ana.id }],
    });
    const path = `/tenants/${tenant.slug}/departments`;
    const department = await admin("POST", path, { name: "Sales" });
    await tenant.scim.delete(`/Users/${bea}`);
    await admin("POST", `/tenants/${tenant.slug}/users/${cleo}/erase`);
    const other = await mintTenant();
    await other.scim.patch(`/Users/${ana.id}`, patchOf({ op: "remove", path: "title" }));

    expect((await changes(tenant)).body["names"]).toBeUndefined();
    const { trips } = cost;
    expect((await changes(tenant, "?names=true")).body["names"]).toEqual({
      [ana.id]: "Ana",
      // Soft-deleted; and of somebody who was erased there is none.
      [bea]: "bea",
      [group.id]: "Staff",
      [department.id]: "Sales",
    });
    expect(cost.trips).toBe(trips + 1);
    const [refused] = await items(other, "?names=true");
    expect(refused).toMatchObject({ resourceId: ana.id, outcome: "refused" });
    expect((await changes(other, "?names=true")).body["names"]).toEqual({});
  });

  it("is the same as a line of a file", async () => {
    const tenant = await mintTenant();
    await person(tenant, "ana");
    const lines = await file(tenant, "application/x-ndjson");
    expect(lines.type).toMatch(/^application\/x-ndjson/);
    expect(lines.text).toBe(`${JSON.stringify((await items(tenant))[0])}\n`);
  });
});

describe("the advice", () => {
  const excluded = { excludedEmails: ["boss@example.com"] };
  const failures: [string, Json, (tenant: MintedTenant) => Promise<Answer>, string][] = [
    [
      "an excluded person",
      excluded,
      (tenant) => tenant.scim.post("/Users", { userName: "boss@example.com" }),
      "excludedEmails",
    ],
    [
      "groups that are off",
      { groups: "off" },
      (tenant) => tenant.scim.post("/Groups", { displayName: "Staff" }),
      "setting groups",
    ],
    [
      "a group name that is taken",
      {},
      async (tenant) => {
        await tenant.scim.post("/Groups", { displayName: "Staff" });
        return tenant.scim.post("/Groups", { displayName: "staff" });
      },
      "group of this name",
    ],
    [
      "unknown members",
      { unknownMembers: "reject" },
      (tenant) =>
        tenant.scim.post("/Groups", { displayName: "Staff", members: [{ value: "nobody" }] }),
      "unknownMembers to skip",
    ],
    [
      "an address that is taken",
      { uniqueEmail: true },
      async (tenant) => {
        const emails = [{ value: "x@example.com", type: "work" }];
        await tenant.scim.post("/Users", { userName: "ana", emails });
        return tenant.scim.post("/Users", { userName: "bo", emails });
      },
      "same email address",
    ],
    [
      "an unknown id",
      {},
      (tenant) =>
        tenant.scim.patch("/Users/nobody", patchOf({ op: "replace", path: "title", value: "x" })),
      "restart provisioning",
    ],
    [
      "a precondition that failed",
      {},
      async (tenant) => {
        const id = await person(tenant, "ana");
        return tenant.scim.delete(`/Users/${id}`, { "If-Match": 'W/"7"' });
      },
      "read it again",
    ],
    [
      "a body that is no JSON",
      {},
      (tenant) => tenant.scim.send("POST", "/Users", "{"),
      "well-formed SCIM request",
    ],
    [
      "a malformed path",
      {},
      async (tenant) => {
        const id = await person(tenant, "ana");
        const path = 'emails[type eq "work"';
        return tenant.scim.patch(`/Users/${id}`, patchOf({ op: "add", path, value: "x" }));
      },
      "target attribute",
    ],
    [
      "a path that fits nothing",
      {},
      async (tenant) => {
        const id = await person(tenant, "ana");
        const path = 'emails[value eq "x"].display';
        return tenant.scim.patch(`/Users/${id}`, patchOf({ op: "replace", path, value: "y" }));
      },
      "does not have",
    ],
    [
      "a value of the wrong kind",
      {},
      (tenant) => tenant.scim.post("/Users", { userName: { first: "ana" } }),
      "form that its attribute needs",
    ],
    ["a missing userName", {}, (tenant) => tenant.scim.post("/Users", {}), "Map the attribute"],
    [
      "a resource that is too large",
      {},
      (tenant) => tenant.scim.post("/Users", { userName: "a", title: "x".repeat(300_000) }),
      "photos",
    ],
    [
      "somebody deactivated by hand",
      { adoption: "email" },
      async (tenant) => {
        const id = await person(tenant, "ana@example.com");
        await env.DB.prepare(
          "UPDATE users SET active = 0, deactivated_by_hand = 1 WHERE tenant_key = ? AND id = ?",
        )
          .bind(tenant.key, id)
          .run();
        return tenant.scim.post("/Users", { userName: "ana@example.com" });
      },
      "does not overrule",
    ],
    [
      "the deletion of somebody enrolled by hand",
      { adoption: "email" },
      async (tenant) => {
        const enrolled = await admin("POST", `/tenants/${tenant.slug}/users`, {
          email: "ana@example.com",
        });
        return tenant.scim.delete(`/Users/${enrolled.id}`);
      },
      "adopt them first",
    ],
    [
      "an attribute that is not known",
      {},
      async (tenant) => {
        const id = await person(tenant, "ana");
        return tenant.scim.patch(
          `/Users/${id}`,
          patchOf(
            { op: "replace", path: "shoeSize", value: "9" },
            { op: "replace", path: "title", value: "x" },
          ),
        );
      },
      "not known here",
    ],
  ];
  it.each(failures)("is there for %s", async (_what, settings, fail, advice) => {
    const tenant = await mintTenant({ settings });
    await fail(tenant);
    const [row] = await items(tenant);
    expect(row?.["advice"]).toContain(advice);
  });

  it("is in a row for every resource that is refused, however many are at once", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, "ana");
    for (let time = 0; time < 3; time++) await tenant.scim.post("/Users", { userName: "ana" });
    for (let time = 0; time < 2; time++) {
      await tenant.scim.delete(`/Users/${id}`, { "If-Match": 'W/"9"' });
    }
    expect(await items(tenant, "?outcome=refused")).toHaveLength(5);
  });

  it("is there for a token without the permission, and the row is not written for every request", async () => {
    const tenant = await mintTenant();
    const { token } = await issueToken(tenant.slug, { scopes: ["users:read"] });
    const scim = tenant.through(callWorker(), { token });
    for (let time = 0; time < 3; time++) {
      expect((await scim.post("/Users", { userName: "ana" })).status).toBe(403);
    }
    const refusals = await items(tenant, "?outcome=refused");
    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.["advice"]).toContain("Create a token with the permission");
  });

  it.each([
    ["suspended", "status to active"],
    ["paused", "is paused"],
  ])("is there for a tenant that is %s, once a minute", async (status, advice) => {
    const tenant = await mintTenant();
    await tenant.change({ status });
    for (const userName of ["ana", "bo"]) await tenant.scim.post("/Users", { userName });
    const refusals = await items(tenant, "?outcome=refused");
    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.["advice"]).toContain(advice);
    await env.DB.prepare("UPDATE changes SET at = ? WHERE tenant_key = ? AND outcome = 'refused'")
      .bind(iso(Date.now() - 2 * MINUTE_MS), tenant.key)
      .run();
    await tenant.scim.post("/Users", { userName: "cy" });
    expect(await items(tenant, "?outcome=refused")).toHaveLength(2);
  });
});

describe("reads", () => {
  const search = "/Users?filter=userName%20eq%20%22nobody%22";

  it("are noted, one of a kind, as long as SCIM has brought nobody", async () => {
    const tenant = await mintTenant();
    for (let time = 0; time < 3; time++) await tenant.scim.get(search);
    await tenant.scim.get("/Users");
    await tenant.scim.get("/Groups");
    const noted = (await items(tenant)).toReversed();
    expect(noted.map((item) => item["reason"])).toEqual([
      expect.stringMatching(/^The Users were searched, as Test Connection does/),
      expect.stringMatching(/^The Users were listed/),
      expect.stringMatching(/^The Groups were listed/),
    ]);
    for (const item of noted) {
      expect(item).toMatchObject({
        operation: "token",
        resourceType: "Token",
        resourceId: tenant.id,
        outcome: "applied",
        advice: expect.stringContaining("Start provisioning"),
      });
    }
    await env.DB.prepare("UPDATE changes SET at = ? WHERE tenant_key = ?")
      .bind(iso(Date.now() - 2 * MINUTE_MS), tenant.key)
      .run();
    await tenant.scim.get(search);
    expect(await items(tenant)).toHaveLength(4);
  });

  it("are noted while all people were enrolled by hand", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await admin("POST", `/tenants/${tenant.slug}/users`, { email: "ana@example.com" });
    await tenant.scim.get("/Users");
    expect(await items(tenant, "?operation=token")).toHaveLength(1);
  });

  it("are not noted any more once SCIM has brought somebody, wherever they are asked", async () => {
    const tenant = await mintTenant();
    await person(tenant, "ana");
    const { key } = tenant;
    await tenant.scim.get(search);
    // As another isolate sees it, which has seen no creation.
    const other = await mintTenant();
    await env.DB.prepare("UPDATE tenant_counts SET users_scim = 1 WHERE tenant_key = ?")
      .bind(other.key)
      .run();
    await other.scim.get(search);
    await other.scim.get(search);
    const { results } = await env.DB.prepare(
      "SELECT * FROM changes WHERE tenant_key IN (?, ?) AND operation = 'token'",
    )
      .bind(key, other.key)
      .all();
    expect(results).toEqual([]);
  });
});

describe("the filters", () => {
  let tenant: MintedTenant;
  let ana: string;
  let staff: string;

  beforeAll(async () => {
    const other = await mintTenant();
    await person(other, "stranger");
    tenant = await mintTenant();
    ana = await person(tenant, "ana");
    ({ id: staff } = await tenant.scim.post("/Groups", { displayName: "Staff" }));
    await tenant.scim.patch(
      `/Users/${ana}`,
      patchOf({ op: "replace", path: "title", value: "Nurse" }),
    );
    await tenant.scim.post("/Users", { userName: "ana" });
    await tenant.scim.post("/Groups", { displayName: "Staff" });
  });

  it("let everything of the tenant through when there are none, newest first", async () => {
    expect(await seqs(tenant)).toEqual([5, 4, 3, 2, 1]);
  });

  it.each([
    ["outcome=refused", [5, 4]],
    ["outcome=applied", [3, 2, 1]],
    ["resourceType=Group", [5, 2]],
    ["operation=patch", [3]],
    ["operation=create&outcome=refused", [5, 4]],
    ["outcome=refused&resourceType=User", [4]],
    ["q=nurse", [3]],
    ["q=ALREADY%20EXISTS", [5, 4]],
    ["q=stranger", []],
    ["q=%25", []],
    ["until=2020-01-01", []],
    ["since=2020-01-01&operation=patch", [3]],
    ["order=asc&limit=3", [1, 2, 3]],
    ["limit=2", [5, 4]],
  ])("%s", async (query, expected) => {
    expect(await seqs(tenant, `?${query}`)).toEqual(expected);
  });

  it("find what happened to one resource, by its id or a part of it", async () => {
    expect(await seqs(tenant, `?resourceId=${ana}`)).toEqual([3, 1]);
    expect(await seqs(tenant, `?resourceId=${staff}`)).toEqual([2]);
    expect(await seqs(tenant, `?resourceId=${ana}&operation=patch`)).toEqual([3]);
    expect(await seqs(tenant, `?resourceId=${ana}&outcome=refused`)).toEqual([]);
    expect(await seqs(tenant, `?q=${ana.slice(4)}`)).toEqual([3, 1]);
  });

  it("find what one request did", async () => {
    const [newest] = await items(tenant);
    expect(await seqs(tenant, `?requestId=${String(newest?.["requestId"])}`)).toEqual([5]);
  });

  it.each([
    ["outcome=perhaps", "outcome"],
    ["operation=read", "operation"],
    ["since=yesterday", "since"],
    ["until=2026-13-01", "until"],
    ["order=up", "order"],
    ["after=-1&order=asc", "after"],
    ["after=1.5&order=asc", "after"],
    ["after=1", "after"],
    ["cursor=abc", "cursor"],
  ])("that make no sense are 422: %s", async (query, path) => {
    const answer = await changes(tenant, `?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body["errors"]).toEqual([{ path, message: expect.any(String) }]);
  });

  it("of a tenant that is not there are 404", async () => {
    expect((await admin("GET", "/tenants/nobody/changes")).status).toBe(404);
  });
});

describe("a long journal", () => {
  const ROWS = 25_000;
  const now = Date.now();
  const first = now - (ROWS - 1) * MINUTE_MS;
  let tenant: MintedTenant;

  beforeAll(async () => {
    tenant = await mintTenant();
    await seedChanges(tenant.key, ROWS, { lastAt: now, refused: "n % 100 = 0" });
    await env.DB.prepare(
      "UPDATE changes SET reason = 'needle ' || seq WHERE tenant_key = ? AND seq IN (17, 24017)",
    )
      .bind(tenant.key)
      .run();
  });

  const timeOf = (row: number): number => first + (row - 1) * MINUTE_MS;
  const between = (from: number, to: number) =>
    `since=${iso(timeOf(from))}&until=${iso(timeOf(to))}`;

  it("shows a week unless more is asked for", async () => {
    const week = (await pages(tenant, "limit=200")).flat();
    expect(week).toHaveLength(7 * 24 * 60);
    expect(week[0]).toMatchObject({ seq: ROWS });
    const all = (await pages(tenant, `limit=200&since=${iso(first)}&q=person-24`)).flat();
    expect(all).toHaveLength(1 + 10 + 100 + 1000);
  });

  it("pages without a gap and without a row twice", async () => {
    const found = (await pages(tenant, `limit=200&${between(1000, 2000)}`)).flat();
    const expected = Array.from({ length: 1001 }, (_, at) => 2000 - at);
    expect(found.map((item) => item["seq"])).toEqual(expected);
  });

  it("finds a time by halving, without reading what lies behind it", async () => {
    expect(await seqs(tenant, `?limit=3&${between(1000, 2000)}`)).toEqual([2000, 1999, 1998]);
    expect(cost.read).toBeLessThan(150);
    expect(await seqs(tenant, `?limit=3&order=asc&${between(1000, 2000)}`)).toEqual([
      1000, 1001, 1002,
    ]);
    expect(cost.read).toBeLessThan(150);
  });

  it("finds a resource by its index", async () => {
    const query = `?resourceId=person-1234&since=${iso(first)}`;
    expect(await seqs(tenant, query)).toEqual([1234]);
    expect(cost.read).toBeLessThan(100);
    expect(await seqs(tenant, `${query}&operation=patch`)).toEqual([1234]);
    expect(cost.read).toBeLessThan(100);
  });

  it("finds refusals by their index", async () => {
    const query = `?outcome=refused&limit=5&since=${iso(first)}`;
    expect(await seqs(tenant, query)).toEqual([25_000, 24_900, 24_800, 24_700, 24_600]);
    expect(cost.read).toBeLessThan(100);
    const people = (await pages(tenant, `${query.slice(1)}&resourceType=User`)).flat();
    expect(people).toHaveLength(250);
  });

  it("reads at most 10,000 rows a page for a search, and gives a cursor also when it found none", async () => {
    for (const order of ["desc", "asc"]) {
      const query = `order=${order}&since=${iso(first)}&q=needle%20${order === "desc" ? 17 : 24_017}`;
      let cursor: string | null = "";
      const found: Json[][] = [];
      while (cursor !== null) {
        const page = await changes(tenant, `?${query}&cursor=${encodeURIComponent(cursor)}`);
        expect(cost.read).toBeLessThan(10_000 + 200);
        found.push(itemsOf(page));
        cursor = nextOf(page);
      }
      expect(found.length).toBeGreaterThanOrEqual(3);
      expect(found[0]).toEqual([]);
      expect(found.flat()).toHaveLength(1);
    }
  });

  it("does not read more for a search among refusals", async () => {
    const many = await mintTenant();
    await seedChanges(many.key, 12_000, { lastAt: now, refused: "n > 100" });
    const query = `outcome=refused&since=${iso(now - 12_000 * MINUTE_MS)}&q=person-101`;
    const found: Json[] = [];
    let cursor: string | null = "";
    let count = 0;
    while (cursor !== null) {
      const page = await changes(many, `?${query}&cursor=${encodeURIComponent(cursor)}`);
      expect(cost.read).toBeLessThan(10_000 + 200);
      found.push(...itemsOf(page));
      cursor = nextOf(page);
      count += 1;
    }
    expect(count).toBeGreaterThanOrEqual(3);
    expect(found.map((item) => item["resourceId"])).toContain("person-101");
  });

  it("is a file of all its rows, read in portions", async () => {
    const lines = await file(tenant, "application/x-ndjson", `?${between(1, 1201)}`);
    const rows = lines.text.trimEnd().split("\n");
    expect(rows).toHaveLength(1201);
    expect(JSON.parse(rows[0] ?? "")).toMatchObject({ seq: 1201 });
    expect(JSON.parse(rows[1200] ?? "")).toMatchObject({ seq: 1 });
  });

  it("is a file also of the few rows that a search finds far behind", async () => {
    const lines = await file(tenant, "text/csv", `?since=${iso(first)}&q=seeded-none`);
    expect(lines.text.split("\r\n")).toHaveLength(2);
    const one = await file(tenant, "text/csv", `?since=${iso(first)}&resourceId=person-17`);
    expect(one.text.split("\r\n")).toHaveLength(3);
  });
});

describe("a file of CSV", () => {
  it("has a header, and no cell that a spreadsheet would run", async () => {
    const tenant = await mintTenant();
    const userName = '=HYPERLINK("https://evil.example","x")';
    await person(tenant, userName);
    await tenant.scim.delete("/Users/=2+5");
    const { type, text } = await file(tenant, "text/csv");
    expect(type).toMatch(/^text\/csv/);
    const [header, ...lines] = text.trimEnd().split("\r\n");
    expect(header).toBe(
      "seq,at,requestId,actorKind,actorId,actorHint,operation,resourceType,resourceId,outcome,status,scimType,reason,advice,diff",
    );
    expect(lines).toHaveLength(2);
    expect(text).toContain(",'=2+5,");
    const parsed = parseCsv(text, 10);
    if (parsed.kind !== "records") throw new Error("No CSV.");
    const cells = parsed.records.flatMap((record) => record.cells);
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  it("of an empty journal is its header", async () => {
    const { text } = await file(await mintTenant(), "text/csv");
    expect(text.split("\r\n")).toEqual([expect.stringMatching(/^seq,/), ""]);
  });
});

describe("following the journal", () => {
  it("brings every row once, however it is asked", async () => {
    const tenant = await mintTenant();
    expect(await seqs(tenant, "?order=asc&after=0")).toEqual([]);
    const ana = await person(tenant, "ana");
    await person(tenant, "bo");
    expect(await seqs(tenant, "?order=asc&after=0")).toEqual([1, 2]);
    expect(await seqs(tenant, "?order=asc&after=2")).toEqual([]);
    await tenant.scim.delete(`/Users/${ana}`);
    expect(await seqs(tenant, "?order=asc&after=2")).toEqual([3]);
    expect(await seqs(tenant, "?order=asc&after=9")).toEqual([]);
  });

  it("goes through a long journal in pages, old rows included", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 11_000, { lastAt: Date.now() - 30 * DAY_MS });
    const found = (await pages(tenant, "order=asc&after=0&limit=200&q=person-109")).flat();
    expect(found.map((item) => item["seq"])).toEqual([
      109,
      ...Array.from({ length: 10 }, (_, at) => 1090 + at),
      ...Array.from({ length: 100 }, (_, at) => 10_900 + at),
    ]);
  });

  it("costs a look at the end of the journal when there is nothing new", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 3_000, { lastAt: Date.now() });
    expect(await seqs(tenant, "?order=asc&after=3000")).toEqual([]);
    expect(cost.read).toBeLessThan(20);
  });

  it("says 410 when rows behind that number are purged, and goes on where none is missing", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 10, { lastAt: Date.now() });
    await env.DB.prepare("DELETE FROM changes WHERE tenant_key = ? AND seq <= 4")
      .bind(tenant.key)
      .run();
    const gone = await changes(tenant, "?order=asc&after=3");
    expect(gone.status).toBe(410);
    expect(gone.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await seqs(tenant, "?order=asc&after=4")).toEqual([5, 6, 7, 8, 9, 10]);
  });

  it("does not take a cursor of the other order", async () => {
    const tenant = await mintTenant();
    await seedChanges(tenant.key, 10, { lastAt: Date.now() });
    const cursor = encodeURIComponent(nextOf(await changes(tenant, "?limit=2")) ?? "");
    expect((await changes(tenant, `?order=asc&cursor=${cursor}`)).status).toBe(422);
  });
});
