import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { admin, mintTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json } from "../scim-client.ts";

const itemsOf = ({ body }: Answer): Json[] => body["items"] as Json[];

/** A tenant of the preset for training, and what its product sees of it. */
async function open(settings: Json = {}) {
  const tenant = await mintTenant({ preset: "training", settings });
  const { scim, slug, key } = tenant;
  const ask = (method: string, path: string, body?: unknown) =>
    admin(method, `/tenants/${slug}${path}`, body);
  const created = async (path: string, body: Json): Promise<string> => {
    const answer = await scim.post(path, body);
    expect(answer.status, answer.text).toBe(201);
    return answer.id;
  };
  let made = 0;
  return {
    tenant,
    ask,
    person: (department?: string, userName = `person-${++made}@example.com`) =>
      created("/Users", {
        userName,
        ...(department !== undefined && { [ENTERPRISE]: { department } }),
      }),
    group: (displayName: string, members: readonly string[] = [], externalId?: string) =>
      created("/Groups", {
        displayName,
        ...(externalId !== undefined && { externalId }),
        members: members.map((value) => ({ value })),
      }),
    join: (group: string, id: string) =>
      scim.patch(
        `/Groups/${group}`,
        patchOf({ op: "add", path: "members", value: [{ value: id }] }),
      ),
    leave: (group: string, id: string) =>
      scim.patch(`/Groups/${group}`, patchOf({ op: "remove", path: `members[value eq "${id}"]` })),
    rename: (group: string, displayName: string) =>
      scim.patch(`/Groups/${group}`, patchOf({ op: "replace", value: { displayName } })),
    /** Name, source: `Sales by group`. */
    departmentsOf: async (id: string): Promise<string[]> => {
      const { body } = await ask("GET", `/users/${id}`);
      return (body["departments"] as Json[]).map(
        ({ name, source }) => `${String(name)} by ${String(source)}`,
      );
    },
    named: async (name: string): Promise<Json> => {
      const found = itemsOf(await ask("GET", "/departments")).find((item) => item["name"] === name);
      if (!found) throw new Error(`No department ${name}.`);
      return found;
    },
    names: async (): Promise<unknown[]> => {
      return itemsOf(await ask("GET", "/departments")).map((item) => item["name"]);
    },
    /** Times that are over, the names of departments by their ids at the time of asking. */
    ended: async (userId: string): Promise<string[]> => {
      const { results } = await env.DB.prepare(
        `SELECT d.name, a.source FROM assignments a JOIN departments d
           ON d.tenant_key = a.tenant_key AND d.id = a.department_id
         WHERE a.tenant_key = ? AND a.user_id = ? AND a.started_at <= a.ended_at
         ORDER BY a.ended_at, d.name`,
      )
        .bind(key, userId)
        .all<Json>();
      return results.map(({ name, source }) => `${String(name)} by ${String(source)}`);
    },
  };
}

describe("the department attribute", () => {
  it("becomes a department, moves the person, and leaves their history behind", async () => {
    const { tenant, person, departmentsOf, ended, names } = await open();
    const id = await person(" Retail ");
    expect(await departmentsOf(id)).toEqual(["Retail by attribute"]);
    const set = (value: unknown) =>
      tenant.scim.patch(
        `/Users/${id}`,
        patchOf({ op: "replace", path: `${ENTERPRISE}:department`, value }),
      );
    await set("RETAIL");
    expect(await departmentsOf(id)).toEqual(["Retail by attribute"]);
    expect(await ended(id)).toEqual([]);
    await set("Kitchen");
    expect(await departmentsOf(id)).toEqual(["Kitchen by attribute"]);
    await tenant.scim.patch(
      `/Users/${id}`,
      patchOf({ op: "replace", path: "title", value: "Cook" }),
    );
    expect(await departmentsOf(id)).toEqual(["Kitchen by attribute"]);
    await tenant.scim.patch(
      `/Users/${id}`,
      patchOf({ op: "remove", path: `${ENTERPRISE}:department` }),
    );
    expect(await departmentsOf(id)).toEqual([]);
    expect(await ended(id)).toEqual(["Retail by attribute", "Kitchen by attribute"]);
    expect(await names()).toEqual(["Kitchen", "Retail"]);
  });

  it("is cleared by a PUT without it", async () => {
    const { tenant, person, departmentsOf, ended } = await open();
    const id = await person("Retail");
    await tenant.scim.put(`/Users/${id}`, { userName: "person-1@example.com" });
    expect(await departmentsOf(id)).toEqual([]);
    expect(await ended(id)).toEqual(["Retail by attribute"]);
  });

  it("makes no department while its mapping is off, and keeps those it made", async () => {
    const { tenant, person, departmentsOf, names } = await open();
    const before = await person("Retail");
    await tenant.change({ settings: { departmentAttribute: "ignore" } });
    await person("Kitchen");
    expect(await departmentsOf(before)).toEqual([]);
    expect(await names()).toEqual([]);
    await tenant.change({ settings: { departmentAttribute: "department" } });
    expect(await departmentsOf(before)).toEqual(["Retail by attribute"]);
  });
});

describe("groups as departments", () => {
  it("move an adopted person from the department that they had, under the same id", async () => {
    const { tenant, ask, group, join, departmentsOf } = await open();
    const enrolled = await ask("POST", "/users", {
      email: "ana@example.com",
      department: "Old desk",
    });
    expect(await departmentsOf(enrolled.id)).toEqual(["Old desk by attribute"]);
    const adopted = await tenant.scim.post("/Users", {
      userName: "ana@example.com",
      emails: [{ value: "ana@example.com", type: "work" }],
    });
    expect(adopted.id).toBe(enrolled.id);
    expect(await departmentsOf(enrolled.id)).toEqual(["Old desk by attribute"]);
    await join(await group("Sales"), enrolled.id);
    expect(await departmentsOf(enrolled.id)).toEqual(["Sales by group"]);
    const history = itemsOf(await ask("GET", `/users/${enrolled.id}/history`));
    expect(JSON.stringify(history)).toMatch(/"Sales".*"Old desk"/s);
  });

  it("change nothing of an adopted person with group sync off", async () => {
    const { tenant, ask, group, join, departmentsOf } = await open({ groups: "plain" });
    const enrolled = await ask("POST", "/users", { email: "bo@example.com", department: "Desk" });
    await tenant.scim.post("/Users", { userName: "bo@example.com" });
    await join(await group("Sales"), enrolled.id);
    expect(await departmentsOf(enrolled.id)).toEqual(["Desk by attribute"]);
  });

  it("count by the membership that was added last, also when an IdP sends one again", async () => {
    const { person, group, join, departmentsOf } = await open();
    const id = await person("Retail");
    const sales = await group("Sales", [id]);
    await group("Legal", [id]);
    expect(await departmentsOf(id)).toEqual(["Legal by group"]);
    await join(sales, id);
    expect(await departmentsOf(id)).toEqual(["Legal by group"]);
  });

  it("count beside each other where people have many departments", async () => {
    const { person, group, departmentsOf } = await open({ departmentsPerUser: "many" });
    const id = await person("Retail");
    await group("Sales", [id]);
    expect(await departmentsOf(id)).toEqual(["Sales by group", "Retail by attribute"]);
  });

  it.each(["PATCH", "PUT", "DELETE of the group"] as const)(
    "are left behind in people's history by %s",
    async (how) => {
      const { tenant, person, group, leave, ended, departmentsOf } = await open();
      const [a, b] = [await person(), await person()];
      const sales = await group("Sales", [a, b]);
      if (how === "PATCH") await leave(sales, a);
      if (how === "PUT") {
        await tenant.scim.put(`/Groups/${sales}`, {
          displayName: "Sales",
          members: [{ value: b }],
        });
      }
      if (how === "DELETE of the group") await tenant.scim.delete(`/Groups/${sales}`);
      expect(await ended(a)).toEqual(["Sales by group"]);
      expect(await departmentsOf(a)).toEqual([]);
      expect(await ended(b)).toEqual(how === "DELETE of the group" ? ["Sales by group"] : []);
    },
  );

  it("leave no history where they are plain", async () => {
    const { tenant, person, group, leave } = await open({ groups: "plain" });
    const id = await person();
    await leave(await group("Sales", [id]), id);
    const row = await env.DB.prepare("SELECT count(*) AS n FROM assignments WHERE tenant_key = ?")
      .bind(tenant.key)
      .first<number>("n");
    expect(row).toBe(0);
  });

  it("are none for an ignored group, also when one is renamed to an ignored name", async () => {
    const { person, group, rename, names, departmentsOf, ended } = await open({
      ignoredGroups: ["All staff"],
    });
    const id = await person();
    await group("ALL STAFF", [id]);
    expect(await names()).toEqual([]);
    expect(await departmentsOf(id)).toEqual([]);
    const sales = await group("Sales", [id]);
    expect(await departmentsOf(id)).toEqual(["Sales by group"]);
    expect((await rename(sales, "All Staff ")).status).toBe(204);
    expect(await departmentsOf(id)).toEqual([]);
    expect(await ended(id)).toEqual(["Sales by group"]);
  });
});

describe("a group under a new name", () => {
  it.each(["PATCH", "PUT"] as const)(
    "keeps its department, the id and the history, by %s",
    async (how) => {
      const { tenant, person, group, rename, leave, named, names, departmentsOf, ended } =
        await open();
      const [a, b] = [await person(), await person()];
      const sales = await group("Sales", [a, b]);
      await leave(sales, b);
      const before = await named("Sales");
      if (how === "PATCH") await rename(sales, "Sales EMEA");
      else {
        await tenant.scim.put(`/Groups/${sales}`, {
          displayName: "Sales EMEA",
          members: [{ value: a }],
        });
      }
      expect(await named("Sales EMEA")).toEqual({ ...before, name: "Sales EMEA" });
      expect(await names()).toEqual(["Sales EMEA"]);
      expect(await departmentsOf(a)).toEqual(["Sales EMEA by group"]);
      expect(await ended(a)).toEqual([]);
      expect(await ended(b)).toEqual(["Sales EMEA by group"]);
    },
  );

  it("takes the new letter case over", async () => {
    const { group, rename, named } = await open();
    const sales = await group("sales");
    const before = await named("sales");
    await rename(sales, "SALES");
    expect(await named("SALES")).toEqual({ ...before, name: "SALES" });
  });

  it("leaves people whose attribute still says the old one in a department of that name", async () => {
    const { person, group, rename, named, departmentsOf, ended } = await open();
    const [a, b] = [await person("ÉCOLE"), await person("école")];
    const c = await person();
    const ecole = await group("École", [c]);
    const before = await named("ÉCOLE");
    await rename(ecole, "Lycée");
    expect(await named("Lycée")).toMatchObject({ id: before["id"], sources: { attribute: 0 } });
    const made = await named("École");
    expect(made).toMatchObject({ origin: "attribute", groupId: null, memberCount: 2 });
    for (const id of [a, b]) {
      expect(await departmentsOf(id)).toEqual(["École by attribute"]);
      expect(await ended(id)).toEqual(["Lycée by attribute"]);
    }
    expect(await departmentsOf(c)).toEqual(["Lycée by group"]);
  });

  it("makes no department of the old name where nobody's attribute says it", async () => {
    const { person, group, rename, names } = await open();
    await person("Retail");
    await rename(await group("Sales"), "Sales EMEA");
    expect(await names()).toEqual(["Retail", "Sales EMEA"]);
  });

  it("feeds the department that has the name already, and ends its people's time in the old one", async () => {
    const { person, group, rename, named, departmentsOf, ended } = await open();
    const a = await person();
    const b = await person("Legal");
    const sales = await group("Sales", [a]);
    const legal = await named("Legal");
    await rename(sales, "legal");
    expect(await named("Legal")).toMatchObject({
      id: legal["id"],
      groupId: sales,
      origin: "group",
      sources: { group: 1, attribute: 1 },
    });
    expect(await departmentsOf(a)).toEqual(["Legal by group"]);
    expect(await departmentsOf(b)).toEqual(["Legal by attribute"]);
    expect(await ended(a)).toEqual(["Sales by group"]);
    expect(await named("Sales")).toMatchObject({ groupId: null, memberCount: 0 });
  });

  it("keeps its own department when the new name is that of a retired one", async () => {
    const { ask, group, rename, named } = await open();
    const hand = await ask("POST", "/departments", { name: "Legal" });
    await ask("DELETE", `/departments/${hand.id}`);
    const sales = await group("Sales");
    const before = await named("Sales");
    await rename(sales, "Legal");
    expect(await named("Legal")).toMatchObject({ id: before["id"], groupId: sales });
  });

  it("keeps a link from before while groups are plain", async () => {
    const { tenant, person, group, rename, departmentsOf } = await open();
    const id = await person();
    const sales = await group("Sales", [id]);
    await tenant.change({ settings: { groups: "plain" } });
    await rename(sales, "Sales EMEA");
    await tenant.change({ settings: { groups: "departments" } });
    expect(await departmentsOf(id)).toHaveLength(1);
  });
});

describe("a group that is deleted and pushed again", () => {
  it("feeds its department again by the same name, with id and history", async () => {
    const { tenant, person, group, named, names, ended, departmentsOf } = await open();
    const id = await person();
    const first = await group("Sales", [id]);
    const department = await named("Sales");
    await tenant.scim.delete(`/Groups/${first}`);
    const second = await group("sales", [id]);
    expect(await named("Sales")).toEqual({ ...department, groupId: second });
    expect(await names()).toEqual(["Sales"]);
    expect(await ended(id)).toEqual(["Sales by group"]);
    expect(await departmentsOf(id)).toEqual(["Sales by group"]);
  });

  it("is known by its externalId under a new name, and under the old one again", async () => {
    const { tenant, person, group, named, names, rename } = await open();
    const id = await person();
    const first = await group("Sales", [id], "object-1");
    const department = await named("Sales");
    await tenant.scim.delete(`/Groups/${first}`);
    const second = await group("Sales EMEA", [id], "object-1");
    expect(await named("Sales EMEA")).toMatchObject({ id: department["id"], groupId: second });
    await rename(second, "Sales World");
    await tenant.scim.delete(`/Groups/${second}`);
    const third = await group("Sales", [id], "object-1");
    expect(await named("Sales")).toMatchObject({ id: department["id"], groupId: third });
    expect(await names()).toEqual(["Sales"]);
  });

  it("makes a department of its own where somebody else uses the old one by now", async () => {
    const { tenant, person, group, named } = await open();
    await person("Sales");
    const first = await group("Sales", [], "object-1");
    const department = await named("Sales");
    await tenant.scim.delete(`/Groups/${first}`);
    await group("Sales EMEA", [], "object-1");
    expect(await named("Sales")).toMatchObject({ id: department["id"] });
    expect((await named("Sales EMEA"))["id"]).not.toBe(department["id"]);
  });

  it("takes over a department of its name, whoever made it", async () => {
    const { person, group, named } = await open();
    const id = await person("Retail");
    const department = await named("Retail");
    const retail = await group("RETAIL", [id]);
    expect(await named("Retail")).toMatchObject({
      id: department["id"],
      origin: "group",
      groupId: retail,
      memberCount: 1,
    });
  });

  it("revives one that is retired", async () => {
    const { ask, group, named } = await open();
    const hand = await ask("POST", "/departments", { name: "Sales" });
    await ask("DELETE", `/departments/${hand.id}`);
    await group("Sales");
    expect(await named("Sales")).toMatchObject({ id: hand.id, origin: "group", orphanedAt: null });
  });
});

describe("a person who goes", () => {
  it("is kept with the departments of the end, and with their history", async () => {
    const { tenant, ask, person, group, leave } = await open({ departmentsPerUser: "many" });
    const id = await person("Retail");
    const legal = await group("Legal", [id]);
    await leave(legal, id);
    await group("Sales", [id]);
    const hand = await ask("POST", "/departments", { name: "Choir" });
    await ask("POST", `/departments/${hand.id}/members`, { add: [id] });
    expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(204);
    const former = await ask("GET", `/users/${id}`);
    expect(former.body["deletedAt"]).toEqual(expect.any(String));
    expect(former.body["departments"]).toMatchObject([
      { name: "Sales", source: "group" },
      { name: "Choir", source: "manual" },
      { name: "Retail", source: "attribute" },
    ]);
    const history = JSON.stringify(itemsOf(await ask("GET", `/users/${id}/history`)));
    for (const name of ["Retail", "Legal", "Sales", "Choir"]) expect(history).toContain(name);
    expect((await ask("GET", `/departments/${hand.id}`)).body["memberCount"]).toBe(0);
  });

  it("is kept with the one department that counted, where there is one for each", async () => {
    const { tenant, ask, person, group } = await open();
    const id = await person("Retail");
    await group("Sales", [id]);
    await tenant.scim.delete(`/Users/${id}`);
    const former = await ask("GET", `/users/${id}`);
    expect(former.body["departments"]).toMatchObject([{ name: "Sales", source: "group" }]);
  });

  it("leaves nothing behind when the tenant erases", async () => {
    const { tenant, ask, person, group, leave, ended } = await open({ onDelete: "erase" });
    const id = await person("Retail");
    await leave(await group("Sales", [id]), id);
    expect(await ended(id)).toEqual(["Sales by group"]);
    await tenant.scim.delete(`/Users/${id}`);
    expect(await ended(id)).toEqual([]);
    expect((await ask("GET", `/users/${id}`)).status).toBe(404);
  });
});
