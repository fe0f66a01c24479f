import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";

import { reconcileDepartments } from "../../src/jobs/reconcile-departments.ts";
import { reconciliationStore } from "../../src/storage/reconciliation/reconciliation-store.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, type Json } from "../scim-client.ts";
import { interceptD1, type Around } from "../storage/intercept-d1.ts";

// A test stops a run at each of its round trips in turn.
vi.setConfig({ testTimeout: 60_000 });

const HOUR_MS = 3_600_000;
const LEASE_HOURS = 0.2;

let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));

/** One run over one tenant. */
async function reconcile({ key }: MintedTenant, hoursLater = 1, around?: Around) {
  now += hoursLater * HOUR_MS;
  const database = around ? interceptD1(env.DB, around) : env.DB;
  const stores = [reconciliationStore(database)];
  return reconcileDepartments({
    stores,
    graceHours: 24,
    trigger: "admin",
    tenantKey: key,
    clock,
    ids,
  });
}

/** What a run says of itself. */
async function runOf(id: string): Promise<Json | null> {
  return env.DB.prepare(
    "SELECT tenants, marked, unmarked, retired, repaired FROM reconciliations WHERE id = ?",
  )
    .bind(id)
    .first<Json>();
}

const NOTHING = { tenants: 1, marked: 0, unmarked: 0, retired: 0, repaired: 0 };

async function rows<Row>({ key }: MintedTenant, sql: string): Promise<Row[]> {
  return (await env.DB.prepare(sql).bind(key).all<Row>()).results;
}

interface DepartmentRow {
  id: string;
  name: string;
  orphaned_at: string | null;
  retired_at: string | null;
  referred: number;
}

/** Every department, and whether anything refers to it. */
const departmentsOf = (tenant: MintedTenant): Promise<DepartmentRow[]> =>
  rows(
    tenant,
    `SELECT id, name, orphaned_at, retired_at, EXISTS (SELECT 1 FROM groups g WHERE g.tenant_key = d.tenant_key
        AND g.department_id = d.id) OR EXISTS (SELECT 1 FROM users u WHERE u.tenant_key = d.tenant_key
        AND u.department_id = d.id) OR EXISTS (SELECT 1 FROM department_members m
        WHERE m.tenant_key = d.tenant_key AND m.department_id = d.id) AS referred
      FROM departments d WHERE tenant_key = ? ORDER BY name`,
  );

/** The name of the department that each group feeds. */
const linksOf = async (tenant: MintedTenant): Promise<Record<string, string | null>> =>
  Object.fromEntries(
    (
      await rows<{ display_name: string; name: string | null }>(
        tenant,
        `SELECT g.display_name, d.name FROM groups g LEFT JOIN departments d
           ON d.tenant_key = g.tenant_key AND d.id = g.department_id WHERE g.tenant_key = ?`,
      )
    ).map(({ display_name: group, name }) => [group, name]),
  );

const exec = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

const pushGroup = async ({ scim }: MintedTenant, displayName: string, members: string[] = []) =>
  (await scim.post("/Groups", { displayName, members: members.map((value) => ({ value })) })).id;
let made = 0;
const pushPerson = async ({ scim }: MintedTenant, department?: string): Promise<string> =>
  (
    await scim.post("/Users", {
      userName: `person-${++made}@example.com`,
      ...(department !== undefined && { [ENTERPRISE]: { department } }),
    })
  ).id;
const departmentsOfPerson = async ({ slug }: MintedTenant, id: string): Promise<unknown[]> => {
  const { body } = await admin("GET", `/tenants/${slug}/users/${id}`);
  return (body["departments"] as Json[]).map(({ name, source }) => [name, source]);
};

describe("links that lead nowhere", () => {
  it("are repaired: a group gets the department of its name", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const person = await pushPerson(tenant);
    await pushGroup(tenant, "École", [person]);
    await exec("DELETE FROM departments WHERE tenant_key = ?", tenant.key);
    expect(await departmentsOfPerson(tenant, person)).toEqual([]);
    const { id } = await reconcile(tenant);
    expect(await runOf(id)).toEqual({ ...NOTHING, repaired: 1 });
    expect(await departmentsOfPerson(tenant, person)).toEqual([["École", "group"]]);
    expect(await runOf((await reconcile(tenant)).id)).toEqual(NOTHING);
  });

  it("are repaired: people get the department that their attribute names", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const people = [
      await pushPerson(tenant, "ÉCOLE "),
      await pushPerson(tenant, "école"),
      await pushPerson(tenant, "Retail"),
    ];
    await exec("DELETE FROM departments WHERE tenant_key = ? AND name <> 'Retail'", tenant.key);
    const { id } = await reconcile(tenant);
    expect(await runOf(id)).toEqual({ ...NOTHING, repaired: 2 });
    const found = await Promise.all(people.map((one) => departmentsOfPerson(tenant, one)));
    expect(found).toEqual([
      [["ÉCOLE", "attribute"]],
      [["ÉCOLE", "attribute"]],
      [["Retail", "attribute"]],
    ]);
    expect(await runOf((await reconcile(tenant)).id)).toEqual(NOTHING);
  });

  it("are repaired for more people than one page holds, over many departments", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const model = await pushPerson(tenant, "Retail");
    await exec(
      `INSERT INTO users (tenant_key, id, resource, user_name_key, email_slot, active, department_id, origin,
          version, created_at, updated_at)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1200)
        SELECT tenant_key, printf('lost-%05d', n), resource, printf('lost-%d', n), printf('lost-%d', n), 1,
          printf('missing-%d', n % 40), 'scim', 1, created_at, updated_at
        FROM users, numbers WHERE tenant_key = ? AND id = ?`,
      tenant.key,
      model,
    );
    const { id } = await reconcile(tenant);
    expect(await runOf(id)).toEqual({ ...NOTHING, repaired: 1200 });
    const [found] = await rows<{ n: number }>(
      tenant,
      `SELECT count(*) AS n FROM users u JOIN departments d ON d.tenant_key = u.tenant_key
         AND d.id = u.department_id AND d.name = 'Retail' WHERE u.tenant_key = ?`,
    );
    expect(found?.n).toBe(1201);
  });

  it("are repaired: a retired department that something refers to is in use again", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const person = await pushPerson(tenant, "Retail");
    await exec("UPDATE departments SET retired_at = 'x' WHERE tenant_key = ?", tenant.key);
    const { id } = await reconcile(tenant);
    expect(await runOf(id)).toEqual({ ...NOTHING, repaired: 1 });
    expect(await departmentsOfPerson(tenant, person)).toEqual([["Retail", "attribute"]]);
  });
});

describe("a source that is switched off", () => {
  it("keeps its departments and its links, and has them back with the switch", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const person = await pushPerson(tenant, "Retail");
    await pushGroup(tenant, "Sales", [person]);
    await tenant.scim.delete(`/Groups/${await pushGroup(tenant, "Gone")}`);
    const before = await departmentsOf(tenant);
    await tenant.change({ settings: { groups: "plain", departmentAttribute: "ignore" } });
    await exec("UPDATE users SET department_id = NULL WHERE tenant_key = ?", tenant.key);
    for (let run = 0; run < 4; run++) {
      expect(await runOf((await reconcile(tenant, 48)).id)).toEqual(NOTHING);
    }
    expect((await departmentsOf(tenant)).map((row) => row.retired_at)).toEqual([null, null, null]);
    await tenant.change({ settings: { groups: "departments", departmentAttribute: "department" } });
    await tenant.scim.put(`/Users/${person}`, {
      userName: `person-${made}@example.com`,
      [ENTERPRISE]: { department: "Retail" },
    });
    expect(await departmentsOf(tenant)).toEqual(before);
    expect(await departmentsOfPerson(tenant, person)).toEqual([["Sales", "group"]]);
    expect(await runOf((await reconcile(tenant)).id)).toEqual({ ...NOTHING, marked: 1 });
  });

  it("links the groups that were pushed meanwhile when it is switched on", async () => {
    const tenant = await mintTenant({ preset: "training", settings: { groups: "plain" } });
    const person = await pushPerson(tenant);
    await pushGroup(tenant, "Sales", [person]);
    await pushGroup(tenant, "Legal");
    await pushGroup(tenant, "All staff", [person]);
    expect(await runOf((await reconcile(tenant)).id)).toMatchObject({ repaired: 0 });
    await tenant.change({ settings: { groups: "departments", ignoredGroups: ["ALL STAFF"] } });
    expect(await runOf((await reconcile(tenant)).id)).toMatchObject({ repaired: 2 });
    expect(await linksOf(tenant)).toEqual({ Sales: "Sales", Legal: "Legal", "All staff": null });
    expect(await departmentsOfPerson(tenant, person)).toEqual([["Sales", "group"]]);
  });

  it("follows the list of ignored groups, both ways, and ends the time of their members", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const person = await pushPerson(tenant);
    await pushGroup(tenant, " Everyone\u00a0", [person]);
    await tenant.change({ settings: { ignoredGroups: ["everyone"] } });
    expect(await runOf((await reconcile(tenant)).id)).toEqual({
      ...NOTHING,
      repaired: 1,
      marked: 1,
    });
    expect(await departmentsOfPerson(tenant, person)).toEqual([]);
    expect(await rows(tenant, "SELECT source FROM assignments WHERE tenant_key = ?")).toEqual([
      { source: "group" },
    ]);
    await tenant.change({ settings: { ignoredGroups: [] } });
    expect(await runOf((await reconcile(tenant)).id)).toEqual({ ...NOTHING, repaired: 1 });
    expect(await departmentsOfPerson(tenant, person)).toEqual([["Everyone", "group"]]);
    expect(await departmentsOf(tenant)).toMatchObject([{ name: "Everyone", orphaned_at: null }]);
  });
});

/** A tenant with something of everything to do. */
async function untidy(): Promise<MintedTenant> {
  const tenant = await mintTenant({ preset: "training" });
  await pushPerson(tenant, "Retail");
  await pushPerson(tenant, "Lost");
  await pushGroup(tenant, "Sales", [await pushPerson(tenant)]);
  for (const name of ["Unlinked", "Back"]) await pushGroup(tenant, name);
  const row = "tenant_key, id, name, name_key, origin, created_at, orphaned_at, orphaned_run";
  await env.DB.batch(
    [
      `INSERT INTO departments (${row}) SELECT ?1, 'gone-' || value, 'Gone ' || value, 'gone ' || value, 'group',
         '2020', '2020', 0 FROM json_each('["a","b"]')`,
      `INSERT INTO departments (${row}) VALUES (?1, 'hand', 'By hand', 'by hand', 'manual', '2020', NULL, NULL)`,
      `INSERT INTO departments (${row}) VALUES (?1, 'new', 'Just gone', 'just gone', 'group', '2020', NULL, NULL)`,
      `UPDATE departments SET orphaned_at = '2020', orphaned_run = 0 WHERE tenant_key = ?1 AND name = 'Back'`,
      `DELETE FROM departments WHERE tenant_key = ?1 AND name IN ('Lost', 'Unlinked')`,
      `UPDATE groups SET department_id = NULL WHERE tenant_key = ?1 AND display_name = 'Unlinked'`,
    ].map((sql) => env.DB.prepare(sql).bind(tenant.key)),
  );
  return tenant;
}

/** As it ought to be, whatever came between. */
async function expectTidy(tenant: MintedTenant): Promise<void> {
  const found = await departmentsOf(tenant);
  const state = ({ orphaned_at: orphaned, retired_at: retired }: DepartmentRow) =>
    retired !== null ? "retired" : orphaned !== null ? "orphaned" : "in use";
  expect(found.map((row) => [row.name, state(row)])).toEqual([
    ["Back", "in use"],
    ["By hand", "in use"],
    ["Gone a", "retired"],
    ["Gone b", "retired"],
    ["Just gone", "orphaned"],
    ["Lost", "in use"],
    ["Retail", "in use"],
    ["Sales", "in use"],
    ["Unlinked", "in use"],
  ]);
  expect(await linksOf(tenant)).toEqual({ Sales: "Sales", Unlinked: "Unlinked", Back: "Back" });
  const told = await rows<Json>(
    tenant,
    "SELECT resource_id FROM changes WHERE tenant_key = ? AND operation = 'retire' ORDER BY 1",
  );
  expect(told).toEqual([{ resource_id: "gone-a" }, { resource_id: "gone-b" }]);
}

describe("a run", () => {
  it("does it all at once, and again does nothing", async () => {
    const tenant = await untidy();
    expect(await runOf((await reconcile(tenant)).id)).toEqual({
      tenants: 1,
      marked: 1,
      unmarked: 1,
      retired: 2,
      repaired: 2,
    });
    await expectTidy(tenant);
    const before = await departmentsOf(tenant);
    for (let again = 0; again < 3; again++) {
      expect(await runOf((await reconcile(tenant)).id)).toEqual(NOTHING);
    }
    expect(await departmentsOf(tenant)).toEqual(before);
  });

  it("that is killed at any round trip leaves to the next one what is left", async () => {
    let killedAll = false;
    for (let at = 0; !killedAll; at++) {
      const tenant = await untidy();
      let trips = 0;
      const killed: Around = ({ send }) =>
        trips++ < at ? send() : Promise.reject(new Error("D1_ERROR: killed"));
      killedAll = await reconcile(tenant, 1, killed).then(
        () => true,
        () => false,
      );
      await reconcile(tenant, LEASE_HOURS);
      await expectTidy(tenant);
      expect(at).toBeLessThan(40);
    }
  });

  it("that is killed behind any round trip is not done twice by the next one", async () => {
    let killedAll = false;
    for (let at = 0; !killedAll; at++) {
      const tenant = await untidy();
      let trips = 0;
      const killed: Around = async ({ send }) => {
        if (trips > at) throw new Error("D1_ERROR: killed");
        const results = await send();
        if (trips++ === at) throw new Error("D1_ERROR: killed");
        return results;
      };
      killedAll = await reconcile(tenant, 1, killed).then(
        () => true,
        () => false,
      );
      await reconcile(tenant, LEASE_HOURS);
      await expectTidy(tenant);
      expect(at).toBeLessThan(40);
    }
  });

  it("that sleeps at any round trip while another one works does no harm", async () => {
    for (let at = 1, over = false; !over; at++) {
      const tenant = await untidy();
      let trips = 0;
      const slept: Around = async ({ send }) => {
        if (trips++ === at) await reconcile(tenant, LEASE_HOURS);
        return send();
      };
      await reconcile(tenant, 1, slept);
      over = trips <= at;
      await reconcile(tenant);
      await expectTidy(tenant);
      expect(at).toBeLessThan(40);
    }
  });

  it("never retires a department whose group is pushed again in the middle of it", async () => {
    for (let at = 0, over = false; !over; at++) {
      const tenant = await untidy();
      let trips = 0;
      const pushed: Around = async ({ send }) => {
        if (trips++ === at) await pushGroup(tenant, "Gone a");
        return send();
      };
      await reconcile(tenant, 1, pushed);
      over = trips <= at;
      if (over) break;
      const gone = (await departmentsOf(tenant)).find((row) => row.name === "Gone a");
      expect(gone).toMatchObject({ referred: 1, retired_at: null });
      expect((await linksOf(tenant))["Gone a"]).toBe("Gone a");
      await reconcile(tenant);
      expect((await departmentsOf(tenant)).find((row) => row.name === "Gone a")).toMatchObject({
        orphaned_at: null,
        retired_at: null,
      });
      expect(at).toBeLessThan(40);
    }
  });

  it("never acts on settings that changed in the middle of it", async () => {
    const ofGroups = async (tenant: MintedTenant) => [
      await rows(
        tenant,
        "SELECT id, orphaned_at, retired_at FROM departments WHERE tenant_key = ? AND origin = 'group'",
      ),
      await linksOf(tenant),
    ];
    for (let at = 0, over = false; !over; at++) {
      const tenant = await untidy();
      let before: unknown;
      let trips = 0;
      const changed: Around = async ({ send }) => {
        if (trips++ === at) {
          await tenant.change({ settings: { groups: "plain" } });
          before = await ofGroups(tenant);
        }
        return send();
      };
      await reconcile(tenant, 1, changed);
      over = trips <= at;
      if (!over) expect(await ofGroups(tenant)).toEqual(before);
      await tenant.change({ settings: { groups: "departments" } });
      await reconcile(tenant);
      await expectTidy(tenant);
      expect(at).toBeLessThan(40);
    }
  });

  it("by hand does nothing while another one is at work", async () => {
    const tenant = await mintTenant({ preset: "training" });
    let busy: unknown;
    const around: Around = async ({ send }) => {
      const results = await send();
      busy ??= await reconcile(tenant, 0);
      return results;
    };
    const first = await reconcile(tenant, 1, around);
    expect(first.kind).toBe("ran");
    expect(busy).toMatchObject({ kind: "busy" });
  });
});

describe("3,000 departments", () => {
  const seed = (tenant: MintedTenant, count: number, linked: number) =>
    exec(
      `INSERT INTO departments (tenant_key, id, name, name_key, origin, created_at)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
        SELECT ?1, printf('d-%05d', n), printf('Seeded %d', n), printf('seeded %d', n), 'group', '2020'
        FROM numbers`,
      tenant.key,
      count,
    ).then(() =>
      exec(
        `INSERT INTO groups (tenant_key, id, resource, display_name, display_name_key, department_id, changed_by,
            version, created_at, updated_at)
          SELECT tenant_key, 'g' || id, '{}', name, name_key, id, '', 1, '2020', '2020' FROM departments
          WHERE tenant_key = ?1 AND id <= printf('d-%05d', ?2)`,
        tenant.key,
        linked,
      ),
    );

  it("are reconciled in batches of a bounded size", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await seed(tenant, 3_000, 2_870);
    let most = 0;
    const watched: Around = async ({ statements, send }) => {
      const results = await send();
      const written = results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
      most = Math.max(most, written, statements.length);
      return results;
    };
    expect(await runOf((await reconcile(tenant, 1, watched)).id)).toMatchObject({ marked: 130 });
    expect(await runOf((await reconcile(tenant, 48, watched)).id)).toMatchObject({ retired: 130 });
    expect(await runOf((await reconcile(tenant, 1, watched)).id)).toEqual(NOTHING);
    // A department that goes is its row, and one in the journal with its place in the index.
    expect(most).toBeLessThanOrEqual(130 * 3 + 10);
  });

  it("stay when all groups vanish at once, and are all there when they come back", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await seed(tenant, 3_000, 3_000);
    await exec("DELETE FROM groups WHERE tenant_key = ?", tenant.key);
    expect(await runOf((await reconcile(tenant)).id)).toMatchObject({ marked: 3_000 });
    expect(await runOf((await reconcile(tenant, 48)).id)).toMatchObject({ retired: 0 });
    const { body } = await admin("GET", `/tenants/${tenant.slug}/alerts`);
    expect(body["items"]).toMatchObject([{ kind: "reconcile-brake" }]);
    await exec(
      `INSERT INTO groups (tenant_key, id, resource, display_name, display_name_key, changed_by, version,
          created_at, updated_at)
        SELECT tenant_key, 'g' || id, '{}', name, name_key, '', 1, '2020', '2020' FROM departments
        WHERE tenant_key = ?`,
      tenant.key,
    );
    expect(await runOf((await reconcile(tenant)).id)).toMatchObject({
      repaired: 3_000,
      retired: 0,
    });
    const found = await departmentsOf(tenant);
    expect(found.every((row) => row.referred === 1 && row.orphaned_at === null)).toBe(true);
    expect(found).toHaveLength(3_000);
  });
});
