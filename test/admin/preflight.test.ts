import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { readAnswer, type Answer, type Json } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { tenantRows } from "../tenant-rows.ts";

const direct = callWorker();
const preflight = (tenant: MintedTenant, users: readonly Json[]): Promise<Answer> =>
  admin("POST", `/tenants/${tenant.slug}/preflight`, { users });

async function preflightCsv(tenant: MintedTenant, csv: string): Promise<Answer> {
  const headers = {
    Authorization: "Bearer admin-key-of-the-test-suite-0123456789abcdef",
    "Content-Type": "text/csv",
  };
  const url = `${ORIGIN}/api/v1/admin/tenants/${tenant.slug}/preflight`;
  return readAnswer(await direct(new Request(url, { method: "POST", headers, body: csv })));
}

const enrol = (tenant: MintedTenant, fields: Json) =>
  admin("POST", `/tenants/${tenant.slug}/users`, fields);
const work = (value: string) => ({ emails: [{ value, type: "work", primary: true }] });

/** For each planned person the list that they are in, by userName. */
function told({ status, text, body }: Answer): Record<string, string> {
  expect(status, text).toBe(200);
  const entries = ["match", "create", "nearDuplicate", "conflict"].flatMap((name) =>
    (body[name] as { planned: Json; by?: string; action?: string }[]).map(
      ({ planned, by, action }) =>
        [planned["userName"], by === undefined ? name : `${action} by ${by}`] as const,
    ),
  );
  return Object.fromEntries(entries);
}

/** Somebody of every kind. */
async function populated(settings: Json = {}): Promise<MintedTenant> {
  const tenant = await mintTenant({ preset: "training", settings });
  await enrol(tenant, { email: "manual@example.com", userName: "manual.old", givenName: "Manu" });
  await enrol(tenant, { email: "second@example.com", externalId: "e-2" });
  await tenant.scim.post("/Users", { userName: "active@example.com", externalId: "e-3" });
  await tenant.scim.post("/Users", { userName: "leaver@example.com", active: false });
  const { id } = await enrol(tenant, { email: "by.hand@example.com" });
  await admin("PATCH", `/tenants/${tenant.slug}/users/${id}`, { active: false });
  return tenant;
}

const PLAN: readonly Record<string, string>[] = [
  { userName: "new.upn@corp.example.com", email: "MANUAL@example.com" },
  { userName: "second.upn@corp.example.com", externalId: "e-2" },
  { userName: "ACTIVE@example.com" },
  { userName: "leaver@example.com", email: "leaver.new@example.com" },
  { userName: "by.hand@example.com" },
  { userName: "twice@corp.example.com", email: "twice@example.com" },
  { userName: "TWICE@corp.example.com" },
  { userName: "active.two@corp.example.com", externalId: "e-3" },
  { userName: "x@corp.example.com", email: "manual@example.com", externalId: "e-2" },
  {
    userName: "fresh@corp.example.com",
    email: "fresh@example.com",
    givenName: "F",
    familyName: "R",
  },
];

describe("POST /preflight", () => {
  it("puts everybody into one list, and says by which key", async () => {
    const tenant = await populated();
    const before = await tenantRows(tenant.key);
    const answer = await preflight(tenant, PLAN);
    expect(await tenantRows(tenant.key)).toEqual(before);
    expect(told(answer)).toEqual({
      "new.upn@corp.example.com": "adopt by email",
      "second.upn@corp.example.com": "adopt by externalId",
      "ACTIVE@example.com": "conflict",
      "leaver@example.com": "reactivate by userName",
      "by.hand@example.com": "conflict",
      "twice@corp.example.com": "create",
      "TWICE@corp.example.com": "conflict",
      "active.two@corp.example.com": "nearDuplicate",
      "x@corp.example.com": "conflict",
      "fresh@corp.example.com": "create",
    });
    expect(answer.body).toMatchObject({
      match: [
        {
          planned: PLAN[0],
          existing: { userName: "manual.old", email: "manual@example.com", origin: "manual" },
        },
        {},
        { existing: { active: false, origin: "scim" } },
      ],
      nearDuplicate: [{ planned: PLAN[7], existing: { userName: "active@example.com" } }],
    });
    const reasons = (answer.body["conflict"] as Json[]).map(({ reason }) => reason);
    expect(reasons).toEqual([
      expect.stringContaining("userName"),
      expect.stringContaining("by hand"),
      expect.stringContaining("userName"),
      expect.stringContaining("email"),
    ]);
  });

  const settings: [string, Json][] = [
    ["as the preset has them", {}],
    ["without adoption", { adoption: "off" }],
    ["with shared addresses", { uniqueEmail: false }],
    ["without either", { adoption: "off", uniqueEmail: false }],
    ["with the userName as email", { email: "username" }],
    ["with somebody excluded", { excludedEmails: ["manual@example.com", "fresh@example.com"] }],
  ];
  it.each(settings)("foretells what POSTs do, settings %s", async (_what, overrides) => {
    const tenant = await populated(overrides);
    const foretold = told(await preflight(tenant, PLAN));
    const people = new Set((await tenantRows(tenant.key))["users"]?.map(({ id }) => id));
    for (const { userName, email, externalId, givenName, familyName } of PLAN) {
      const answer = await tenant.scim.post("/Users", {
        userName,
        externalId,
        name: { givenName, familyName },
        ...(email !== undefined && work(email)),
      });
      const [change] =
        (await tenantRows(tenant.key))["changes"]?.toSorted(
          (a, b) => Number(b["seq"]) - Number(a["seq"]),
        ) ?? [];
      const said = foretold[String(userName)];
      if (answer.status !== 201) expect(said, String(userName)).toBe("conflict");
      else if (people.has(answer.id)) {
        const by = String(change?.["reason"]).replace(/^Matched by (\w+)\.$/, "$1");
        expect(said, String(userName)).toBe(`${String(change?.["operation"])} by ${by}`);
      } else expect(["create", "nearDuplicate"], String(userName)).toContain(said);
    }
  });

  it("finds those who would become duplicates, each with the reason", async () => {
    const tenant = await mintTenant({ preset: "phishing" });
    await enrol(tenant, { email: "Ana.Ruiz@example.com", givenName: "Ana", familyName: "Ruiz" });
    await enrol(tenant, { email: "ben@example.com", userName: "b1" });
    const planned = [
      { userName: "ana.ruiz@corp.onmicrosoft.example", givenName: "Ana", familyName: "Ruiz" },
      { userName: "ana.ruiz+scim@example.com" },
      { userName: "aruiz@corp.example.com", givenName: "ANA", familyName: "RUIZ" },
      { userName: "ben@corp.example.com", email: "ben@example.com" },
      { userName: "nobody@corp.example.com" },
    ];
    const answer = await preflight(tenant, planned);
    expect(answer.body).toMatchObject({
      match: [],
      create: [{ planned: planned[4] }],
      conflict: [],
      nearDuplicate: [
        { planned: planned[0], existing: { userName: "Ana.Ruiz@example.com" } },
        { planned: planned[1], why: expect.stringContaining("plus") },
        { planned: planned[2], why: expect.stringContaining("given and family name") },
        // Their email is the userName, yet one mailbox is one human.
        {
          planned: planned[3],
          existing: { userName: "b1", email: null },
          why: expect.stringContaining("same email"),
        },
      ],
    });
  });

  it("names at most five who are like somebody", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const { id } = await tenant.scim.post("/Users", {
      userName: "model",
      name: { givenName: "Ana", familyName: "Ruiz" },
    });
    await seedPeople(tenant.key, id, 6_000);
    const answer = await preflight(tenant, [
      { userName: "a@example.com", givenName: "Ana", familyName: "Ruiz" },
    ]);
    expect(answer.body["nearDuplicate"]).toHaveLength(5);
    expect(answer.body["create"]).toEqual([]);
    // Behind the first page of those whom it compares with.
    const last = await preflight(tenant, [{ userName: "SEEDED-6000@example.com" }]);
    expect(last.body["nearDuplicate"]).toMatchObject([{ existing: { userName: "seeded-6000" } }]);
  });

  it("takes a file too: lines that cannot be read are conflicts", async () => {
    const tenant = await populated();
    const answer = await preflightCsv(
      tenant,
      "email;userName;title\nmanual@example.com;new@corp.example.com;x\nfresh@example.com;;\nbad;;\n;;x",
    );
    expect(answer.body).toMatchObject({
      match: [{ planned: { line: 2, userName: "new@corp.example.com" }, by: "email" }],
      create: [{ planned: { line: 3, userName: "fresh@example.com", email: "fresh@example.com" } }],
      nearDuplicate: [],
      conflict: [
        { planned: { line: 4 }, reason: expect.stringContaining("email") },
        { planned: { line: 5 }, reason: expect.stringContaining("email or a userName") },
      ],
    });
  });

  it("takes 10,000 people and refuses more with 422", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const plan = Array.from({ length: 10_001 }, (_, n) => ({
      userName: `person.${n}@corp.example.com`,
      email: `person.${n}@example.com`,
      externalId: crypto.randomUUID(),
    }));
    const refused = await preflight(tenant, plan);
    expect(refused.status).toBe(422);
    expect(refused.body["errors"]).toMatchObject([{ path: "users" }]);
    const taken = await preflight(tenant, plan.slice(1));
    expect(taken.body["create"]).toHaveLength(10_000);
    const csv = `userName\n${plan.map(({ userName }) => userName).join("\n")}`;
    const file = await preflightCsv(tenant, csv);
    expect(file.status).toBe(422);
    expect(file.body["errors"]).toMatchObject([{ path: "csv" }]);
  }, 30_000);

  it.each([
    ["nothing", {}, "users"],
    ["both", { users: [], csv: "email" }, "users"],
    ["nobody's userName", { users: [{ email: "ana@example.com" }] }, "users.0.userName"],
    ["a bad email", { users: [{ userName: "a", email: "x" }] }, "users.0.email"],
    ["an unknown field", { users: [{ userName: "a", title: "x" }] }, "users.0.title"],
  ])("answers 422 to %s", async (_what, body, path) => {
    const tenant = await mintTenant();
    const answer = await admin("POST", `/tenants/${tenant.slug}/preflight`, body);
    expect(answer.status).toBe(422);
    expect(answer.body["errors"]).toMatchObject([{ path }]);
  });

  it("answers an empty report to an empty plan, and 404 without a tenant", async () => {
    const tenant = await mintTenant();
    const empty = { match: [], create: [], nearDuplicate: [], conflict: [] };
    expect((await preflight(tenant, [])).body).toEqual(empty);
    expect((await admin("POST", "/tenants/none/preflight", { users: [] })).status).toBe(404);
    expect(
      await env.DB.prepare("SELECT count(*) AS n FROM users WHERE tenant_key = ?")
        .bind(tenant.key)
        .first(),
    ).toEqual({ n: 0 });
  });
});
