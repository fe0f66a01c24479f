import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

const change = (tenant: MintedTenant, settings: Json): Promise<Answer> =>
  admin("PATCH", `/tenants/${tenant.slug}`, { settings });

const settingsRows = async ({ key }: MintedTenant): Promise<Json[]> =>
  (await rowsIn("changes", key)).filter((row) => row["operation"] === "settings");

const diffOf = (row: Json | undefined): unknown => JSON.parse(String(row?.["diff"]));

async function person(tenant: MintedTenant, id: string): Promise<Json> {
  return (await rowsIn("users", tenant.key)).find((row) => row["id"] === id) ?? {};
}

async function create(tenant: MintedTenant, body: Json): Promise<string> {
  const { status, id, text } = await tenant.scim.post("/Users", body);
  expect([status, text]).toEqual([201, expect.any(String)]);
  return id;
}

const withMail = (userName: string, mail: string, more: Json = {}): Json => ({
  userName,
  emails: [{ value: mail, type: "work" }],
  ...more,
});

/** A change of settings whose work on people's rows has not begun yet. */
async function changeUnseen({ key }: MintedTenant, settings: Json): Promise<void> {
  await env.DB.prepare(
    `UPDATE tenant_states SET epoch = epoch + 1, recompute_after = '',
       overrides = json_patch(overrides, ?) WHERE tenant_key = ?`,
  )
    .bind(JSON.stringify(settings), key)
    .run();
}

describe("a change of settings", () => {
  it("is in force with the next request", async () => {
    const tenant = await mintTenant({ settings: { groups: "plain" } });
    expect((await tenant.scim.post("/Groups", { displayName: "Before" })).status).toBe(201);
    await change(tenant, { groups: "off" });
    expect((await tenant.scim.post("/Groups", { displayName: "After" })).status).toBe(403);
  });

  it("leaves a row in the journal with what is in force before and after", async () => {
    const tenant = await mintTenant();
    await change(tenant, { groups: "off", logRetentionDays: 30 });
    const [row, ...others] = await settingsRows(tenant);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      outcome: "applied",
      actor_kind: "admin",
      resource_type: "Tenant",
      resource_id: tenant.tenantId,
    });
    expect(diffOf(row)).toEqual([
      { attribute: "groups", before: "plain", after: "off" },
      { attribute: "logRetentionDays", before: 90, after: 30 },
    ]);
  });

  it("of the status leaves one too", async () => {
    const tenant = await mintTenant();
    await tenant.change({ status: "suspended" });
    const [row] = await settingsRows(tenant);
    expect(diffOf(row)).toEqual([{ attribute: "status", before: "active", after: "suspended" }]);
  });

  it("tells the journal no address", async () => {
    const tenant = await mintTenant();
    await change(tenant, {
      excludedEmails: ["canary@example.com"],
      notifyEmail: "canary@example.com",
    });
    expect(JSON.stringify(await settingsRows(tenant))).not.toContain("canary");
  });

  it("to what is so already writes nothing", async () => {
    const tenant = await mintTenant();
    await change(tenant, { groups: "off" });
    await change(tenant, { groups: "off" });
    expect(await settingsRows(tenant)).toHaveLength(1);
  });

  it.each([{ settings: { colour: "red" } }, { preset: "training" }, { slug: "other" }])(
    "is refused for what cannot be changed: %j",
    async (body) => {
      const tenant = await mintTenant();
      expect((await admin("PATCH", `/tenants/${tenant.slug}`, body)).status).toBe(422);
      expect(await settingsRows(tenant)).toEqual([]);
    },
  );
});

describe("uniqueEmail", () => {
  it("switched on holds for people who are here already", async () => {
    const tenant = await mintTenant({ settings: { uniqueEmail: false } });
    await create(tenant, withMail("ana", "shared@example.com"));
    expect((await change(tenant, { uniqueEmail: true })).status).toBe(200);
    const again = await tenant.scim.post("/Users", withMail("bo", "Shared@example.com"));
    expect([again.status, again.body["scimType"]]).toEqual([409, "uniqueness"]);
  });

  it("switched off lets people share an address with those who are here already", async () => {
    const tenant = await mintTenant({ settings: { uniqueEmail: true } });
    await create(tenant, withMail("ana", "shared@example.com"));
    expect((await change(tenant, { uniqueEmail: false })).status).toBe(200);
    await create(tenant, withMail("bo", "shared@example.com"));
    const rows = await rowsIn("users", tenant.key);
    expect(rows.map((row) => row["email_slot"])).toEqual(rows.map((row) => row["id"]));
  });

  it("is refused while people share an address, and says how many without saying which", async () => {
    const tenant = await mintTenant({ settings: { uniqueEmail: false } });
    for (const [userName, mail] of [
      ["ana", "one@example.com"],
      ["bo", "One@example.com"],
      ["cy", "one@example.com"],
      ["dan", "two@example.com"],
      ["eve", "two@example.com"],
      ["flo", "three@example.com"],
    ] as const) {
      await create(tenant, withMail(userName, mail));
    }
    await create(tenant, { userName: "without" });
    await create(tenant, { userName: "without-either" });
    const rows = await rowsIn("users", tenant.key);
    const refused = await change(tenant, { uniqueEmail: true, groups: "off" });
    expect(refused.status).toBe(409);
    expect(refused.body["detail"]).toMatch(/^5 people/);
    expect(refused.text).not.toContain("example.com");
    expect(await rowsIn("users", tenant.key)).toEqual(rows);
    expect(await settingsRows(tenant)).toEqual([]);
    const { body } = await admin("GET", `/tenants/${tenant.slug}`);
    expect(body["settings"]).toMatchObject({ uniqueEmail: false, groups: "plain" });
  });

  it("touches no other tenant", async () => {
    const other = await mintTenant({ settings: { uniqueEmail: false } });
    await create(other, withMail("ana", "shared@example.com"));
    await create(other, withMail("bo", "shared@example.com"));
    const rows = await rowsIn("users", other.key);
    const tenant = await mintTenant({ settings: { uniqueEmail: false } });
    await create(tenant, withMail("ana", "shared@example.com"));
    expect((await change(tenant, { uniqueEmail: true })).status).toBe(200);
    expect(await rowsIn("users", other.key)).toEqual(rows);
  });
});

describe("the rule of addresses", () => {
  it("changed gives people who are here already their address by the new rule", async () => {
    const tenant = await mintTenant();
    const ana = await create(tenant, withMail("Ana@example.com", "ana@mail.example"));
    const bo = await create(tenant, { userName: "bo@example.com" });
    const before = await person(tenant, bo);
    await change(tenant, { email: "username" });
    expect(await person(tenant, ana)).toMatchObject({
      email: "Ana@example.com",
      email_key: "ana@example.com",
      version: 2,
    });
    expect(await person(tenant, bo)).toEqual(before);
    const [state] = await rowsIn("tenant_states", tenant.key);
    expect(state).toMatchObject({ recompute_after: null });
  });

  it("tells the journal whom it changed, in one row for many", async () => {
    const tenant = await mintTenant();
    const ana = await create(tenant, withMail("ana@example.com", "ana@mail.example"));
    const bo = await create(tenant, withMail("bo@example.com", "bo@mail.example"));
    await change(tenant, { email: "username" });
    const rows = (await settingsRows(tenant)).filter((row) => row["resource_type"] === "User");
    expect(rows).toEqual([
      expect.objectContaining({ actor_kind: "job", actor_id: "recompute-people" }),
    ]);
    expect(diffOf(rows[0])).toEqual([{ attribute: "email", after: { ids: [ana, bo] } }]);
  });

  it("is kept by a write that comes before people are recomputed", async () => {
    const tenant = await mintTenant({ settings: { uniqueEmail: true } });
    const ana = await create(tenant, withMail("ana@example.com", "ana@mail.example"));
    await changeUnseen(tenant, { email: "username" });
    expect(await person(tenant, ana)).toMatchObject({ email_key: "ana@mail.example" });
    const nurse = patchOf({ op: "replace", path: "title", value: "Nurse" });
    expect((await tenant.scim.patch(`/Users/${ana}`, nurse)).status).toBe(200);
    expect(await person(tenant, ana)).toMatchObject({
      email: "ana@example.com",
      email_key: "ana@example.com",
    });
    await create(tenant, { userName: "ana@mail.example" });
  });

  it("meets a key from before it where a new person wants the address", async () => {
    const tenant = await mintTenant({ settings: { uniqueEmail: true } });
    await create(tenant, withMail("ana@example.com", "wanted@example.com"));
    await changeUnseen(tenant, { email: "username" });
    const wanted = await tenant.scim.post("/Users", { userName: "wanted@example.com" });
    expect([wanted.status, wanted.body["scimType"]]).toEqual([409, "uniqueness"]);
  });
});

describe("the department attribute", () => {
  const inSales = (userName: string): Json => ({
    userName,
    [ENTERPRISE]: { department: "Sales" },
  });

  it("switched on links people who are here already", async () => {
    const tenant = await mintTenant();
    const ana = await create(tenant, inSales("ana"));
    const bo = await create(tenant, inSales("bo"));
    const cy = await create(tenant, { userName: "cy" });
    await change(tenant, { departmentAttribute: "department" });
    const [department, ...others] = await rowsIn("departments", tenant.key);
    expect(others).toEqual([]);
    expect(department).toMatchObject({ name: "Sales", origin: "attribute" });
    const link = { department_id: department?.["id"], department_since: expect.any(String) };
    expect(await person(tenant, ana)).toMatchObject(link);
    expect(await person(tenant, bo)).toMatchObject(link);
    expect(await person(tenant, cy)).toMatchObject({ department_id: null });
  });

  it("switched off keeps the links, through changes of anything else", async () => {
    const tenant = await mintTenant({ settings: { departmentAttribute: "department" } });
    const ana = await create(tenant, inSales("ana"));
    const { department_id: sales } = await person(tenant, ana);
    await change(tenant, { departmentAttribute: "ignore" });
    const nurse = patchOf({ op: "replace", path: "title", value: "Nurse" });
    await tenant.scim.patch(`/Users/${ana}`, nurse);
    expect(await person(tenant, ana)).toMatchObject({ department_id: sales });
  });

  it("switched off and on again links people to what the attribute says by then", async () => {
    const tenant = await mintTenant({ settings: { departmentAttribute: "department" } });
    const ana = await create(tenant, inSales("ana"));
    const bo = await create(tenant, inSales("bo"));
    await change(tenant, { departmentAttribute: "ignore" });
    const path = `${ENTERPRISE}:department`;
    const move = patchOf({ op: "replace", path, value: "Marketing" });
    await tenant.scim.patch(`/Users/${ana}`, move);
    await change(tenant, { departmentAttribute: "department" });
    const departments = await rowsIn("departments", tenant.key);
    const idOf = (name: string) => departments.find((row) => row["name"] === name)?.["id"];
    expect(await person(tenant, ana)).toMatchObject({ department_id: idOf("Marketing") });
    expect(await person(tenant, bo)).toMatchObject({ department_id: idOf("Sales") });
  });

  it("is kept by a write that comes before people are recomputed", async () => {
    const tenant = await mintTenant();
    const ana = await create(tenant, inSales("ana"));
    await changeUnseen(tenant, { departmentAttribute: "department" });
    const nurse = patchOf({ op: "replace", path: "title", value: "Nurse" });
    await tenant.scim.patch(`/Users/${ana}`, nurse);
    const [department] = await rowsIn("departments", tenant.key);
    expect(await person(tenant, ana)).toMatchObject({ department_id: department?.["id"] });
  });
});
