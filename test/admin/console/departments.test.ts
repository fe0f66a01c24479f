import { describe, expect, it } from "vitest";

import { admin, mintTenant } from "../../mint-tenant.ts";
import { ENTERPRISE, type Answer, type Json } from "../../scim-client.ts";
import { signedInClient } from "./console-client.ts";

const itemsOf = ({ body }: Answer): Json[] => body["items"] as Json[];
const EVIL = `Sales <i>"&'`;

/** A tenant and its pages of departments, as the operator sees them. */
async function open(settings: Json = {}) {
  const { slug, scim } = await mintTenant({ preset: "training", settings });
  const client = await signedInClient();
  const list = `/console/t/${slug}/departments`;
  const ask = (method: string, path: string, body?: unknown) =>
    admin(method, `/tenants/${slug}/departments${path}`, body);
  const shown = async (id: string) => (await ask("GET", `/${id}`)).body;
  return {
    client,
    list,
    shown,
    pageOf: (id: string) => `${list}/${id}`,
    person: async (userName: string, department?: string) =>
      (
        await scim.post("/Users", {
          userName,
          ...(department !== undefined && { [ENTERPRISE]: { department } }),
        })
      ).id,
    group: async (displayName: string, members: readonly string[] = []) =>
      (await scim.post("/Groups", { displayName, members: members.map((value) => ({ value })) }))
        .id,
    forget: (groupId: string) => scim.delete(`/Groups/${groupId}`),
    make: async (name: string) => (await ask("POST", "", { name })).id,
    named: async (name: string) =>
      String(itemsOf(await ask("GET", "?limit=200")).find((one) => one["name"] === name)?.["id"]),
    membersOf: async (id: string) =>
      itemsOf(await ask("GET", `/${id}/members`)).map((one) => one["id"]),
  };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function orphan({ client, list, group, forget, named }: Opened, name: string) {
  await forget(await group(name));
  const reconciled = await client.post(list, { does: "reconcile" });
  expect(reconciled.text).toContain("Newly orphaned: 1.");
  return named(name);
}

describe("the page of departments", () => {
  it("makes one by hand and refuses its name a second time, with what was typed still there", async () => {
    const { client, list } = await open();
    const made = await client.post(list, { does: "create", name: EVIL });
    expect(made).toMatchObject({ status: 303, location: expect.stringContaining("?done=created") });
    expect((await client.get(made.location ?? "")).text).toContain("Assign people to it.");
    const { text, html } = await client.get(list);
    expect(text).toContain(`${EVIL} hand 0 nobody In use`);
    expect(html).not.toContain("<i>");
    const again = await client.post(list, { does: "create", name: EVIL });
    expect(again.status).toBe(409);
    expect(again.text).toContain("already has a department of this name");
    expect(again.html).toContain(`value="Sales &lt;i&gt;&quot;&amp;&#39;"`);
    expect((await client.post(list, { does: "create", name: " " })).status).toBe(422);
  });

  it("says who made each, what links people to it, and which are orphaned", async () => {
    const opened = await open();
    const { client, list, person, group } = opened;
    await group("Sales", [await person("a@example.com"), await person("b@example.com", "Retail")]);
    await orphan(opened, "Gone");
    const { text } = await client.get(list);
    expect(text).toContain("Sales a group 2 2 by a group In use");
    expect(text).toContain("Retail the attribute 0 1 by the attribute In use");
    expect(text).toMatch(/Gone a group 0 nobody Orphaned goes \S+ \S+ UTC at the earliest/);
    expect((await client.get(`${list}?orphaned=true`)).text).not.toContain("Sales a group");
    expect((await client.get(`${list}?orphaned=false`)).text).not.toContain("Gone a group");
    expect((await client.get(`${list}?q=RET`)).text).not.toContain("Sales a group");
    expect((await client.get(`${list}?q=nothing`)).text).toContain("No department fits.");
  });

  it("says by which settings departments are made", async () => {
    const { client, list } = await open({ groups: "plain", departmentsPerUser: "many" });
    expect((await client.get(list)).text).toContain(
      "Departments come from the department attribute of people and what you assign by hand. A person may be in several.",
    );
  });
});

describe("the page of a department", () => {
  it("renames a hand-made one and deletes it once its name is typed", async () => {
    const { client, list, make, pageOf, shown } = await open();
    const id = await make("Sales");
    const renamed = await client.post(pageOf(id), { does: "rename", name: "Sales  EMEA" });
    expect(renamed).toMatchObject({ status: 303, location: `${pageOf(id)}?done=renamed` });
    const taken = await make("Other");
    const refused = await client.post(pageOf(taken), { does: "rename", name: "sales  emea" });
    expect(refused.status).toBe(409);
    expect(refused.html).toContain('value="sales  emea"');
    const unconfirmed = await client.post(pageOf(id), { does: "delete", confirm: "Sales" });
    expect(unconfirmed.status).toBe(422);
    expect(await shown(id)).toMatchObject({ name: "Sales  EMEA" });
    const deleted = await client.post(pageOf(id), { does: "delete", confirm: "Sales EMEA" });
    expect(deleted).toMatchObject({ status: 303, location: `${list}?done=deleted` });
    expect((await client.get(pageOf(id))).status).toBe(404);
    expect(await client.post(pageOf(taken), { does: "nonsense" })).toMatchObject({ status: 422 });
  });

  it("offers no new name and no end for one that a group feeds, and is refused both", async () => {
    const { client, group, named, pageOf } = await open();
    await group("Sales");
    const path = pageOf(await named("Sales"));
    const { text, html } = await client.get(path);
    expect(text).toContain("rename or delete the group there");
    expect(text).not.toContain("Delete this department");
    expect(html).not.toContain('value="rename"');
    for (const form of [
      { does: "rename", name: "Other" },
      { does: "delete", confirm: "Sales" },
      { does: "keep" },
    ]) {
      expect((await client.post(path, form)).status).toBe(409);
    }
  });

  it("keeps an orphaned one", async () => {
    const opened = await open();
    const { client, pageOf, shown } = opened;
    const id = await orphan(opened, "Gone");
    expect((await client.get(pageOf(id))).text).toContain("Keep it as a hand-made department");
    const kept = await client.post(pageOf(id), { does: "keep" });
    expect((await client.get(kept.location ?? "")).text).toContain("hand-made from now on");
    expect(await shown(id)).toMatchObject({ origin: "manual", orphanedAt: null });
  });

  it("shows its people with what put them here, and takes back what was assigned by hand", async () => {
    const { client, person, group, named, pageOf, membersOf } = await open();
    const ann = await person("ann@example.com");
    await group("Sales", [ann]);
    const id = await named("Sales");
    const [bob, cat, dan] = [
      await person("bob@example.com"),
      await person("cat@example.com"),
      await person("dan@example.com"),
    ];
    await client.post(`${pageOf(id)}/assign`, { does: "chosen", id: [bob, cat, dan] });
    const { html } = await client.get(pageOf(id));
    expect(html).toContain(`name="id" value="${bob}"`);
    expect(html).not.toContain(`name="id" value="${ann}"`);
    expect((await client.post(pageOf(id), { does: "remove" })).status).toBe(422);
    const removed = await client.post(pageOf(id), { does: "remove", id: bob });
    expect(removed.location).toBe(`${pageOf(id)}?done=removed`);
    expect(await membersOf(id)).toEqual([ann, cat, dan]);
    await client.post(pageOf(id), { does: "remove", all: "yes", shown: [cat, dan] });
    expect(await membersOf(id)).toEqual([ann]);
  });
});

describe("the page that assigns people", () => {
  it("finds people and assigns those who are ticked, or the whole page", async () => {
    const { client, make, person, pageOf, membersOf } = await open();
    const id = await make("Sales");
    const [ann, anna, bob] = [
      await person("ann@example.com"),
      await person("anna@example.com"),
      await person("bob@example.com"),
    ];
    const path = `${pageOf(id)}/assign`;
    const { html } = await client.get(`${path}?q=ANN`);
    const shown = [...html.matchAll(/name="shown" value="([^"]+)"/g)].map(([, value]) => value);
    expect(shown).toEqual([ann, anna]);
    const assigned = await client.post(`${path}?q=ANN`, { does: "chosen", id: ann });
    expect(assigned.status).toBe(200);
    expect(assigned.text).toContain("1 person newly assigned.");
    expect(assigned.text).not.toContain("bob@example.com");
    expect(await membersOf(id)).toEqual([ann]);
    await client.post(path, { does: "chosen", all: "yes", shown: [ann, anna, bob] });
    expect(await membersOf(id)).toEqual([ann, anna, bob]);
    expect(await client.post(path, { does: "chosen" })).toMatchObject({ status: 422 });
  });

  it("takes a pasted list and tells who is not in it", async () => {
    const { client, make, person, pageOf, membersOf } = await open();
    const id = await make("Sales");
    const [ann, bob] = [await person("ann@example.com"), await person("bob@example.com")];
    const path = `${pageOf(id)}/assign`;
    const names = " ANN@example.com \r\n\r\nbob@example.com, <b>nobody</b>;";
    const { status, text, html } = await client.post(path, { does: "named", names });
    expect(status).toBe(200);
    expect(text).toContain("2 people newly assigned.");
    expect(text).toContain("Nobody is called: <b>nobody</b>");
    expect(html).not.toContain("<b>nobody");
    expect(await membersOf(id)).toEqual([ann, bob]);
    const long = "x".repeat(257);
    const refused = await client.post(path, { does: "named", names: long });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(`>${long}</textarea>`);
  });
});

describe("the page that merges a department", () => {
  it("moves everybody once another one is chosen and the name is typed", async () => {
    const { client, make, person, pageOf, membersOf, list } = await open();
    const [from, into] = [await make(EVIL), await make("Other")];
    const ann = await person("ann@example.com");
    await client.post(`${pageOf(from)}/assign`, { does: "chosen", id: ann });
    const path = `${pageOf(from)}/merge`;
    const { text, html } = await client.get(`${path}?q=oth`);
    expect(text).toContain("1 person will move (1 by hand).");
    expect(html).toContain(`value="${into}"`);
    expect((await client.get(path)).html).not.toContain(`value="${from}"`);
    const unconfirmed = await client.post(path, { does: "merge", into, confirm: "Other" });
    expect(unconfirmed.status).toBe(422);
    expect(unconfirmed.html).toMatch(new RegExp(`value="${into}"[^>]*checked`));
    const nowhere = await client.post(path, { does: "merge", into: "nothing", confirm: EVIL });
    expect(nowhere.status).toBe(422);
    const itself = await client.post(path, { does: "merge", into: from, confirm: EVIL });
    expect(itself.status).toBe(422);
    expect(await membersOf(from)).toEqual([ann]);
    const merged = await client.post(path, { does: "merge", into, confirm: EVIL });
    expect(merged).toMatchObject({ status: 303, location: `${list}/${into}?done=merged` });
    expect(await membersOf(into)).toEqual([ann]);
    expect((await client.get(pageOf(from))).status).toBe(404);
  });
});
