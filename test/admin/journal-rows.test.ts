import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { OPERATIONS } from "../../src/admin/operations/operations.ts";
import { mintToken } from "../../src/tenancy/token.ts";
import { captureLog } from "../captured-log.ts";
import { callWorker } from "../call-worker.ts";
import { migrateSpares, THREE } from "../many-databases.ts";
import { admin, mintTenant } from "../mint-tenant.ts";
import type { Json } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { FAULT_TABLE, type FaultCase } from "./faults/fault-table.ts";
import { openTheatre, type Theatre } from "./faults/theatre.ts";

/** A database that says of itself that it holds a lot. */
const crowded = (database: D1Database): D1Database =>
  interceptD1(database, async ({ send }) =>
    (await send()).map((result) => ({ ...result, meta: { ...result.meta, size_after: 1e9 } })),
  );

/** `OPERATION TYPE` of each row, in their order. */
type Rows = readonly string[];

/**
 * What each operation that changes something leaves in the journal of the tenant, or why it leaves nothing there. An
 * operation that is not here fails the suite.
 */
const ROWS: Readonly<Record<string, Rows | { readonly none: string }>> = {
  createTenant: ["create Tenant"],
  updateTenant: ["settings Tenant"],
  moveTenant: { none: "The tenant is there already; a move that is one has a test below." },
  deleteTenant: { none: "The journal goes with the tenant: a line of the log tells it." },

  issueToken: ["token Token"],
  rotateToken: ["token Token"],
  revokeToken: ["token Token"],
  createClient: ["key Client"],
  deleteClient: ["key Client"],
  addClientSecret: ["key ClientSecret"],
  deleteClientSecret: ["key ClientSecret"],
  createAdminKey: ["key ReaderKey"],
  deleteAdminKey: ["key AdminKey"],
  createSetupLink: ["key SetupLink"],
  deleteSetupLink: ["key SetupLink"],

  enrolUser: ["create User"],
  importUsers: ["import User", "import User"],
  preflight: { none: "It looks and changes nothing." },
  changeUser: ["deactivate User"],
  deleteUser: ["delete User"],
  adoptUser: ["adopt User"],
  undoAdoption: ["unadopt User"],
  eraseUser: ["delete User"],

  putSchema: ["settings Schema"],
  deleteSchema: ["settings Schema"],
  putResourceType: ["settings ResourceType"],
  deleteResourceType: ["settings ResourceType"],

  invitePeople: ["invite User"],
  resendInvitation: ["invite User"],
  acceptInvitation: ["invite User"],
  cancelInvitation: ["invite User"],
  resolveAlert: ["patch Alert"],

  createDepartment: ["create Department"],
  renameDepartment: ["rename Department"],
  deleteDepartment: ["delete Department"],
  mergeDepartments: ["merge Department"],
  keepDepartment: ["patch Department"],
  assignToDepartment: ["assign Department", "unassign Department"],
  runReconciliation: ["create Reconciliation"],
};

/** Asked for again, these do nothing that is worth another row. */
const ONCE: ReadonlySet<string> = new Set([
  "updateTenant",
  "revokeToken",
  "deleteClient",
  "deleteClientSecret",
  "deleteAdminKey",
  "deleteSetupLink",
  "importUsers",
  "changeUser",
  "invitePeople",
  "acceptInvitation",
  "cancelInvitation",
  "resolveAlert",
  "renameDepartment",
  "keepDepartment",
  "assignToDepartment",
]);

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
});
beforeEach(() => theatre.reset());

const allRows = async (): Promise<Json[]> =>
  (await env.DB.prepare("SELECT * FROM changes ORDER BY tenant_key, seq").all<Json>()).results;
const nameOf = ({ tenant_key: tenant, seq }: Json): string => `${String(tenant)} ${String(seq)}`;

/** Plays a case, and says what it left in journals. */
async function rowsLeftBy(one: FaultCase): Promise<{ requestId: string; rows: Json[] }> {
  const before = new Set((await allRows()).map(nameOf));
  const { answer } = await theatre.play(one);
  expect(answer.status, answer.text).toBeLessThan(500);
  const rows = (await allRows()).filter((row) => !before.has(nameOf(row)));
  return { requestId: answer.headers.get("X-Request-Id") ?? "", rows };
}
const told = (rows: readonly Json[]): string[] =>
  rows.map((row) => `${String(row["operation"])} ${String(row["resource_type"])}`);

const writing = OPERATIONS.filter(({ method }) => method !== "get");

describe("every operation that changes something", () => {
  it("is in this table, with a case that is played", () => {
    const ids = writing.map(({ id }) => id).sort();
    expect(Object.keys(ROWS).sort()).toEqual(ids);
    expect(Object.keys(FAULT_TABLE)).toEqual(expect.arrayContaining(ids));
  });

  it.each(writing.map(({ id }) => [id] as const))("leaves its rows: %s", async (id) => {
    const [expected, one] = [ROWS[id], FAULT_TABLE[id]];
    if (!expected || !one) throw new Error(`The operation ${id} has no row in this table.`);
    const { rows, requestId } = await rowsLeftBy(one);
    expect(told(rows.filter((row) => row["actor_kind"] === "admin"))).toEqual(
      "none" in expected ? [] : expected,
    );
    for (const row of rows.filter(({ actor_kind: kind }) => kind === "admin")) {
      expect(row).toMatchObject({
        request_id: requestId,
        actor_id: "operator",
        outcome: "applied",
      });
      expect(JSON.stringify(row)).not.toMatch(/scim\w*_[\w-]{43}|digest|pepper/);
    }
    const again = await rowsLeftBy(one);
    if (ONCE.has(id) || one.again !== undefined || "none" in expected) {
      expect(told(again.rows)).toEqual([]);
    } else expect(again.rows.length).toBeGreaterThan(0);
  });
});

describe("a tenant that is made", () => {
  it.each(["DB", "DB_1"] as const)(
    "begins its journal in %s with what was chosen",
    async (place) => {
      await migrateSpares();
      const slug = `begun-in-${place === "DB" ? "db" : "db-1"}`;
      const settings = { groups: "off", excludedEmails: ["ada@example.com"] };
      const body = { slug, name: "Begun", preset: "training", settings };
      const bindings = place === "DB" ? {} : { DB_1: THREE.DB_1, DB: crowded(THREE.DB) };
      const made = await admin("POST", "/tenants", body, callWorker(bindings));
      expect(made.status, made.text).toBe(201);
      const { results } = await THREE[place]
        .prepare(
          "SELECT changes.* FROM changes JOIN tenant_states USING (tenant_key) WHERE tenant_id = ?",
        )
        .bind(made.id)
        .all<Json>();
      expect(results).toMatchObject([
        {
          seq: 1,
          at: made.body["createdAt"],
          request_id: made.headers.get("X-Request-Id"),
          operation: "create",
          resource_type: "Tenant",
          resource_id: made.id,
          status: 201,
        },
      ]);
      expect(JSON.parse(String(results[0]?.["diff"]))).toEqual([
        { attribute: "slug", after: slug },
        { attribute: "name", after: "Begun" },
        { attribute: "preset", after: "training" },
        { attribute: "groups", after: "off" },
        { attribute: "excludedEmails", after: { count: 1 } },
      ]);
    },
  );

  it("is told of in the answer that follows its journal from the beginning", async () => {
    const made = await admin("POST", "/tenants", { slug: "followed", name: "Followed" });
    const { body } = await admin("GET", "/tenants/followed/changes?order=asc&after=0");
    expect(body["items"]).toMatchObject([{ seq: 1, operation: "create", resourceId: made.id }]);
  });

  it("by nobody, at the first use of SCIM_TOKEN, says so", async () => {
    const SCIM_TOKEN = mintToken(new Uint8Array(32));
    const call = callWorker({ SCIM_TOKEN, DEFAULT_TENANT: "by-itself" });
    const headers = { Authorization: `Bearer ${SCIM_TOKEN}` };
    await call(new Request("https://scim.example.com/api/v1/scim/v2/Schemas", { headers }));
    const { body } = await admin("GET", "/tenants/by-itself/changes?operation=create");
    expect(body["items"]).toMatchObject([
      { seq: 1, actor: { kind: "job", id: "default-tenant", hint: "SCIM_TOKEN" } },
    ]);
  });
});

describe("a tenant that moves", () => {
  it("keeps in its journal who asked for it, and that it arrived", async () => {
    await migrateSpares();
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}`;
    const moved = await admin("POST", `${path}/move`, { database: "DB_1" }, callWorker(THREE));
    expect(moved.status).toBe(202);
    const { body } = await admin("GET", `${path}/changes`, undefined, callWorker(THREE));
    const row = {
      requestId: moved.headers.get("X-Request-Id"),
      actor: { kind: "admin", id: "operator", hint: "operator" },
      operation: "settings",
      resourceType: "Tenant",
      resourceId: tenant.tenantId,
      diff: [{ attribute: "database", before: "DB", after: "DB_1" }],
    };
    expect(body["items"]).toMatchObject([
      { ...row, seq: 2, reason: expect.stringContaining("has arrived") },
      { ...row, seq: 1, reason: expect.stringContaining("is being moved") },
    ]);
  });
});

describe("a tenant that is deleted", () => {
  let log: ReturnType<typeof captureLog>;
  beforeEach(() => {
    log = captureLog();
  });
  afterEach(() => log.restore());

  it("leaves a line of the log that names it by its id", async () => {
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}?confirm=${tenant.slug}`;
    const deleted = await admin("DELETE", path);
    expect(log.of("tenant-deleted")).toEqual([
      {
        event: "tenant-deleted",
        requestId: deleted.headers.get("X-Request-Id"),
        tenant: tenant.tenantId,
      },
    ]);
  });
});
