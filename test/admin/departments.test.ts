import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";

const itemsOf = ({ body }: Answer): Json[] => body["items"] as Json[];

/** A tenant, its paths in the admin API, and short ways to fill it. */
async function open(settings: Json = {}) {
  const tenant = await mintTenant({ preset: "training", settings });
  const ask = (method: string, path: string, body?: unknown) =>
    admin(method, `/tenants/${tenant.slug}${path}`, body);
  let made = 0;
  const created = async (path: string, body: Json): Promise<string> => {
    const answer = await tenant.scim.post(path, body);
    expect(answer.status, answer.text).toBe(201);
    return answer.id;
  };
  return {
    tenant,
    ask,
    person: (department?: string) =>
      created("/Users", {
        userName: `person-${++made}@example.com`,
        ...(department !== undefined && { [ENTERPRISE]: { department } }),
      }),
    group: (displayName: string, members: readonly string[] = []) =>
      created("/Groups", { displayName, members: members.map((value) => ({ value })) }),
    join: (group: string, id: string) =>
      tenant.scim.patch(
        `/Groups/${group}`,
        patchOf({ op: "add", path: "members", value: [{ value: id }] }),
      ),
    department: async (name: string): Promise<string> => {
      const answer = await ask("POST", "/departments", { name });
      expect(answer.status, answer.text).toBe(201);
      return answer.id;
    },
    named: async (name: string): Promise<Json & { id: string }> => {
      const found = itemsOf(await ask("GET", "/departments?limit=200")).find(
        (item) => item["name"] === name,
      );
      if (!found) throw new Error(`No department ${name}.`);
      return { ...found, id: String(found["id"]) };
    },
    membersOf: async (id: string): Promise<[string, string][]> => {
      const items = itemsOf(await ask("GET", `/departments/${id}/members`));
      return items.map((item) => [String(item["id"]), String(item["source"])]);
    },
  };
}

async function journalOf({ key }: MintedTenant, resourceId: string): Promise<Json[]> {
  const { results } = await env.DB.prepare(
    "SELECT operation, diff FROM changes WHERE tenant_key = ? AND resource_id = ? ORDER BY seq",
  )
    .bind(key, resourceId)
    .all<Json>();
  return results.map(({ operation, diff }) => ({ operation, diff: JSON.parse(String(diff)) }));
}

async function endedOf({ key }: MintedTenant, userId: string): Promise<Json[]> {
  const { results } = await env.DB.prepare(
    "SELECT department_id, source, started_at, ended_at FROM assignments WHERE tenant_key = ? AND user_id = ?",
  )
    .bind(key, userId)
    .all<Json>();
  return results;
}

/** Marks what nothing refers to. */
const orphan = (slug: string) => admin("POST", "/reconciliations", { tenant: slug });

describe("a department made by hand", () => {
  it("is made, shown, renamed and deleted, with a row in the journal for each", async () => {
    const { tenant, ask } = await open();
    const made = await ask("POST", "/departments", { name: "  Sales  " });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: made.id,
      name: "Sales",
      origin: "manual",
      groupId: null,
      memberCount: 0,
      sources: { group: 0, attribute: 0, manual: 0 },
      orphanedAt: null,
      retiresAt: null,
    });
    expect((await ask("GET", `/departments/${made.id}`)).body).toEqual(made.body);
    const renamed = await ask("PATCH", `/departments/${made.id}`, { name: "Sales EMEA" });
    expect(renamed.body).toEqual({ ...made.body, name: "Sales EMEA" });
    expect((await ask("PATCH", `/departments/${made.id}`, { name: "Sales EMEA" })).status).toBe(
      200,
    );
    expect((await ask("DELETE", `/departments/${made.id}`)).status).toBe(204);
    expect((await ask("GET", `/departments/${made.id}`)).status).toBe(404);
    expect((await ask("DELETE", `/departments/${made.id}`)).status).toBe(404);
    expect(itemsOf(await ask("GET", "/departments"))).toEqual([]);
    expect(await journalOf(tenant, made.id)).toEqual([
      { operation: "create", diff: [{ attribute: "name", after: "Sales" }] },
      { operation: "rename", diff: [{ attribute: "name", before: "Sales", after: "Sales EMEA" }] },
      { operation: "delete", diff: [{ attribute: "name", before: "Sales EMEA" }] },
    ]);
  });

  it("has a name of its own, compared without letter case", async () => {
    const { ask, department, person } = await open();
    await department("Café");
    expect((await ask("POST", "/departments", { name: "CAFE\u0301" })).status).toBe(409);
    const other = await department("Other");
    expect((await ask("PATCH", `/departments/${other}`, { name: "CAFÉ" })).status).toBe(409);
    await person("Retail");
    expect((await ask("POST", "/departments", { name: "retail" })).status).toBe(409);
  });

  it("is found by the beginning of its name, in any letters and by pages", async () => {
    const { ask, department } = await open();
    for (const name of ["Sales", "SALES EMEA", "Other", "sales apac"]) await department(name);
    const search = async (query: string) => {
      const page = await ask("GET", `/departments?q=Sales&limit=2${query}`);
      return { names: itemsOf(page).map(({ name }) => name), next: page.body["nextCursor"] };
    };
    const { names, next } = await search("");
    expect(names).toEqual(["Sales", "sales apac"]);
    expect(await search(`&cursor=${String(next)}`)).toEqual({ names: ["SALES EMEA"], next: null });
    const other = await ask("GET", `/departments?q=Sal&cursor=${String(next)}`);
    expect(itemsOf(other)).toMatchObject([{ name: "SALES EMEA" }]);
    expect(itemsOf(await ask("GET", "/departments?q=other&orphaned=true"))).toEqual([]);
  });

  it("comes back with its id when it is made again, and gives its name up to another", async () => {
    const { ask, department } = await open();
    const first = await department("Sales");
    await ask("DELETE", `/departments/${first}`);
    expect(await department("sales")).toBe(first);
    await ask("DELETE", `/departments/${first}`);
    const other = await department("Other");
    expect((await ask("PATCH", `/departments/${other}`, { name: "Sales" })).status).toBe(200);
    expect((await ask("POST", "/departments", { name: "Sales" })).status).toBe(409);
  });

  it("is taken over by a group of its name, and stays hand-made", async () => {
    const { ask, department, group, person, named } = await open();
    const id = await department("Sales");
    const groupId = await group("SALES", [await person()]);
    expect(await named("Sales")).toMatchObject({ id, groupId, memberCount: 1, origin: "manual" });
    for (const method of ["PATCH", "DELETE"]) {
      const refused = await ask(method, `/departments/${id}`, { name: "Mine" });
      expect(refused.status).toBe(409);
      expect(refused.body["detail"]).toContain("group");
    }
  });

  it.each([
    ["no name", {}],
    ["an empty name", { name: " " }],
    ["a name that is too long", { name: "x".repeat(257) }],
    ["another field", { name: "Sales", origin: "group" }],
  ])("is refused with %s", async (_what, body) => {
    const { ask } = await open();
    expect((await ask("POST", "/departments", body)).status).toBe(422);
  });
});

describe("a department that is not hand-made", () => {
  it("is neither renamed nor deleted by hand, and the answer says who owns it", async () => {
    const { tenant, ask, person, group, named } = await open();
    await person("Retail");
    const groupId = await group("Sales");
    await tenant.scim.delete(`/Groups/${await group("Gone")}`);
    for (const [name, owner] of [
      ["Retail", "attribute"],
      ["Sales", "group"],
      ["Gone", "synchronisation"],
    ] as const) {
      const { id } = await named(name);
      for (const method of ["PATCH", "DELETE"]) {
        const refused = await ask(method, `/departments/${id}`, { name: "Mine" });
        expect(refused.status).toBe(409);
        expect(refused.body["detail"]).toContain(owner);
      }
    }
    expect(await named("Sales")).toMatchObject({ origin: "group", groupId });
    expect(await named("Retail")).toMatchObject({ origin: "attribute", groupId: null });
  });

  it("is nobody else's to see", async () => {
    const { named, person } = await open();
    await person("Retail");
    const { id } = await named("Retail");
    const { ask } = await open();
    const own = await ask("POST", "/departments", { name: "Own" });
    for (const [method, path, body] of [
      ["GET", `/departments/${id}`, undefined],
      ["PATCH", `/departments/${id}`, { name: "Mine" }],
      ["DELETE", `/departments/${id}`, undefined],
      ["GET", `/departments/${id}/members`, undefined],
      ["POST", `/departments/${id}/members`, {}],
      ["POST", `/departments/${id}/merge`, { into: own.id }],
      ["POST", `/departments/${id}/keep`, undefined],
    ] as const) {
      expect((await ask(method, path, body)).status, `${method} ${path}`).toBe(404);
    }
    const merged = await ask("POST", `/departments/${own.id}/merge`, { into: id });
    expect(merged.status).toBe(422);
  });
});

describe("the list of departments", () => {
  it("counts people by each source, and each once as a member", async () => {
    const { ask, person, group, named, join } = await open({ departmentsPerUser: "many" });
    const [a, b, c] = [await person("Sales"), await person("Sales"), await person()];
    const groupId = await group("Sales", [a]);
    const { id } = await named("Sales");
    await ask("POST", `/departments/${id}/members`, { add: [a, c] });
    expect(await named("Sales")).toMatchObject({
      origin: "group",
      groupId,
      memberCount: 3,
      sources: { group: 1, attribute: 2, manual: 2 },
    });
    // A group in a group puts nobody into a department.
    await join(groupId, await group("Nested", [b]));
    expect(await named("Sales")).toMatchObject({ sources: { group: 1 } });
  });

  it("counts a person only where it is the one, when there is one for each", async () => {
    const { ask, person, group, named, join, membersOf } = await open();
    const a = await person("Retail");
    await group("Sales", [a]);
    await join(await group("Legal"), a);
    const hand = await ask("POST", "/departments", { name: "Hand" });
    await ask("POST", `/departments/${hand.id}/members`, { add: [a] });
    const counts = async () =>
      Object.fromEntries(
        await Promise.all(
          ["Retail", "Sales", "Legal", "Hand"].map(
            async (name) => [name, (await named(name))["memberCount"]] as const,
          ),
        ),
      );
    expect(await counts()).toEqual({ Retail: 0, Sales: 0, Legal: 1, Hand: 0 });
    expect(await membersOf((await named("Legal")).id)).toEqual([[a, "group"]]);
    expect(await membersOf((await named("Retail")).id)).toEqual([]);
  });

  it("is in the order of names, by pages", async () => {
    const { ask, department } = await open();
    const names = ["Zoo", "alpha", "Émile", "Beta", "gamma"];
    for (const name of names) await department(name);
    const seen: unknown[] = [];
    let cursor: unknown = "";
    do {
      const page = await ask("GET", `/departments?limit=2&cursor=${String(cursor)}`);
      expect(itemsOf(page).length).toBeLessThanOrEqual(2);
      seen.push(...itemsOf(page).map((item) => item["name"]));
      cursor = page.body["nextCursor"];
    } while (cursor !== null);
    expect(seen).toEqual(["alpha", "Beta", "gamma", "Zoo", "Émile"]);
  });

  it("shows orphaned ones with the moment at which they go, or the others", async () => {
    const { tenant, ask, group, person, named } = await open();
    await person("Retail");
    await tenant.scim.delete(`/Groups/${await group("Gone")}`);
    expect((await orphan(tenant.slug)).status).toBe(201);
    const gone = await named("Gone");
    const orphanedAt = String(gone["orphanedAt"]);
    expect(Date.parse(String(gone["retiresAt"])) - Date.parse(orphanedAt)).toBe(24 * 3_600_000);
    expect(itemsOf(await ask("GET", "/departments?orphaned=true"))).toEqual([gone]);
    expect(itemsOf(await ask("GET", "/departments?orphaned=false"))).toEqual([
      await named("Retail"),
    ]);
    expect((await ask("GET", "/departments?orphaned=maybe")).status).toBe(422);
  });

  it("hides what a source that is switched off made, and shows it again with the source", async () => {
    const { tenant, ask, group, person, named } = await open();
    const a = await person("Retail");
    await group("Sales", [a]);
    await group("Retail");
    const before = itemsOf(await ask("GET", "/departments"));
    await tenant.change({ settings: { groups: "plain" } });
    expect(itemsOf(await ask("GET", "/departments"))).toMatchObject([
      { name: "Retail", groupId: null, memberCount: 1, sources: { group: 0, attribute: 1 } },
    ]);
    await tenant.change({ settings: { departmentAttribute: "ignore" } });
    expect(itemsOf(await ask("GET", "/departments"))).toEqual([]);
    await tenant.change({ settings: { groups: "departments", departmentAttribute: "department" } });
    expect(itemsOf(await ask("GET", "/departments"))).toEqual(before);
    expect(await named("Sales")).toMatchObject({ memberCount: 1 });
  });
});

describe("the members of a department", () => {
  it("come by pages, each with the source that counts and with all their departments", async () => {
    const { ask, person, group, named } = await open({ departmentsPerUser: "many" });
    const people: string[] = [];
    for (let at = 0; at < 5; at++) people.push(await person(at % 2 === 0 ? "Sales" : undefined));
    await group("Sales", people.slice(2));
    const { id } = await named("Sales");
    await ask("POST", `/departments/${id}/members`, { add: people.slice(0, 2) });
    const seen: Json[] = [];
    let cursor: unknown = "";
    do {
      const page = await ask("GET", `/departments/${id}/members?limit=2&cursor=${String(cursor)}`);
      seen.push(...itemsOf(page));
      cursor = page.body["nextCursor"];
    } while (cursor !== null);
    expect(seen.map((item) => [item["id"], item["source"]])).toEqual(
      people.map((userId, at) => [userId, at < 2 ? "manual" : "group"]),
    );
    expect(seen[0]).toMatchObject({
      userName: "person-1@example.com",
      departments: [{ id, name: "Sales", source: "manual" }],
    });
  });

  it.each(["one", "many"] as const)(
    "agree with the departments of each person, and with the count (%s per person)",
    async (departmentsPerUser) => {
      const { ask, person, group, department } = await open({ departmentsPerUser });
      const names = ["A", "B", "C", "D"];
      const pick = (at: number, step: number) => (at * 7 + step * 5) % names.length;
      const people: string[] = [];
      for (let at = 0; at < 12; at++) {
        people.push(await person(at % 3 === 0 ? undefined : names[pick(at, 1)]));
      }
      for (const [step, name] of names.entries()) {
        const members = people.filter((_, at) => at < 7 && pick(at, step) < 2);
        if (step > 1) await group(name, members);
      }
      await department("E");
      const all = itemsOf(await ask("GET", "/departments"));
      for (const [step, item] of all.entries()) {
        const add = people.filter((_, at) => at < 10 && pick(at, step) === 3);
        await ask("POST", `/departments/${String(item["id"])}/members`, { add });
      }
      const byPerson: string[] = [];
      for (const item of itemsOf(await ask("GET", "/users?limit=200"))) {
        for (const one of item["departments"] as Json[]) {
          byPerson.push([one["id"], item["id"], one["source"]].join());
        }
      }
      const byDepartment: string[] = [];
      for (const { id, memberCount } of itemsOf(await ask("GET", "/departments"))) {
        const members = itemsOf(await ask("GET", `/departments/${String(id)}/members`));
        expect(members).toHaveLength(Number(memberCount));
        byDepartment.push(...members.map((item) => [id, item["id"], item["source"]].join()));
      }
      expect(byDepartment.toSorted()).toEqual(byPerson.toSorted());
      expect(new Set(byPerson.map((line) => line.split(",")[2])).size).toBe(3);
    },
  );
});

describe("assignment by hand", () => {
  it("adds and takes back, tells unknown ids, and does nothing twice", async () => {
    const { tenant, ask, person, department } = await open();
    const id = await department("Sales");
    const [a, b] = [await person(), await person("Retail")];
    const path = `/departments/${id}/members`;
    const answer = await ask("POST", path, { add: [a, b, "nobody", a] });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ added: 2, removed: 0, unknown: ["nobody"] });
    const again = await ask("POST", path, { add: [a, b] });
    expect(again.body).toEqual({ added: 0, removed: 0, unknown: [] });
    const back = await ask("POST", path, { add: [a], remove: [b] });
    expect(back.body).toEqual({ added: 0, removed: 1, unknown: [] });
    expect((await ask("POST", path, { remove: [b] })).body).toMatchObject({ removed: 0 });
    expect((await ask("POST", path)).body).toEqual({ added: 0, removed: 0, unknown: [] });
    expect(await journalOf(tenant, id)).toMatchObject([
      { operation: "create" },
      { operation: "assign", diff: [{ attribute: "members", after: { ids: [a, b] } }] },
      { operation: "unassign", diff: [{ attribute: "members", before: { ids: [b] } }] },
    ]);
    expect(await endedOf(tenant, b)).toMatchObject([{ department_id: id, source: "manual" }]);
    expect(await endedOf(tenant, a)).toEqual([]);
  });

  it("works into a department that a group feeds, and what the sync says stays", async () => {
    const { ask, person, group, named, membersOf } = await open();
    const [a, b] = [await person(), await person()];
    await group("Sales", [a]);
    const { id } = await named("Sales");
    await ask("POST", `/departments/${id}/members`, { add: [a, b] });
    expect(await membersOf(id)).toEqual([
      [a, "group"],
      [b, "manual"],
    ]);
    await ask("POST", `/departments/${id}/members`, { remove: [a, b] });
    expect(await membersOf(id)).toEqual([[a, "group"]]);
  });

  it("takes ten thousand people in one request, and tells the journal how many", async () => {
    const { tenant, ask, person, department } = await open();
    const id = await department("Everybody");
    const people = await seedPeople(tenant.key, await person(), 10_000);
    const path = `/departments/${id}/members`;
    const added = await ask("POST", path, { add: people });
    expect(added.body).toEqual({ added: 10_000, removed: 0, unknown: [] });
    expect((await ask("GET", `/departments/${id}`)).body["memberCount"]).toBe(10_000);
    const removed = await ask("POST", path, { remove: people });
    expect(removed.body).toMatchObject({ removed: 10_000 });
    expect(await journalOf(tenant, id)).toMatchObject([
      { operation: "create" },
      { diff: [{ after: { count: 10_000 } }] },
      { diff: [{ before: { count: 10_000 } }] },
    ]);
    expect((await ask("POST", path, { add: [...people, "one more"] })).status).toBe(422);
  });

  it("takes user names and addresses in any letters, and tells those that name nobody or several", async () => {
    const { tenant, ask, department, membersOf } = await open({
      uniqueEmail: false,
      adoption: "off",
    });
    const id = await department("Sales");
    const created = async (userName: string, email: string): Promise<string> => {
      const emails = [{ value: email, type: "work", primary: true }];
      return (await tenant.scim.post("/Users", { userName, emails })).id;
    };
    const a = await created("ann", "ann@example.com");
    const b = await created("bob", "Shared@example.com");
    await created("eve@example.com", "shared@example.com");
    const path = `/departments/${id}/members`;
    const addNamed = ["ANN", "ann@EXAMPLE.com", "nobody@example.com", "shared@example.com"];
    expect((await ask("POST", path, { add: ["x"], addNamed })).body).toEqual({
      added: 1,
      removed: 0,
      unknown: ["x", "nobody@example.com"],
      ambiguous: ["shared@example.com"],
    });
    expect(await membersOf(id)).toEqual([[a, "manual"]]);
    const both = await ask("POST", path, { addNamed: ["bob"], remove: [b] });
    expect(both.body["errors"]).toMatchObject([{ path: "remove" }]);
    expect((await ask("POST", path, { addNamed: ["a\0"] })).status).toBe(422);
  });

  it("finds a thousand named people at once", async () => {
    const { tenant, ask, person, department } = await open();
    const id = await department("Everybody");
    const people = await seedPeople(tenant.key, await person(), 1_100);
    const addNamed = people.map((_, at) => `Seeded-${at + 1}`);
    const answer = await ask("POST", `/departments/${id}/members`, { addNamed });
    expect(answer.body).toEqual({ added: 1_100, removed: 0, unknown: [], ambiguous: [] });
  });

  it("refuses somebody in both lists", async () => {
    const { ask, person, department } = await open();
    const id = await department("Sales");
    const a = await person();
    const both = await ask("POST", `/departments/${id}/members`, { add: [a], remove: [a] });
    expect(both.status).toBe(422);
    expect(both.body["errors"]).toMatchObject([{ path: "remove" }]);
  });

  it("saves an orphaned department", async () => {
    const { tenant, ask, person, group, named } = await open();
    await tenant.scim.delete(`/Groups/${await group("Gone")}`);
    await orphan(tenant.slug);
    const { id } = await named("Gone");
    await ask("POST", `/departments/${id}/members`, { add: [await person()] });
    expect(await named("Gone")).toMatchObject({ orphanedAt: null, memberCount: 1 });
  });

  it("ends when the department is deleted", async () => {
    const { tenant, ask, person, department } = await open();
    const id = await department("Sales");
    const a = await person("Retail");
    await ask("POST", `/departments/${id}/members`, { add: [a] });
    expect((await ask("DELETE", `/departments/${id}`)).status).toBe(204);
    expect(await endedOf(tenant, a)).toMatchObject([{ department_id: id, source: "manual" }]);
    const history = itemsOf(await ask("GET", `/users/${a}/history`));
    expect(JSON.stringify(history)).toContain('"Sales"');
    const shown = await ask("GET", `/users/${a}`);
    expect(shown.body["departments"]).toMatchObject([{ name: "Retail", source: "attribute" }]);
  });
});

describe("a merge", () => {
  it("moves whatever leads to the one department to the other, which keeps its id", async () => {
    const { tenant, ask, person, group, named, join, membersOf } = await open({
      departmentsPerUser: "many",
    });
    const [a, b, c, d] = [await person("Retail"), await person(), await person(), await person()];
    const groupId = await group("Retail", [b]);
    await group("Sales", [d]);
    const [from, into] = [await named("Retail"), await named("Sales")];
    await ask("POST", `/departments/${from.id}/members`, { add: [c, d] });
    await ask("POST", `/departments/${into.id}/members`, { add: [d] });
    const merged = await ask("POST", `/departments/${from.id}/merge`, { into: into.id });
    expect(merged.status).toBe(200);
    expect(merged.body).toMatchObject({ id: into.id, name: "Sales", memberCount: 4 });
    expect((await ask("GET", `/departments/${from.id}`)).status).toBe(404);
    expect(new Map(await membersOf(into.id))).toEqual(
      new Map([
        [a, "attribute"],
        [b, "group"],
        [c, "manual"],
        [d, "group"],
      ]),
    );
    for (const [id, source] of [
      [a, "attribute"],
      [b, "group"],
      [c, "manual"],
      [d, "manual"],
    ] as const) {
      expect(await endedOf(tenant, id)).toMatchObject([{ department_id: from.id, source }]);
    }
    expect(await journalOf(tenant, from.id)).toMatchObject([
      { operation: "assign" },
      { operation: "merge", diff: [{ before: "Retail", after: "Sales" }, {}] },
    ]);

    // What the sync sends later of the same names does not bring the merged one back.
    await tenant.scim.patch(`/Users/${a}`, patchOf({ op: "replace", path: "title", value: "Dr" }));
    await join(groupId, c);
    expect(itemsOf(await ask("GET", "/departments")).map((item) => item["name"])).toEqual([
      "Sales",
    ]);
    const renamed = patchOf({ op: "replace", value: { displayName: "Retail EMEA" } });
    expect((await tenant.scim.patch(`/Groups/${groupId}`, renamed)).status).toBe(204);
    expect((await ask("GET", `/departments/${into.id}`)).body).toMatchObject({ name: "Sales" });
    expect((await ask("GET", `/groups/${groupId}`)).body["departmentId"]).toBe(into.id);
    expect(itemsOf(await ask("GET", "/departments"))).toHaveLength(1);
  });

  it("shows the merged department's name in people's history", async () => {
    const { ask, person, named, department } = await open();
    const a = await person("Retail");
    const into = await department("Sales");
    await ask("POST", `/departments/${(await named("Retail")).id}/merge`, { into });
    expect(JSON.stringify(itemsOf(await ask("GET", `/users/${a}/history`)))).toContain('"Retail"');
  });

  it("changes nobody's order of departments", async () => {
    const { ask, person, department } = await open();
    const [first, second, into] = [
      await department("First"),
      await department("Second"),
      await department("Into"),
    ];
    const a = await person();
    for (const id of [first, second]) await ask("POST", `/departments/${id}/members`, { add: [a] });
    await ask("POST", `/departments/${first}/merge`, { into });
    expect((await ask("GET", `/users/${a}`)).body["departments"]).toMatchObject([{ id: second }]);
  });

  it("needs another department of the tenant", async () => {
    const { ask, department } = await open();
    const id = await department("Sales");
    for (const into of [id, "nobody"]) {
      const refused = await ask("POST", `/departments/${id}/merge`, { into });
      expect(refused.status).toBe(422);
      expect(refused.body["errors"]).toMatchObject([{ path: "into" }]);
    }
    expect((await ask("POST", `/departments/${id}/merge`, {})).status).toBe(422);
  });
});

describe("keeping a department", () => {
  it("makes an orphaned one hand-made, and leaves one that is in use to its owner", async () => {
    const { tenant, ask, person, group, named } = await open();
    await tenant.scim.delete(`/Groups/${await group("Gone")}`);
    await orphan(tenant.slug);
    const gone = await named("Gone");
    const kept = await ask("POST", `/departments/${gone.id}/keep`);
    expect(kept.status).toBe(200);
    expect(kept.body).toMatchObject({ origin: "manual", orphanedAt: null, retiresAt: null });
    expect((await ask("POST", `/departments/${gone.id}/keep`)).body).toEqual(kept.body);
    expect((await ask("DELETE", `/departments/${gone.id}`)).status).toBe(204);
    await person("Retail");
    await group("Sales");
    for (const name of ["Retail", "Sales"]) {
      const refused = await ask("POST", `/departments/${(await named(name)).id}/keep`);
      expect(refused.status).toBe(409);
    }
  });
});

describe("the groups of a tenant", () => {
  it("are shown with their members counted, and with the department that they feed", async () => {
    const { tenant, ask, person, group, named, join } = await open();
    const [a, b] = [await person(), await person()];
    const sales = await group("Sales", [a, b]);
    const nested = await group("Nested");
    await join(sales, nested);
    const { id } = await named("Sales");
    const shown = await ask("GET", `/groups/${sales}`);
    expect(shown.body).toEqual({
      id: sales,
      displayName: "Sales",
      externalId: null,
      memberCount: 3,
      departmentId: id,
      departmentName: "Sales",
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      version: 2,
    });
    const first = await ask("GET", "/groups?limit=1");
    expect(itemsOf(first)).toEqual([shown.body]);
    const rest = await ask("GET", `/groups?cursor=${String(first.body["nextCursor"])}`);
    expect(itemsOf(rest)).toMatchObject([{ id: nested, memberCount: 0 }]);
    expect(rest.body["nextCursor"]).toBeNull();
    await tenant.change({ settings: { groups: "plain" } });
    expect((await ask("GET", `/groups/${sales}`)).body).toMatchObject({
      departmentId: null,
      departmentName: null,
    });
  });

  it("are searched by the beginning of their names, in any letters and by pages", async () => {
    const { ask, group } = await open();
    for (const name of ["Éclair B", "Other", "éclair a", "Eclipse"]) await group(name);
    const search = async (query: string) => {
      const page = await ask("GET", `/groups?q=${encodeURIComponent("ÉCL")}${query}`);
      return {
        names: itemsOf(page).map((item) => item["displayName"]),
        next: page.body["nextCursor"],
      };
    };
    const first = await search("&limit=1");
    expect(first.names).toEqual(["éclair a"]);
    expect(await search(`&cursor=${String(first.next)}`)).toEqual({
      names: ["Éclair B"],
      next: null,
    });
  });

  it("list people and groups among their members, by pages", async () => {
    const { ask, person, group, join } = await open();
    const a = await person("Retail");
    const sales = await group("Sales", [a]);
    const nested = await group("Nested");
    await join(sales, nested);
    const first = await ask("GET", `/groups/${sales}/members?limit=1`);
    expect(itemsOf(first)).toMatchObject([
      { id: a, type: "User", userName: "person-1@example.com", departments: [{ name: "Sales" }] },
    ]);
    const path = `/groups/${sales}/members?cursor=${String(first.body["nextCursor"])}`;
    expect((await ask("GET", path)).body).toMatchObject({
      items: [{ id: nested, type: "Group", displayName: "Nested" }],
      nextCursor: null,
    });
  });

  it("are nobody else's to see", async () => {
    const { group } = await open();
    const sales = await group("Sales");
    const { ask } = await open();
    expect((await ask("GET", `/groups/${sales}`)).status).toBe(404);
    expect((await ask("GET", `/groups/${sales}/members`)).status).toBe(404);
    expect(itemsOf(await ask("GET", "/groups"))).toEqual([]);
  });
});
