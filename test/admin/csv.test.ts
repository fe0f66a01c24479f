import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, throughTheDoor, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, readAnswer, type Answer, type Json, type Transport } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1, type Statement } from "../storage/intercept-d1.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const AUTHORIZATION = "Bearer admin-key-of-the-test-suite-0123456789abcdef";
const direct = callWorker();

const request = (
  tenant: MintedTenant,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {},
) =>
  new Request(`${ORIGIN}/api/v1/admin/tenants/${tenant.slug}/users${path}`, {
    ...init,
    headers: { Authorization: AUTHORIZATION, ...init.headers },
  });

async function send(
  tenant: MintedTenant,
  csv: string,
  how: { dryRun?: boolean; type?: string; transport?: Transport } = {},
): Promise<Answer> {
  const { dryRun = false, type = "text/csv", transport = direct } = how;
  const init = { method: "POST", headers: { "Content-Type": type }, body: csv };
  return readAnswer(await transport(request(tenant, `/import?dryRun=${dryRun}`, init)));
}

/** What the import says, and that its preview says the same and writes nothing. */
async function importing(tenant: MintedTenant, csv: string): Promise<Json> {
  const before = await tenantRows(tenant.key);
  const preview = await send(tenant, csv, { dryRun: true });
  expect(await tenantRows(tenant.key)).toEqual(before);
  const done = await send(tenant, csv);
  expect(done.status, done.text).toBe(200);
  expect(preview.body).toEqual(done.body);
  return done.body;
}

async function exported(tenant: MintedTenant, transport: Transport = direct): Promise<string> {
  const response = await transport(request(tenant, "/export"));
  expect(response.status).toBe(200);
  // `text()` would take a byte order mark away.
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
    await response.arrayBuffer(),
  );
}

const people = async (tenant: MintedTenant) => {
  const listed = await admin("GET", `/tenants/${tenant.slug}/users?limit=200`);
  return listed.body["items"] as Json[];
};
const changesOf = async (tenant: MintedTenant) =>
  (await rowsIn("changes", tenant.key)).toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]));

/** The records of an export; what stands behind externalId differs between tenants. */
const withoutIds = (file: string): string[] =>
  file.split("\r\n").map((line) => line.replace(/,[0-9a-f-]{36},\w+,\w+$/, ""));

const nothing = { create: 0, update: 0, conflict: 0, skip: 0, rows: [], unknownColumns: [] };

describe("POST /users/import", () => {
  it("enrols people with all that their lines say, and writes each into the journal", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const done = await importing(
      tenant,
      [
        "Email;displayname;GIVENNAME;familyName;department;externalId;userName;shoe size",
        "ana@example.com;;Ana;Ruiz;Retail;7f;;38",
        'ben@example.com;"Ben; ""the"" man";;;Retail;;ben;',
        "cleo@example.com;'=Cleo;;;Front desk",
      ].join("\r\n"),
    );
    expect(done).toEqual({ ...nothing, create: 3, unknownColumns: ["shoe size"] });
    expect(await people(tenant)).toMatchObject([
      {
        email: "ana@example.com",
        userName: "ana@example.com",
        displayName: "Ana Ruiz",
        givenName: "Ana",
        familyName: "Ruiz",
        externalId: "7f",
        origin: "manual",
        active: true,
        departments: [{ name: "Retail", source: "attribute" }],
        version: 1,
      },
      { email: "ben@example.com", userName: "ben", displayName: 'Ben; "the" man' },
      { displayName: "=Cleo", departments: [{ name: "Front desk" }] },
    ]);
    expect(await rowsIn("departments", tenant.key)).toHaveLength(2);
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
      { users: 3, users_active: 3, users_scim: 0 },
    ]);
    const changes = await changesOf(tenant);
    expect(changes.map(({ seq, operation, status }) => [seq, operation, status])).toEqual([
      [1, "import", 201],
      [2, "import", 201],
      [3, "import", 201],
    ]);
    const ids = (await people(tenant)).map(({ id }) => id);
    expect(changes.map(({ resource_id: id }) => id)).toEqual(ids);
    expect(new Set(changes.map(({ request_id: requestId }) => requestId)).size).toBe(1);
    const history = await admin("GET", `/tenants/${tenant.slug}/users/${String(ids[0])}/history`);
    const operations = (history.body["items"] as Json[]).map(({ operation }) => operation);
    expect(operations).toEqual(["assign", "import"]);
  });

  it("takes an export of an identity provider as it is, and names two columns that mean the same", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const done = await importing(
      tenant,
      [
        "userPrincipalName,displayName,surname,mail,givenName,id,userType,department",
        "ana@corp.example,Ana R,Ruiz,ana@example.com,Ana,7f,Member,Retail",
      ].join("\n"),
    );
    expect(done).toEqual({ ...nothing, create: 1, unknownColumns: ["userType"] });
    expect(await people(tenant)).toMatchObject([
      {
        email: "ana@example.com",
        userName: "ana@corp.example",
        displayName: "Ana R",
        givenName: "Ana",
        familyName: "Ruiz",
        externalId: "7f",
        departments: [{ name: "Retail" }],
      },
    ]);
    const twice = await send(tenant, "Mail,E_MAIL\na@example.com,b@example.com");
    expect(twice.status).toBe(422);
    expect(twice.text).toContain('There are two columns email: \\"Mail\\" and \\"E_MAIL\\".');
  });

  it("changes what is given and new, leaves the rest, and does nothing the second time", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await send(
      tenant,
      "email,userName,givenName,department\nana@example.com,ana,Ana,Retail\nben@example.com,ben,Ben,Retail\ncleo@example.com,cleo,Cleo,\ndan@example.com,dan,Dan,Retail",
    );
    const csv =
      "email,userName,displayName,department\nANA@example.com,,Ana R.,Logistics\nnew.ben@example.com,Ben,,\ncleo@example.com,,,Retail\n,dan,,\neve@example.com,,,";
    expect(await importing(tenant, csv)).toEqual({ ...nothing, create: 1, update: 3, skip: 1 });
    expect(await people(tenant)).toMatchObject([
      {
        email: "ANA@example.com",
        userName: "ana",
        givenName: "Ana",
        displayName: "Ana R.",
        departments: [{ name: "Logistics" }],
        version: 2,
      },
      {
        email: "new.ben@example.com",
        userName: "Ben",
        displayName: "Ben",
        departments: [{ name: "Retail" }],
        version: 2,
      },
      { userName: "cleo", departments: [{ name: "Retail" }], version: 2 },
      { userName: "dan", version: 1 },
      { userName: "eve@example.com", version: 1 },
    ]);
    const [ana] = await people(tenant);
    const history = await admin(
      "GET",
      `/tenants/${tenant.slug}/users/${String(ana?.["id"])}/history`,
    );
    const told = (history.body["items"] as Json[]).map(({ operation }) => operation);
    expect(told.toSorted()).toEqual(["assign", "assign", "import", "import", "unassign"]);
    const found = await admin("GET", `/tenants/${tenant.slug}/users?email=new.ben@example.com`);
    expect(found.body["items"]).toHaveLength(1);

    const before = await tenantRows(tenant.key);
    expect(await importing(tenant, csv)).toEqual({ ...nothing, skip: 5 });
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("leaves alone whom the identity provider manages, and says of every other line what is wrong", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await tenant.scim.post("/Users", { userName: "scim@example.com", displayName: "Scim" });
    for (const name of ["one", "two", "three"]) {
      await admin("POST", `/tenants/${tenant.slug}/users`, {
        email: `${name}@example.com`,
        userName: name,
      });
    }
    const done = await importing(
      tenant,
      [
        "email,userName,displayName",
        "scim@example.com,,New",
        "not an address,,x",
        "two@example.com,one,x",
        "new@example.com,,New",
        "NEW@example.com,,Again",
        "three@example.com,,Three",
        ",THREE,Again",
        ",nobody,x",
        ",,x",
        "a,b,c,d",
      ].join("\n"),
    );
    expect(done).toMatchObject({ create: 1, update: 1, skip: 1, conflict: 7 });
    const rows = done["rows"] as { line: number; outcome: string; message: string }[];
    const told = rows.map(({ line, outcome, message }) => `${line} ${outcome}: ${message}`);
    expect(told).toEqual([
      expect.stringMatching(/^2 skip: The identity provider/),
      expect.stringMatching(/^3 conflict: email/),
      expect.stringMatching(/^4 conflict: .*two different people/),
      expect.stringMatching(/^6 conflict: Line 5 has the same userName/),
      expect.stringMatching(/^8 conflict: Line 7 is about the same person/),
      expect.stringMatching(/^9 conflict: Nobody has this userName/),
      expect.stringMatching(/^10 conflict: Give an email or a userName/),
      expect.stringMatching(/^11 conflict: .*more values/),
    ]);
    expect(await people(tenant)).toMatchObject([
      { displayName: "Scim", version: 1 },
      {},
      {},
      { userName: "three", displayName: "Three" },
      { userName: "new@example.com", displayName: "New" },
    ]);
  });

  it("says in preview and import the same of lines that build on one another, over portions too", async () => {
    for (const settings of [{ uniqueEmail: true }, { uniqueEmail: false }]) {
      const tenant = await mintTenant({ preset: "training", settings });
      for (const name of ["ana", "ben"]) {
        await admin("POST", `/tenants/${tenant.slug}/users`, {
          email: `${name}@example.com`,
          userName: name,
        });
      }
      const filler = Array.from({ length: 600 }, (_, n) => `filler-${n}@example.com,filler-${n}`);
      const lines = [
        // Renamed: their old name is free in the database, yet theirs in this file.
        "ana@example.com,renamed",
        "made@example.com,made",
        "shared@example.com,shared-1",
        ...filler,
        "other@example.com,ana",
        "third@example.com,RENAMED",
        "made@example.com,",
        "made@example.com,made-again",
        "shared@example.com,shared-2",
        "renamed.mail@example.com,ben",
        "ben@example.com,new-ben",
      ];
      const done = await importing(tenant, `email,userName\n${lines.join("\n")}`);
      expect(done["create"]).toBeGreaterThan(600);
      expect(done["conflict"]).toBeGreaterThan(2);
    }
  }, 30_000);

  it("writes a portion in one transaction with few statements, and a preview nothing", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const trips: (readonly Statement[])[] = [];
    let read = 0;
    const transport = callWorker({
      DB: interceptD1(env.DB, async ({ statements, send: go }) => {
        trips.push(statements);
        const results = await go();
        read += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
        return results;
      }),
    });
    const csv = (suffix: string) =>
      `email,displayName,department\n${Array.from({ length: 1_200 }, (_, n) => `p${n}@example.com,P ${n}${suffix},Department ${n % 40}${suffix}`).join("\n")}`;
    const count = () => trips.reduce((sum, statements) => sum + statements.length, 0);
    expect(await send(tenant, csv(""), { transport })).toMatchObject({ body: { create: 1_200 } });
    const writes = trips.filter((trip) => trip.some(({ sql }) => sql.includes("INSERT INTO")));
    expect(writes).toHaveLength(3);
    // So that 50,000 people stay below the 1,000 queries that D1 allows a request.
    expect(count()).toBeLessThanOrEqual(3 * 10);
    trips.length = 0;
    read = 0;
    expect(await send(tenant, csv(" b"), { transport })).toMatchObject({ body: { update: 1_200 } });
    expect(count()).toBeLessThanOrEqual(3 * 10);
    // Each person by their keys and their id, and not the list for each person of the tenant.
    expect(read).toBeLessThan(1_200 * 40);
    trips.length = 0;
    expect(await send(tenant, csv(" b"), { transport })).toMatchObject({ body: { skip: 1_200 } });
    expect(count()).toBeLessThanOrEqual(3 * 3);
    expect(trips.flat().some(({ sql }) => /^(?:INSERT|UPDATE|DELETE)/.test(sql))).toBe(false);
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([{ users: 1_200 }]);
    const departments = await rowsIn("departments", tenant.key);
    expect(departments).toHaveLength(80);
    const { results } = await env.DB.prepare(
      "SELECT count(*) AS n, min(seq) AS first, max(seq) AS last FROM changes WHERE tenant_key = ?",
    )
      .bind(tenant.key)
      .all();
    expect(results).toEqual([{ n: 2_400, first: 1, last: 2_400 }]);
  }, 30_000);

  it("goes on where it was when the tenant changes in between, and counts nobody twice", async () => {
    const tenant = await mintTenant({ preset: "training" });
    let writes = 0;
    const transport = callWorker({
      DB: interceptD1(env.DB, async ({ statements, send: go }) => {
        const results = await go();
        if (statements.some(({ sql }) => sql.includes('INSERT INTO "users"')) && ++writes === 1) {
          await tenant.change({ settings: { notifyEmail: "it@example.com" } });
        }
        return results;
      }),
    });
    const csv = `email\n${Array.from({ length: 1_100 }, (_, n) => `p${n}@example.com`).join("\n")}`;
    const done = await send(tenant, csv, { transport });
    expect(done.body).toEqual({ ...nothing, create: 1_100 });
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([{ users: 1_100 }]);
  }, 30_000);

  it("leaves nothing of a person in the journal that their erasure would not find", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const csv = (name: string) =>
      `email,displayName\n${name}@example.com,${name}\nben@example.com,B`;
    await send(tenant, csv("canaryPerson"));
    await send(tenant, csv("canaryPerson").replace("canaryPerson\nben", "canaryPerson 2\nben"));
    const [ana] = await people(tenant);
    expect(JSON.stringify(await changesOf(tenant))).toContain("canaryPerson 2");
    await admin("POST", `/tenants/${tenant.slug}/users/${String(ana?.["id"])}/erase`);
    expect(JSON.stringify(await tenantRows(tenant.key))).not.toContain("canaryPerson");
    expect(await people(tenant)).toMatchObject([{ email: "ben@example.com" }]);
  });

  it("decides anew when somebody else writes in between", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await admin("POST", `/tenants/${tenant.slug}/users`, { email: "ben@example.com" });
    let raced = false;
    const transport = callWorker({
      DB: interceptD1(env.DB, async ({ statements, send: go }) => {
        if (!raced && statements.some(({ sql }) => sql.includes('INSERT INTO "users"'))) {
          raced = true;
          await tenant.scim.post("/Users", { userName: "ana@example.com" });
          await tenant.scim.post("/Users", { userName: "ben@example.com", externalId: "b" });
        }
        return go();
      }),
    });
    const csv = "email,displayName\nana@example.com,A\nben@example.com,B\ncleo@example.com,C";
    const done = await send(tenant, csv, { transport });
    expect(raced).toBe(true);
    expect(done.body).toMatchObject({ create: 1, update: 0, skip: 2, conflict: 0 });
    expect((await people(tenant)).map(({ origin }) => origin).sort()).toEqual([
      "manual",
      "scim",
      "scim",
    ]);
  });

  it("says which line could not be written when the database knows better", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await tenant.scim.post("/Users", { userName: "x", emails: ["taken@example.com"] });
    // As behind a change of settings: the address is taken, though nobody is found by it.
    const transport = callWorker({
      DB: interceptD1(env.DB, async ({ statements, send: go }) => {
        const looks = statements.some(
          ({ sql }) => sql.includes("json_each") && !sql.includes("INSERT"),
        );
        const results = await go();
        return looks && statements.some(({ sql }) => sql.includes("named.value"))
          ? results.map((result, at) => (at === 1 ? { ...result, results: [] } : result))
          : results;
      }),
    });
    const csv = "email\nana@example.com\ntaken@example.com\nben@example.com";
    const done = await send(tenant, csv, { transport });
    expect(done.body).toMatchObject({
      create: 2,
      conflict: 1,
      rows: [{ line: 3, outcome: "conflict", message: expect.stringContaining("email") }],
    });
  });

  it.each([
    ["a file without a header", "ana@example.com\nben@example.com", "first line"],
    ["an open quote", 'email\n"ana', "Line 2"],
    ["more than 50,000 people", `email\n${"a@b.example\n".repeat(50_001)}`, "Split it"],
  ])("answers 422 to %s and says what to do", async (_what, csv, message) => {
    const tenant = await mintTenant();
    const answer = await send(tenant, csv);
    expect(answer.status).toBe(422);
    expect(answer.body["errors"]).toEqual([
      { path: "csv", message: expect.stringContaining(message) },
    ]);
  });

  it("answers 413 beyond 8 MiB, 415 to other types, 400 to what is not UTF-8, 404 without a tenant", async () => {
    const tenant = await mintTenant();
    const large = await send(tenant, `email\n${"x".repeat(8 * 1024 * 1024)}`);
    expect([large.status, large.body["detail"]]).toEqual([413, expect.stringContaining("8 MiB")]);
    const json = await send(tenant, '{"csv":"email"}', { type: "application/json" });
    expect([json.status, json.body["detail"]]).toEqual([415, expect.stringContaining("text/csv")]);
    const init = {
      method: "POST",
      headers: { "Content-Type": "text/csv" },
      body: new Uint8Array([0x65, 0x6d, 0xe1]),
    };
    const latin = await readAnswer(await direct(request(tenant, "/import", init)));
    expect([latin.status, latin.body["detail"]]).toEqual([400, expect.stringContaining("UTF-8")]);
    expect((await send({ ...tenant, slug: "none" }, "email\n")).status).toBe(404);
    const odd = await readAnswer(await direct(request(tenant, "/import?dryRun=maybe", init)));
    expect(odd.status).not.toBe(200);
    expect(await people(tenant)).toEqual([]);
  });

  it("tells the OpenAPI document that it takes CSV", async () => {
    const { body } = await admin("GET", "/openapi.json");
    expect(body["paths"]).toMatchObject({
      "/api/v1/admin/tenants/{slug}/users/import": {
        post: { requestBody: { content: { "text/csv": { schema: { type: "string" } } } } },
      },
      "/api/v1/admin/tenants/{slug}/users/export": {
        get: { responses: { 200: { content: { "text/csv": { schema: { type: "string" } } } } } },
      },
      "/api/v1/admin/tenants/{slug}/preflight": {
        post: { requestBody: { content: { "text/csv": {}, "application/json": {} } } },
      },
    });
  });
});

describe("GET /users/export", () => {
  it("writes everybody who is here, by the columns of the contract", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const scim = await tenant.scim.post("/Users", {
      userName: "ana",
      externalId: "7f",
      name: { givenName: "Ana", familyName: 'Ruiz, "Dr."' },
      displayName: "=cmd()",
      emails: ["ana@example.com"],
      active: false,
      [ENTERPRISE]: { department: "Retail" },
    });
    const manual = await admin("POST", `/tenants/${tenant.slug}/users`, {
      email: "ben@example.com",
    });
    const gone = await tenant.scim.post("/Users", { userName: "gone" });
    await tenant.scim.delete(`/Users/${gone.id}`);
    const response = await throughTheDoor(request(tenant, "/export"));
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("Content-Disposition")).toBe(
      `attachment; filename="${tenant.slug}-users.csv"`,
    );
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(await response.text()).toBe(
      [
        "email,userName,givenName,familyName,displayName,department,externalId,id,origin,active",
        `ana@example.com,ana,Ana,"Ruiz, ""Dr.""",'=cmd(),Retail,7f,${scim.id},scim,false`,
        `ben@example.com,ben@example.com,,,,,,${manual.id},manual,true`,
        "",
      ].join("\r\n"),
    );
  });

  it.each(["training", "visitors", "phishing", "generic"] as const)(
    "gives what import takes back without a change (%s)",
    async (preset) => {
      const tenant = await mintTenant({ preset });
      const odd = ["=1+1", "+34", "-x", "@y", "'=z", "'quoted", 'a "b", c;\nd', "ünï", "\ttab"];
      for (const [n, displayName] of odd.entries()) {
        const added = await admin("POST", `/tenants/${tenant.slug}/users`, {
          email: `p${n}@example.com`,
          userName: n % 2 === 0 ? `=user-${n}` : `u${n}@corp.example.com`,
          displayName,
          familyName: displayName,
          department: displayName,
        });
        expect(added.status).toBe(201);
      }
      const id = String((await people(tenant))[0]?.["id"]);
      await admin("PATCH", `/tenants/${tenant.slug}/users/${id}`, { email: null });
      const before = await tenantRows(tenant.key);
      const file = await exported(tenant);
      expect(await importing(tenant, file)).toEqual({ ...nothing, skip: odd.length });
      expect(await tenantRows(tenant.key)).toEqual(before);

      const copy = await mintTenant({ preset });
      const [header, ...lines] = withoutIds(file);
      // A new person needs an address; in three of the presets one of them has none.
      const addressed = lines.filter((line) => !line.startsWith(","));
      expect(addressed).toHaveLength(preset === "phishing" ? lines.length : lines.length - 1);
      const done = await importing(copy, file);
      expect(done).toMatchObject({ conflict: lines.length - addressed.length, skip: 0, update: 0 });
      expect(withoutIds(await exported(copy))).toEqual([header, ...addressed]);
    },
  );

  it("streams thousands in pages, whatever happens to the tenant meanwhile", async () => {
    const tenant = await mintTenant();
    const { id } = await tenant.scim.post("/Users", { userName: "model" });
    await seedPeople(tenant.key, id, 2_600);
    let pages = 0;
    const transport = callWorker({
      DB: interceptD1(env.DB, async ({ statements, send: go }) => {
        if (statements.some(({ sql }) => sql.includes('ORDER BY "users"."id"')) && ++pages === 3) {
          await tenant.change({ settings: { notifyEmail: "it@example.com" } });
        }
        return go();
      }),
    });
    const file = await exported(tenant, transport);
    expect(file.split("\r\n")).toHaveLength(2_601 + 2);
    expect(new Set(file.split("\r\n")).size).toBe(2_601 + 2);
    expect(pages).toBeGreaterThan(5);
  });

  it("answers 404 for a tenant that is not there, and as JSON", async () => {
    const tenant = await mintTenant();
    const response = await direct(request({ ...tenant, slug: "none" }, "/export"));
    expect(response.status).toBe(404);
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  });
});
