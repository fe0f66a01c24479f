import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import {
  mintTenant,
  ORIGIN,
  SCIM_BASE,
  throughTheDoor,
  type MintedTenant,
} from "../mint-tenant.ts";
import { ENTERPRISE, filterOf, patchOf, type Answer, type Json } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:Group";

async function made(answer: Promise<Answer>): Promise<string> {
  const { status, id } = await answer;
  expect(status).toBe(201);
  return id;
}

const person = ({ scim }: MintedTenant, userName: string) =>
  made(scim.post("/Users", { userName }));

const group = ({ scim }: MintedTenant, displayName: string, members: readonly string[] = []) =>
  made(scim.post("/Groups", { displayName, members: members.map((value) => ({ value })) }));

/** A tenant with three people. */
async function staffed(options: Parameters<typeof mintTenant>[0] = {}) {
  const tenant = await mintTenant(options);
  const ana = await person(tenant, "ana");
  const ben = await person(tenant, "ben");
  const cleo = await person(tenant, "cleo");
  return { tenant, scim: tenant.scim, ana, ben, cleo };
}

async function membersOf(tenant: MintedTenant, groupId: string): Promise<string[]> {
  const rows = await rowsIn("group_members", tenant.key);
  const stored = rows
    .filter((row) => row["group_id"] === groupId)
    .map((row) => String(row["member_id"]));
  const { body } = await tenant.scim.get(`/Groups/${groupId}`);
  const shown = ((body["members"] ?? []) as Json[]).map((member) => String(member["value"]));
  expect(shown.toSorted()).toEqual(stored.toSorted());
  return stored.toSorted();
}

const versionOf = async ({ scim }: MintedTenant, id: string) => {
  const { body, headers } = await scim.get(`/Groups/${id}?attributes=meta`);
  const meta = body["meta"] as Json;
  expect(headers.get("ETag")).toBe(meta["version"]);
  return meta["version"];
};

function expectError(answer: Answer, status: number, scimType?: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/scim+json");
  expect(answer.body["status"]).toBe(String(status));
  expect(answer.body["scimType"]).toBe(scimType);
}

const value = (...ids: string[]) => ids.map((id) => ({ value: id }));
const join = (...ids: string[]): Json => ({ op: "add", path: "members", value: value(...ids) });
const leave = (...ids: string[]): Json => ({ op: "remove", path: "members", value: value(...ids) });

describe("POST /Groups", () => {
  it("answers 201 with the whole group, members included", async () => {
    const { scim, ana, ben } = await staffed();
    const answer = await scim.post("/Groups", {
      schemas: [CORE, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
      externalId: "8aa1",
      displayName: "EDU All staff",
      members: [{ value: ana, $ref: null, display: null }, { value: ben }, { value: ana }],
      meta: { resourceType: "Group" },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("Location")).toBe(`${SCIM_BASE}/Groups/${answer.id}`);
    expect(answer.body).toMatchObject({
      schemas: [CORE],
      externalId: "8aa1",
      displayName: "EDU All staff",
      meta: { resourceType: "Group", location: `${SCIM_BASE}/Groups/${answer.id}` },
    });
    expect(answer.body["members"]).toEqual([
      { value: ana, $ref: `${SCIM_BASE}/Users/${ana}`, type: "User" },
      { value: ben, $ref: `${SCIM_BASE}/Users/${ben}`, type: "User" },
    ]);
    const read = await scim.get(`/Groups/${answer.id}`);
    expect(read.body).toEqual(answer.body);
    expect(read.headers.get("ETag")).toBe(answer.headers.get("ETag"));
  });

  it.each([[{ members: [] }], [{}], [{ members: null }]])(
    "takes a group without members: %j",
    async (fields) => {
      const tenant = await mintTenant();
      const id = await made(tenant.scim.post("/Groups", { displayName: "Dept Retail", ...fields }));
      expect(await membersOf(tenant, id)).toEqual([]);
    },
  );

  it("has one name for each group, whatever its letters", async () => {
    const tenant = await mintTenant();
    await group(tenant, "Équipe");
    expectError(await tenant.scim.post("/Groups", { displayName: "ÉQUIPE" }), 409, "uniqueness");
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([{ groups: 1 }]);
  });

  it("shows $ref under the URL that was asked", async () => {
    const { tenant, ana } = await staffed();
    const base = `${ORIGIN}/api/v1/tenants/${tenant.slug}/scim/v2`;
    const id = await group(tenant, "Staff", [ana]);
    const own = await tenant.through(throughTheDoor, { base }).get(`/Groups/${id}`);
    expect(own.body["members"]).toMatchObject([{ $ref: `${base}/Users/${ana}` }]);
  });

  it("takes a group as the member of another one", async () => {
    const { tenant, scim, ana } = await staffed();
    const inner = await group(tenant, "Inner", [ana]);
    const outer = await group(tenant, "Outer", [inner, ana]);
    expect((await scim.get(`/Groups/${outer}`)).body["members"]).toEqual(
      [
        { value: ana, $ref: `${SCIM_BASE}/Users/${ana}`, type: "User" },
        { value: inner, $ref: `${SCIM_BASE}/Groups/${inner}`, type: "Group" },
      ].toSorted((a, b) => (a.value < b.value ? -1 : 1)),
    );
    await scim.delete(`/Groups/${inner}`);
    expect(await membersOf(tenant, outer)).toEqual([ana]);
  });
});

describe("unknown members", () => {
  it("are skipped where the tenant says so: everybody else joins", async () => {
    const { tenant, scim, ana, ben } = await staffed();
    const id = await group(tenant, "Staff", ["nobody", ana]);
    expect(
      (
        await scim.patch(
          `/Groups/${id}`,
          patchOf(join("01a2021b-0000-7000-8000-000000000000", ben)),
        )
      ).status,
    ).toBe(204);
    expect(await membersOf(tenant, id)).toEqual([ana, ben].toSorted());
  });

  it("are refused where the tenant says so: nobody joins", async () => {
    const { tenant, scim, ana, ben } = await staffed({ settings: { unknownMembers: "reject" } });
    expectError(
      await scim.post("/Groups", { displayName: "x", members: value(ana, "nobody") }),
      400,
      "invalidValue",
    );
    const id = await group(tenant, "Staff", [ana]);
    const before = await tenantRows(tenant.key);
    expectError(
      await scim.patch(`/Groups/${id}`, patchOf(join(ben, "nobody"))),
      400,
      "invalidValue",
    );
    const put = { displayName: "Staff", members: value(ana, ben, "nobody") };
    expectError(await scim.put(`/Groups/${id}`, put), 400, "invalidValue");
    expect(await tenantRows(tenant.key)).toEqual(before);
    expect((await scim.patch(`/Groups/${id}`, patchOf(leave("nobody")))).status).toBe(204);
  });
});

describe("PATCH /Groups/{id}", () => {
  it("answers 204, or 200 with the attributes that are asked for", async () => {
    const { tenant, scim, ana } = await staffed();
    const id = await group(tenant, "Staff");
    const plain = await scim.patch(`/Groups/${id}`, patchOf(join(ana)));
    expect([plain.status, plain.text]).toEqual([204, ""]);
    const asked = await scim.patch(`/Groups/${id}?attributes=displayName`, patchOf(join(ana)));
    expect(asked.status).toBe(200);
    expect(asked.body).toEqual({ schemas: [CORE], id, displayName: "Staff" });
    const members = await scim.patch(`/Groups/${id}?attributes=members`, patchOf(leave(ana)));
    expect(members.body["members"] ?? []).toEqual([]);
    expect((await scim.patch(`/Groups/${id}?excludedAttributes=members`, patchOf())).status).toBe(
      204,
    );
  });

  const deltas: [string, (who: { ana: string; ben: string; cleo: string }) => Json[], string[]][] =
    [
      ["adds one", ({ cleo }) => [join(cleo)], ["ana", "ben", "cleo"]],
      ["adds one who is there", ({ ana }) => [join(ana)], ["ana", "ben"]],
      [
        "adds one as Entra does",
        ({ cleo }) => [{ op: "Add", path: "members", value: [{ $ref: null, value: cleo }] }],
        ["ana", "ben", "cleo"],
      ],
      [
        "adds without a path",
        ({ cleo }) => [{ op: "add", value: { members: value(cleo) } }],
        ["ana", "ben", "cleo"],
      ],
      ["adds nobody", () => [{ op: "add", path: "members", value: [] }], ["ana", "ben"]],
      [
        "removes only those of a value array",
        ({ ana }) => [{ op: "Remove", path: "members", value: value(ana) }],
        ["ben"],
      ],
      [
        "removes the one that a filter names",
        ({ ana }) => [{ op: "remove", path: `members[value eq "${ana}"]` }],
        ["ben"],
      ],
      [
        "removes several that a filter names",
        ({ ana, ben }) => [
          { op: "remove", path: `members[value eq "${ana}" or value eq "${ben}"]` },
        ],
        [],
      ],
      ["removes one who is not there", ({ cleo }) => [leave(cleo)], ["ana", "ben"]],
      ["removes nobody", () => [{ op: "remove", path: "members", value: [] }], ["ana", "ben"]],
      ["removes all", () => [{ op: "remove", path: "members" }], []],
      [
        "replaces all",
        ({ cleo, ana }) => [{ op: "replace", path: "members", value: value(cleo, ana) }],
        ["ana", "cleo"],
      ],
      ["replaces all with nobody", () => [{ op: "replace", path: "members", value: [] }], []],
      [
        "renames without a path and keeps everybody",
        () => [{ op: "replace", value: { id: "g1", displayName: "New" } }],
        ["ana", "ben"],
      ],
      [
        "removes and adds in one body",
        ({ ana, cleo }) => [{ op: "remove", path: `members[value eq "${ana}"]` }, join(cleo)],
        ["ben", "cleo"],
      ],
      [
        "lets the last operation on a person count",
        ({ cleo }) => [join(cleo), leave(cleo)],
        ["ana", "ben"],
      ],
      [
        "lets the last operation on a person count, too",
        ({ ana }) => [leave(ana), join(ana)],
        ["ana", "ben"],
      ],
      [
        "clears, then adds",
        ({ cleo }) => [{ op: "remove", path: "members" }, join(cleo)],
        ["cleo"],
      ],
      [
        "renames and adds at once",
        ({ cleo }) => [{ op: "replace", path: "displayName", value: "New" }, join(cleo)],
        ["ana", "ben", "cleo"],
      ],
    ];
  it.each(deltas)("%s, once or twice with the same result", async (_what, operations, expected) => {
    const { tenant, scim, ...who } = await staffed();
    const id = await group(tenant, "Staff", [who.ana, who.ben]);
    const names = new Map([
      [who.ana, "ana"],
      [who.ben, "ben"],
      [who.cleo, "cleo"],
    ]);
    const body = patchOf(...operations(who));
    expect((await scim.patch(`/Groups/${id}`, body)).status).toBe(204);
    const inNames = async () =>
      (await membersOf(tenant, id)).map((member) => names.get(member)).sort();
    expect(await inNames()).toEqual(expected);
    const [rows, version] = [await tenantRows(tenant.key), await versionOf(tenant, id)];
    expect((await scim.patch(`/Groups/${id}`, body)).status).toBe(204);
    expect(await inNames()).toEqual(expected);
    const repeats =
      operations(who).length === 1 || !expected.includes("ana") || expected.length < 3;
    if (repeats) {
      // What is so already writes no row and raises no version.
      expect(await tenantRows(tenant.key)).toEqual(rows);
      expect(await versionOf(tenant, id)).toBe(version);
    }
  });

  it("keeps the moment at which somebody joined when they are sent again", async () => {
    const { tenant, scim, ana, ben } = await staffed();
    const id = await group(tenant, "Staff", [ana]);
    const [before] = await rowsIn("group_members", tenant.key);
    await scim.patch(`/Groups/${id}`, patchOf(join(ana, ben)));
    await scim.put(`/Groups/${id}`, { displayName: "Staff", members: value(ana, ben) });
    expect(await rowsIn("group_members", tenant.key)).toContainEqual(before);
  });

  it("raises the version once for each request that changes something", async () => {
    const { tenant, scim, ana, ben, cleo } = await staffed();
    const inner = await group(tenant, "Inner");
    const id = await group(tenant, "Staff", [ana, inner]);
    expect(await versionOf(tenant, id)).toBe('W/"1"');
    await scim.patch(`/Groups/${id}`, patchOf(join(ben)));
    expect(await versionOf(tenant, id)).toBe('W/"2"');
    await scim.patch(
      `/Groups/${id}`,
      patchOf(leave(ben), join(cleo), { op: "replace", path: "displayName", value: "x" }),
    );
    expect(await versionOf(tenant, id)).toBe('W/"3"');
    await scim.put(`/Groups/${id}`, { displayName: "y", members: value(ben) });
    expect(await versionOf(tenant, id)).toBe('W/"4"');
  });

  it("asks for the version that If-Match names, also when only members change", async () => {
    const { tenant, scim, ana, ben } = await staffed();
    const id = await group(tenant, "Staff", [ana]);
    const before = await tenantRows(tenant.key);
    expectError(
      await scim.patch(`/Groups/${id}`, patchOf(join(ben)), { "If-Match": 'W/"77"' }),
      412,
    );
    expectError(
      await scim.put(`/Groups/${id}`, { displayName: "x" }, { "If-Match": 'W/"77"' }),
      412,
    );
    expectError(await scim.delete(`/Groups/${id}`, { "If-Match": 'W/"77"' }), 412);
    expect(await tenantRows(tenant.key)).toEqual(before);
    const version = String(await versionOf(tenant, id));
    expect(
      (await scim.patch(`/Groups/${id}`, patchOf(join(ben)), { "If-Match": version })).status,
    ).toBe(204);
    expect(await membersOf(tenant, id)).toEqual([ana, ben].toSorted());
  });

  it("removes the members whom a filter chooses among all of them", async () => {
    const { tenant, scim, ana } = await staffed();
    const child = await group(tenant, "Child");
    const id = await group(tenant, "Staff", [ana, child]);
    const path = 'members[type eq "User"]';
    const patched = await scim.patch(`/Groups/${id}`, patchOf({ op: "remove", path }));
    expect(patched.status, patched.text).toBe(204);
    expect((await scim.get(`/Groups/${id}`)).body["members"]).toMatchObject([{ value: child }]);
  });

  it("refuses to change who a member is, and changes nothing", async () => {
    const { tenant, scim, ana } = await staffed();
    const id = await group(tenant, "Staff", [ana]);
    const before = await tenantRows(tenant.key);
    const change = patchOf({ op: "replace", path: "members.value", value: "x" });
    expectError(await scim.patch(`/Groups/${id}`, change), 400, "mutability");
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("answers 404 for a group that is not there, whatever the operations", async () => {
    const { scim, ana } = await staffed();
    for (const operations of [
      [],
      [join(ana)],
      [leave(ana)],
      [{ op: "replace", path: "displayName", value: "x" }],
    ]) {
      expectError(await scim.patch("/Groups/none", patchOf(...operations)), 404);
    }
  });
});

describe("PUT /Groups/{id}", () => {
  it("sets name and the whole membership, and answers with both", async () => {
    const { tenant, scim, ana, ben, cleo } = await staffed();
    const id = await group(tenant, "Staff", [ana, ben]);
    const put = await scim.put(`/Groups/${id}`, {
      id: "another",
      displayName: "Crew",
      members: value(cleo, ben),
    });
    expect([put.status, put.id]).toEqual([200, id]);
    expect((await scim.get(`/Groups/${id}`)).body).toEqual(put.body);
    expect(await membersOf(tenant, id)).toEqual([ben, cleo].toSorted());
    await scim.put(`/Groups/${id}`, { displayName: "Crew", members: [] });
    expect(await membersOf(tenant, id)).toEqual([]);
  });

  it("with what is there, its own name included, writes no row", async () => {
    const { tenant, scim, ana, ben } = await staffed();
    const id = await group(tenant, "Staff", [ana, ben]);
    const before = await tenantRows(tenant.key);
    const put = await scim.put(`/Groups/${id}`, {
      displayName: "Staff",
      members: value(ben, ana, ben),
    });
    expect(put.status).toBe(200);
    expect(put.body["members"]).toHaveLength(2);
    const read = await scim.get(`/Groups/${id}`);
    expect((await scim.put(`/Groups/${id}`, read.body)).body).toEqual(read.body);
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("refuses the name of another group, and frees the old one", async () => {
    const tenant = await mintTenant();
    const id = await group(tenant, "Old");
    await group(tenant, "Taken");
    expectError(
      await tenant.scim.put(`/Groups/${id}`, { displayName: "TAKEN" }),
      409,
      "uniqueness",
    );
    await tenant.scim.put(`/Groups/${id}`, { displayName: "New" });
    expect(await group(tenant, "old")).not.toBe(id);
  });

  it("follows a membership that is larger than one answer of the database", async () => {
    const { tenant, scim, ana } = await staffed();
    const ids = await seedPeople(tenant.key, ana, 10_050);
    const id = await made(scim.post("/Groups", { displayName: "All", members: value(...ids) }));
    expect(await membersOf(tenant, id)).toHaveLength(10_050);
    const kept = ids.slice(25);
    const put = await scim.put(`/Groups/${id}`, {
      displayName: "All",
      members: value(...kept, ana),
    });
    expect(put.status).toBe(200);
    expect(await membersOf(tenant, id)).toEqual([ana, ...kept].toSorted());
  });
});

describe("the version of a group", () => {
  it("rises with every join and leave, and not when a member is deleted from the directory", async () => {
    const { tenant, scim, ana } = await staffed();
    const id = await group(tenant, "Staff", [ana]);
    const versionOf = async () => (await scim.get(`/Groups/${id}`)).headers.get("ETag");
    const before = await versionOf();
    await scim.delete(`/Users/${ana}`);
    expect((await scim.get(`/Groups/${id}`)).body["members"]).toEqual([]);
    expect(await versionOf()).toBe(before);
  });

  it("rises when a group that is a member is deleted", async () => {
    const { tenant, scim } = await staffed();
    const child = await group(tenant, "Child");
    const parent = await group(tenant, "Parent", [child]);
    const versionOf = async () => (await scim.get(`/Groups/${parent}`)).headers.get("ETag");
    const before = await versionOf();
    await scim.delete(`/Groups/${child}`);
    expect(await versionOf()).not.toBe(before);
  });
});

describe("more ids than one statement can take", () => {
  const strangers = Array.from(
    { length: 60_000 },
    (_, at) => `01fffffe-0000-7000-8000-${String(at).padStart(12, "0")}`,
  );

  it("are looked up by POST, PUT and PATCH", async () => {
    const { tenant, scim, ana, ben } = await staffed();
    const id = await made(
      scim.post("/Groups", { displayName: "All", members: value(...strangers, ana) }),
    );
    expect(await membersOf(tenant, id)).toEqual([ana]);
    await scim.put(`/Groups/${id}`, { displayName: "All", members: value(...strangers, ben) });
    expect(await membersOf(tenant, id)).toEqual([ben]);
    expect((await scim.patch(`/Groups/${id}`, patchOf(join(...strangers, ana)))).status).toBe(204);
    expect((await scim.patch(`/Groups/${id}`, patchOf(leave(...strangers, ben)))).status).toBe(204);
    expect(await membersOf(tenant, id)).toEqual([ana]);
  });
});

describe("DELETE /Groups/{id}", () => {
  it("takes the memberships and leaves the people, and frees the name", async () => {
    const { tenant, scim, ana } = await staffed();
    const id = await group(tenant, "Staff", [ana]);
    expect((await scim.delete(`/Groups/${id}`)).status).toBe(204);
    expectError(await scim.get(`/Groups/${id}`), 404);
    expectError(await scim.delete(`/Groups/${id}`), 404);
    expect(await rowsIn("group_members", tenant.key)).toEqual([]);
    expect((await scim.get(`/Users/${ana}`)).body).not.toHaveProperty("groups");
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([{ users: 3, groups: 0 }]);
    expect(await group(tenant, "Staff")).not.toBe(id);
  });
});

describe("GET /Groups", () => {
  it("leaves members out when they are excluded, on a list and on one", async () => {
    const { tenant, scim, ana } = await staffed();
    const id = await group(tenant, "Staff", [ana]);
    const one = await scim.get(`/Groups/${id}?excludedAttributes=members`);
    const list = await scim.get("/Groups?excludedAttributes=members");
    expect(one.body).not.toHaveProperty("members");
    expect(list.resources).toEqual([one.body]);
    expect((await scim.get("/Groups")).resources[0]?.["members"]).toHaveLength(1);
  });

  it("finds by name in any letters, external id, id and member", async () => {
    const { tenant, scim, ana, ben } = await staffed();
    const id = await made(
      scim.post("/Groups", { displayName: 'Say "É" & co', externalId: "O-1", members: value(ana) }),
    );
    await group(tenant, "Other", [ana, ben]);
    const cases: [string, number][] = [
      ['displayName eq "say \\"é\\" & CO"', 1],
      ['displayName eq "say"', 0],
      ['externalId eq "O-1"', 1],
      ['externalId eq "o-1"', 0],
      [`id eq "${id}" and members eq "${ana}"`, 1],
      [`id eq "${id}" and members eq "${ben}"`, 0],
      [`members[value eq "${ben}"]`, 1],
      [`members.value eq "${ana}"`, 2],
      [`not (members.value eq "${ben}")`, 1],
      ["members pr", 2],
      ['members.type eq "user"', 2],
      ['displayName co "&" or displayName sw "OTH"', 2],
    ];
    for (const [filter, total] of cases) {
      const found = await scim.get(`/Groups?${filterOf(filter)}&excludedAttributes=members`);
      expect([filter, found.status, found.body["totalResults"], found.resources.length]).toEqual([
        filter,
        200,
        total,
        total,
      ]);
    }
  });

  it("pages, sorts and counts", async () => {
    const tenant = await mintTenant();
    for (const name of ["b", "C", "a"]) await group(tenant, name);
    const names = async (query: string) =>
      (await tenant.scim.get(`/Groups?${query}`)).resources.map((one) => one["displayName"]);
    expect(await names("startIndex=1&count=100")).toEqual(["b", "C", "a"]);
    expect(await names("sortBy=displayName")).toEqual(["a", "b", "C"]);
    expect(await names("sortBy=displayName&sortOrder=descending&startIndex=2")).toEqual(["b", "a"]);
    expect((await tenant.scim.get("/Groups?count=1")).body).toMatchObject({
      totalResults: 3,
      itemsPerPage: 1,
    });
  });
});

describe("departments from groups (preset training)", () => {
  const mint = (settings: Json = {}) => mintTenant({ preset: "training", settings });
  const departmentsOf = (tenant: MintedTenant) => rowsIn("departments", tenant.key);
  const linkOf = async (tenant: MintedTenant, id: string) =>
    (await rowsIn("groups", tenant.key)).find((row) => row["id"] === id)?.["department_id"];

  it("are made with the group and linked to it", async () => {
    const tenant = await mint();
    const id = await group(tenant, " Retail ");
    const departments = await departmentsOf(tenant);
    expect(departments).toMatchObject([{ name: "Retail", origin: "group" }]);
    expect(await linkOf(tenant, id)).toBe(departments[0]?.["id"]);
  });

  it("are renamed with the group and keep their id", async () => {
    const tenant = await mint();
    const id = await group(tenant, "Retail");
    const [before] = await departmentsOf(tenant);
    const rename = patchOf({ op: "replace", value: { displayName: "Shops" } });
    expect((await tenant.scim.patch(`/Groups/${id}`, rename)).status).toBe(204);
    expect(await departmentsOf(tenant)).toMatchObject([{ id: before?.["id"], name: "Shops" }]);
    expect(await linkOf(tenant, id)).toBe(before?.["id"]);
    const recase = patchOf({ op: "replace", value: { displayName: "SHOPS" } });
    await tenant.scim.patch(`/Groups/${id}`, recase);
    expect(await departmentsOf(tenant)).toMatchObject([{ id: before?.["id"], name: "SHOPS" }]);
  });

  it("are one with the department that already has the name, from an attribute or before a rename", async () => {
    const tenant = await mint();
    await made(
      tenant.scim.post("/Users", { userName: "ana", [ENTERPRISE]: { department: "retail" } }),
    );
    const [retail] = await departmentsOf(tenant);
    const id = await group(tenant, "RETAIL");
    expect(await linkOf(tenant, id)).toBe(retail?.["id"]);
    const other = await group(tenant, "Logistics");
    await tenant.scim.delete(`/Groups/${id}`);
    await tenant.scim.put(`/Groups/${other}`, { displayName: "Retail" });
    expect(await linkOf(tenant, other)).toBe(retail?.["id"]);
    expect(await departmentsOf(tenant)).toHaveLength(2);
  });

  it("stay when the group goes, and are the same when it is pushed again", async () => {
    const tenant = await mint();
    const first = await group(tenant, "Retail");
    const department = await linkOf(tenant, first);
    await tenant.scim.delete(`/Groups/${first}`);
    expect(await departmentsOf(tenant)).toHaveLength(1);
    await env.DB.prepare(
      "UPDATE departments SET orphaned_at = 'x', orphaned_run = 1, retired_at = 'x' WHERE tenant_key = ?",
    )
      .bind(tenant.key)
      .run();
    expect(await linkOf(tenant, await group(tenant, "Retail"))).toBe(department);
    expect(await departmentsOf(tenant)).toMatchObject([{ orphaned_at: null, retired_at: null }]);
  });

  it("are not made for ignored groups, also not by a rename to or from their names", async () => {
    const tenant = await mint({ ignoredGroups: ["All Staff"] });
    const id = await group(tenant, "ALL STAFF");
    expect(await departmentsOf(tenant)).toEqual([]);
    await tenant.scim.put(`/Groups/${id}`, { displayName: "Retail" });
    expect(await linkOf(tenant, id)).toEqual(expect.any(String));
    await tenant.scim.put(`/Groups/${id}`, { displayName: "all staff" });
    expect(await linkOf(tenant, id)).toBeNull();
  });

  it("are not made where groups are plain", async () => {
    const tenant = await mint({ groups: "plain" });
    expect(await linkOf(tenant, await group(tenant, "Retail"))).toBeNull();
    expect(await departmentsOf(tenant)).toEqual([]);
  });
});

describe("a tenant without groups (groups: off)", () => {
  it("answers probes, refuses writes with what to switch off, and shows no Group in discovery", async () => {
    const tenant = await mintTenant({ preset: "visitors" });
    const id = await person(tenant, "ana");
    const { scim } = tenant;
    const list = await scim.get("/Groups?startIndex=1&count=100");
    expect([list.status, list.body["totalResults"], list.resources]).toEqual([200, 0, []]);
    const filtered = await scim.get(
      `/Groups?excludedAttributes=members&${filterOf('displayName eq "x"')}`,
    );
    expect([filtered.status, filtered.body["totalResults"]]).toEqual([200, 0]);
    expectError(await scim.get("/Groups/any"), 404);
    const writes = [
      await scim.post("/Groups", { displayName: "x", members: value(id) }),
      await scim.put("/Groups/any", { displayName: "x" }),
      await scim.patch("/Groups/any", patchOf(join(id))),
      await scim.patch("/Groups/any", patchOf({ op: "replace", path: "displayName", value: "x" })),
      await scim.delete("/Groups/any"),
    ];
    for (const answer of writes) {
      expectError(answer, 403);
      expect(answer.body["detail"]).toMatch(/mapping.*Entra.*Okta/);
    }
    expect(await rowsIn("groups", tenant.key)).toEqual([]);
    const types = await scim.get("/ResourceTypes");
    expect(types.resources.map((type) => type["name"])).toEqual(["User"]);
    expect((await scim.get("/Schemas")).text).not.toContain(`"id":"${CORE}"`);
    expectError(await scim.get(`/Schemas/${CORE}`), 404);
    expectError(await scim.get("/ResourceTypes/Group"), 404);
  });
});
