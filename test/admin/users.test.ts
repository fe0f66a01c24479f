import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const work = (value: string) => ({ emails: [{ value, type: "work", primary: true }] });
const replace = (path: string, value: unknown) => patchOf({ op: "replace", path, value });

const pathOf = (tenant: MintedTenant, rest = "") => `/tenants/${tenant.slug}/users${rest}`;

async function ok(answer: Promise<Answer>, status = 200): Promise<Json> {
  const { status: got, text, body } = await answer;
  expect(got, text).toBe(status);
  return body;
}

async function enrolled(tenant: MintedTenant, fields: Json): Promise<string> {
  return String((await ok(admin("POST", pathOf(tenant), fields), 201))["id"]);
}

async function provisioned(tenant: MintedTenant, fields: Json): Promise<string> {
  return String((await ok(tenant.scim.post("/Users", fields), 201))["id"]);
}

const get = (tenant: MintedTenant, id: string) => ok(admin("GET", pathOf(tenant, `/${id}`)));
const patch = (tenant: MintedTenant, id: string, body: Json) =>
  admin("PATCH", pathOf(tenant, `/${id}`), body);
const act = (tenant: MintedTenant, id: string, what: string) =>
  admin("POST", pathOf(tenant, `/${id}/${what}`));

const nextOf = (body: Json) => body["nextCursor"] as string | null;
const itemsOf = (body: Json) => body["items"] as Json[];
const namesIn = (items: readonly Json[]) => items.map(({ userName }) => userName);

/** Every page of a list, followed by its cursors. */
async function everyPage(tenant: MintedTenant, query: string): Promise<Json[][]> {
  const pages: Json[][] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    expect(pages.length).toBeLessThan(100);
    const page: Json = await ok(admin("GET", pathOf(tenant, `?${query}&cursor=${cursor}`)));
    pages.push(itemsOf(page));
    cursor = nextOf(page);
  }
  return pages;
}
const list = async (tenant: MintedTenant, query: string) => (await everyPage(tenant, query)).flat();

function expectConflict(answer: Answer, ...words: string[]): void {
  expect(answer.status, answer.text).toBe(409);
  for (const word of words) expect(answer.body["detail"]).toContain(word);
}

const historyOf = async (tenant: MintedTenant, id: string) =>
  itemsOf(await ok(admin("GET", pathOf(tenant, `/${id}/history?limit=200`))));

describe("a person", () => {
  it("is shown whole: keys, groups, departments and where they come from", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await provisioned(tenant, {
      userName: "ana@example.com",
      externalId: "7f",
      name: { givenName: "Ana", familyName: "Ruiz" },
      displayName: "Ana Ruiz",
      ...work("Ana@Example.com"),
      [ENTERPRISE]: { department: "Retail" },
    });
    const group = await tenant.scim.post("/Groups", {
      displayName: "Nurses",
      members: [{ value: id }],
    });
    const [department] = await rowsIn("departments", tenant.key).then((rows) =>
      rows.filter(({ name }) => name === "Nurses"),
    );
    const shown = await get(tenant, id);
    expect(shown).toEqual({
      id,
      email: "Ana@Example.com",
      emailRule: "work",
      userName: "ana@example.com",
      predecessorId: null,
      externalId: "7f",
      givenName: "Ana",
      familyName: "Ruiz",
      displayName: "Ana Ruiz",
      active: true,
      origin: "scim",
      adoptedAt: null,
      adoptedBy: null,
      departments: [{ id: department?.["id"], name: "Nurses", source: "group" }],
      groups: [{ id: group.id, displayName: "Nurses" }],
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
      version: 1,
    });
    expect(await list(tenant, "q=ana")).toEqual([shown]);
  });

  it("is told with every attribute and who said it, where that is asked for", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const stored = async (id: string) =>
      (await ok(admin("GET", pathOf(tenant, `/${id}?attributes=true`))))["stored"];
    const ana = await enrolled(tenant, { email: "ana@example.com", displayName: "Ana" });
    const enrolment = [
      { attribute: "userName", value: "ana@example.com", source: "manual" },
      { attribute: "displayName", value: "Ana", source: "manual" },
      { attribute: "emails", value: work("ana@example.com").emails, source: "manual" },
      { attribute: "active", value: true, source: "manual" },
    ];
    expect(await stored(ana)).toEqual({
      attributes: expect.arrayContaining(enrolment),
      deactivatedByHand: false,
    });

    await provisioned(tenant, {
      userName: "ana",
      ...work("ana@example.com"),
      [ENTERPRISE]: { department: "Retail" },
    });
    await ok(patch(tenant, ana, { active: false }));
    expect(await stored(ana)).toEqual({
      attributes: expect.arrayContaining([
        { attribute: "userName", value: "ana", source: "scim" },
        { attribute: "displayName", value: "Ana", source: "manual" },
        { attribute: "emails", value: work("ana@example.com").emails, source: "manual" },
        { attribute: `${ENTERPRISE}:department`, value: "Retail", source: "scim" },
      ]),
      deactivatedByHand: true,
    });
    await admin("DELETE", pathOf(tenant, `/${ana}`));
    expect(await stored(ana)).toMatchObject({
      attributes: expect.arrayContaining([
        { attribute: "displayName", value: "Ana", source: "scim" },
      ]),
    });
    expect(await get(tenant, ana)).not.toHaveProperty("stored");
  });

  it("of another tenant is not there, for every operation", async () => {
    const theirs = await mintTenant();
    const mine = await mintTenant();
    const id = await enrolled(theirs, { email: "ana@example.com" });
    const before = await tenantRows(theirs.key);
    const answers = await Promise.all([
      admin("GET", pathOf(mine, `/${id}`)),
      admin("GET", pathOf(mine, `/${id}/history`)),
      patch(mine, id, { displayName: "x" }),
      admin("DELETE", pathOf(mine, `/${id}`)),
      ...["adopt", "unadopt", "erase"].map((what) => act(mine, id, what)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 404]);
    expect(await tenantRows(theirs.key)).toEqual(before);
  });
});

describe("GET /users", () => {
  it("finds by the beginning of userName, email or display name, each person once", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const people: [string, string, string][] = [
      ["ana.one", "x1@example.com", "x"],
      ["x2", "ANA.two@example.com", "x"],
      ["x3", "x3@example.com", "Ana Three"],
      ["Ana.four", "ana.four@example.com", "ana four"],
      ["x5", "x5@example.com", "Juana"],
      ["ÁNA.six", "x6@example.com", "x"],
    ];
    for (const [userName, email, displayName] of people) {
      await enrolled(tenant, { userName, email, displayName });
    }
    const found = await list(tenant, "q=ANA");
    expect(namesIn(found)).toEqual(["Ana.four", "ana.one", "x2", "x3"]);
    for (const limit of [1, 2, 3]) {
      expect(namesIn(await list(tenant, `q=ana&limit=${limit}`))).toEqual(namesIn(found));
    }
    expect(namesIn(await list(tenant, `q=${encodeURIComponent("a\u0301na")}`))).toEqual([
      "ÁNA.six",
    ]);
    expect(await list(tenant, "q=nobody")).toEqual([]);
    expect(namesIn(await list(tenant, `q=${encodeURIComponent("ana_")}`))).toEqual([]);
  });

  it("filters by address, origin, activity and department, also together", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const ana = await provisioned(tenant, {
      userName: "ana@example.com",
      [ENTERPRISE]: { department: "Retail" },
    });
    await provisioned(tenant, { userName: "ben@example.com", active: false });
    await enrolled(tenant, { email: "cleo@example.com", department: "Retail" });
    const dan = await enrolled(tenant, { email: "dan@example.com" });
    await ok(patch(tenant, dan, { active: false }));
    const [retail] = await rowsIn("departments", tenant.key);
    const department = String(retail?.["id"]);
    const finds = async (query: string) =>
      namesIn(await list(tenant, query)).map((name) => String(name).slice(0, 3));
    expect(await finds("")).toEqual(["ana", "ben", "cle", "dan"]);
    expect(await finds("origin=scim")).toEqual(["ana", "ben"]);
    expect(await finds("origin=manual")).toEqual(["cle", "dan"]);
    expect(await finds("active=true")).toEqual(["ana", "cle"]);
    expect(await finds("active=false")).toEqual(["ben", "dan"]);
    expect(await finds("active=false&origin=scim")).toEqual(["ben"]);
    expect(await finds("email=CLEO@example.com")).toEqual(["cle"]);
    expect(await finds("email=cleo@example.com&origin=scim")).toEqual([]);
    expect(await finds("email=cleo@example.com&q=cl")).toEqual(["cle"]);
    expect(await finds("email=cleo@example.com&q=dan")).toEqual([]);
    expect(await finds(`department=${department}`)).toEqual(["ana", "cle"]);
    expect(await finds(`department=${department}&limit=1`)).toEqual(["ana", "cle"]);
    expect(await finds(`department=${department}&q=ana&active=true`)).toEqual(["ana"]);
    expect(await finds(`department=${department}&origin=manual`)).toEqual(["cle"]);
    expect(await finds("department=none")).toEqual([]);
    expect(await finds("q=a&active=false&limit=1")).toEqual([]);
    await tenant.scim.post("/Groups", { displayName: "Staff", members: [{ value: ana }] });
    const [member] = await list(tenant, "q=ana");
    expect(member).toMatchObject({ groups: [{ displayName: "Staff" }] });
  });

  it.each(["origin=hr", "active=yes", "limit=0", "cursor=x", `q=${"x".repeat(257)}`])(
    "answers 422 to ?%s",
    async (query) => {
      const tenant = await mintTenant();
      expect((await admin("GET", pathOf(tenant, `?${query}`))).status).toBe(422);
    },
  );

  it("pages through thousands with cursors and reads at most 10,000 rows beside those it shows", async () => {
    const tenant = await mintTenant();
    const model = await provisioned(tenant, {
      userName: "model",
      displayName: "Model",
      ...work("shared@example.com"),
    });
    await seedPeople(tenant.key, model, 9_000);
    await env.DB.prepare(
      "UPDATE users SET resource = json_set(resource, '$.displayName', 'Needle') WHERE tenant_key = ? AND user_name_key = 'seeded-8500'",
    )
      .bind(tenant.key)
      .run();
    let read = 0;
    const counting = callWorker({
      DB: interceptD1(env.DB, async ({ send }) => {
        const results = await send();
        read += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
        return results;
      }),
    });
    const walk = async (query: string) => {
      const sizes: number[] = [];
      const found: unknown[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        read = 0;
        const path = pathOf(tenant, `?${query}&limit=200&cursor=${cursor}`);
        const page: Json = await ok(admin("GET", path, undefined, counting));
        const items = itemsOf(page);
        expect(read).toBeLessThan(10_000 + 10 * items.length + 50);
        sizes.push(items.length);
        found.push(...namesIn(items));
        cursor = nextOf(page);
        expect(sizes.length).toBeLessThan(100);
      }
      return { sizes, found };
    };
    const needle = await walk("q=needle");
    expect(needle).toEqual({ sizes: [0, 0, 1], found: ["seeded-8500"] });
    const inactive = await walk("active=false");
    expect(inactive).toEqual({ sizes: [0], found: [] });
    const manual = await walk("origin=manual");
    expect(manual.sizes).toEqual([0, 0, 0]);
    const everybody = await walk("");
    expect(everybody.found).toHaveLength(9_001);
    expect(new Set(everybody.found).size).toBe(9_001);
    const seeded = await walk("q=seeded-");
    expect(seeded.found).toHaveLength(9_000);
    expect(new Set(seeded.found).size).toBe(9_000);
    expect((await walk("q=seeded-&origin=manual")).found).toEqual([]);
    for (const query of ["q=shared", "email=shared@example.com"]) {
      const { found } = await walk(query);
      expect(found).toHaveLength(9_001);
      expect(new Set(found).size).toBe(9_001);
      expect((await walk(`${query}&origin=manual`)).found).toEqual([]);
    }
  }, 60_000);
});

describe("changing by hand", () => {
  it("changes everything of somebody who was enrolled by hand", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await enrolled(tenant, { email: "ana@example.com", givenName: "Ana" });
    const changed = await ok(
      patch(tenant, id, {
        email: "Ana.R@example.com",
        userName: "ana.r",
        givenName: null,
        familyName: "Ruiz",
        displayName: "Ana R.",
        department: "Retail",
        externalId: "7f",
      }),
    );
    expect(changed).toMatchObject({
      id,
      email: "Ana.R@example.com",
      userName: "ana.r",
      givenName: null,
      familyName: "Ruiz",
      displayName: "Ana R.",
      externalId: "7f",
      departments: [{ name: "Retail", source: "attribute" }],
      origin: "manual",
      version: 2,
    });
    expect(await get(tenant, id)).toEqual(changed);
    expect(namesIn(await list(tenant, "email=ana.r@example.com"))).toEqual(["ana.r"]);
    expect(await list(tenant, "email=ana@example.com")).toEqual([]);
  });

  it("writes nothing when nothing is new", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await enrolled(tenant, { email: "ana@example.com", department: "Retail" });
    const before = await tenantRows(tenant.key);
    const same = { email: "ana@example.com", department: "Retail", active: true, familyName: null };
    expect(await ok(patch(tenant, id, same))).toMatchObject({ version: 1 });
    expect(await ok(patch(tenant, id, {}))).toMatchObject({ version: 1 });
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("refuses keys of somebody else and names the attribute", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await provisioned(tenant, { userName: "ben", ...work("ben@example.com") });
    const id = await enrolled(tenant, { email: "ana@example.com" });
    expectConflict(await patch(tenant, id, { userName: "BEN" }), "userName");
    expectConflict(await patch(tenant, id, { email: "BEN@example.com" }), "email");
    expectConflict(
      await admin("POST", pathOf(tenant), { email: "new@example.com", userName: "Ben" }),
      "userName",
    );
    expectConflict(await admin("POST", pathOf(tenant), { email: "ben@example.com" }), "email");
    expect(await get(tenant, id)).toMatchObject({ version: 1 });
  });

  it.each([
    ["an unknown field", { title: "Nurse" }, "title"],
    ["no userName", { userName: null }, "userName"],
    ["a blank userName", { userName: " " }, "userName"],
    ["a bad email", { email: "ana" }, "email"],
    ["a text for active", { active: "false" }, "active"],
    ["a NUL", { displayName: "a\0b" }, "displayName"],
    ["half a character", { givenName: "\ud800" }, "givenName"],
  ])("answers 422 to %s", async (_what, body, field) => {
    const tenant = await mintTenant();
    const id = await enrolled(tenant, { email: "ana@example.com" });
    const answer = await patch(tenant, id, body);
    expect(answer.status).toBe(422);
    expect(answer.body["errors"]).toMatchObject([{ path: field }]);
  });

  it("leaves to the identity provider what is the identity provider's, and says so", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await provisioned(tenant, { userName: "ana@example.com", displayName: "Ana" });
    const before = await tenantRows(tenant.key);
    for (const body of [
      { email: "new@example.com" },
      { userName: "new" },
      { givenName: "New" },
      { familyName: "New" },
      { displayName: "New" },
      { displayName: null },
      { department: "New" },
      { externalId: "new" },
      { active: false, displayName: "New" },
    ]) {
      const answer = await patch(tenant, id, body);
      expectConflict(answer, "identity provider", Object.keys(body).at(-1) ?? "");
      expect(answer.body["detail"]).not.toContain("undo");
    }
    expect(await tenantRows(tenant.key)).toEqual(before);
    const form = { userName: "ana@example.com", displayName: "Ana", familyName: null };
    expect(await ok(patch(tenant, id, form))).toMatchObject({ version: 1 });
  });

  it("tells of an adopted person that the adoption can be undone", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await enrolled(tenant, { email: "ana@example.com" });
    await ok(act(tenant, id, "adopt"));
    expectConflict(await patch(tenant, id, { displayName: "x" }), "identity provider", "undo");
  });

  it("says which attribute decides where the email is the userName", async () => {
    const tenant = await mintTenant({ preset: "phishing" });
    const id = await enrolled(tenant, { email: "ana@example.com" });
    expectConflict(await patch(tenant, id, { email: "new@example.com" }), "userName");
    const changed = await ok(patch(tenant, id, { userName: "new@example.com" }));
    expect(changed).toMatchObject({ email: "new@example.com", emailRule: "userName" });
    const both = await ok(
      patch(tenant, id, { userName: "both@example.com", email: "both@example.com" }),
    );
    expect(both).toMatchObject({ email: "both@example.com", emailRule: "userName" });
  });

  it("deactivates anybody, so that a POST does not revive them, and activates again", async () => {
    const tenant = await mintTenant({ preset: "training" });
    for (const id of [
      await provisioned(tenant, { userName: "ana@example.com" }),
      await enrolled(tenant, { email: "ben@example.com" }),
    ]) {
      const off = await ok(patch(tenant, id, { active: false }));
      expect(off).toMatchObject({ active: false });
      const refused = await tenant.scim.post("/Users", { userName: off["userName"] });
      expect(refused.status).toBe(409);
      expect(refused.body["detail"]).toContain("by hand");
      expect(await ok(patch(tenant, id, { active: true }))).toMatchObject({ active: true });
      const [row] = (await rowsIn("users", tenant.key)).filter((user) => user["id"] === id);
      expect(row).toMatchObject({ active: 1, deactivated_by_hand: null });
      const operations = (await historyOf(tenant, id)).map(({ operation }) => operation);
      expect(operations.filter((one) => one !== "create")).toEqual(["activate", "deactivate"]);
    }
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
      { users: 2, users_active: 2 },
    ]);
  });

  it("keeps somebody inactive whom the identity provider had deactivated before", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await provisioned(tenant, { userName: "ana@example.com", active: false });
    await ok(patch(tenant, id, { active: false }));
    await ok(patch(tenant, id, { active: false }));
    expect((await tenant.scim.post("/Users", { userName: "ana@example.com" })).status).toBe(409);
    expect(await get(tenant, id)).toMatchObject({ active: false, version: 2 });
    const revived = await tenant.scim.patch(`/Users/${id}`, replace("active", true));
    expect(revived.body["active"]).toBe(true);
  });
});

describe("adoption", () => {
  const fields = {
    email: "ana@example.com",
    userName: "ana.by.hand",
    givenName: "Ana",
    familyName: "Ruiz",
    department: "Front desk",
  };
  const sent = {
    userName: "ana@corp.example.com",
    externalId: "7f",
    displayName: "RUIZ Ana",
    title: "Nurse",
    ...work("ana@example.com"),
    [ENTERPRISE]: { department: "Retail" },
  };
  const ways: [string, (tenant: MintedTenant, id: string) => Promise<unknown>, string][] = [
    ["a POST with the email", ({ scim }) => scim.post("/Users", sent), "email"],
    ["a PUT", ({ scim }, id) => scim.put(`/Users/${id}`, sent), "id"],
    [
      "a PATCH",
      ({ scim }, id) => scim.patch(`/Users/${id}`, patchOf({ op: "replace", value: sent })),
      "id",
    ],
    [
      "a hand",
      async (tenant, id) => {
        await ok(act(tenant, id, "adopt"));
        return tenant.scim.put(`/Users/${id}`, sent);
      },
      "admin",
    ],
  ];
  it.each(ways)(
    "by %s keeps the id and is undone without a trace but the history",
    async (_how, adopt, adoptedBy) => {
      const tenant = await mintTenant({ preset: "training" });
      const id = await enrolled(tenant, fields);
      const before = await get(tenant, id);
      await adopt(tenant, id);
      const group = await tenant.scim.post("/Groups", {
        displayName: "Nurses",
        members: [{ value: id }],
      });
      const adopted = await get(tenant, id);
      expect(adopted).toMatchObject({
        id,
        origin: "scim",
        adoptedAt: at,
        adoptedBy,
        userName: "ana@corp.example.com",
        departments: [{ name: "Nurses", source: "group" }],
      });
      expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
        { users: 1, users_scim: 1 },
      ]);

      const undone = await ok(act(tenant, id, "unadopt"));
      const { version, updatedAt, departments, groups, ...rest } = undone;
      expect(rest).toEqual({
        ...before,
        version: undefined,
        updatedAt: undefined,
        departments: undefined,
        groups: undefined,
      });
      expect(groups).toEqual([{ id: group.id, displayName: "Nurses" }]);
      expect(departments).toMatchObject([{ name: "Nurses" }]);
      expect(version).toBe(Number(adopted["version"]) + 1);
      expect(updatedAt).toEqual(at);
      expect(await get(tenant, id)).toEqual(undone);
      const [row] = await rowsIn("users", tenant.key);
      expect(row).toMatchObject({ origin: "manual", adopted_from: null, adopted_at: null });
      expect(String(row?.["resource"])).not.toContain("Nurse");
      expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
        { users: 1, users_scim: 0 },
      ]);
      const operations = (await historyOf(tenant, id)).map(({ operation }) => operation);
      expect(operations).toContain("unadopt");
      expect(operations).toContain("adopt");
      expect(operations.at(-1)).toBe("create");
      await ok(patch(tenant, id, { displayName: "Ours again" }));
    },
  );

  it("is one UPDATE: the document of before costs no row more", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await enrolled(tenant, fields);
    let written = 0;
    const counting = callWorker({
      DB: interceptD1(env.DB, async ({ send }) => {
        const results = await send();
        written += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
        return results;
      }),
    });
    await ok(admin("POST", pathOf(tenant, `/${id}/adopt`), undefined, counting));
    // The person, their row in the journal with its index, and the counts.
    expect(written).toBeLessThanOrEqual(4);
  });

  it("can be undone only of somebody who was adopted, and adopted only who is not", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const manual = await enrolled(tenant, fields);
    const scim = await provisioned(tenant, { userName: "ben@example.com" });
    const before = await tenantRows(tenant.key);
    expectConflict(await act(tenant, manual, "unadopt"), "not adopted");
    expectConflict(await act(tenant, scim, "unadopt"), "not adopted");
    expectConflict(await act(tenant, scim, "adopt"), "already");
    expect(await tenantRows(tenant.key)).toEqual(before);
    await ok(act(tenant, manual, "adopt"));
    expectConflict(await act(tenant, manual, "adopt"), "already");
    await ok(act(tenant, manual, "unadopt"));
    expectConflict(await act(tenant, manual, "unadopt"), "not adopted");
  });

  it("is not undone when somebody else has the names by now", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await enrolled(tenant, fields);
    await ok(tenant.scim.put(`/Users/${id}`, { ...sent, emails: ["other@example.com"] }));
    await provisioned(tenant, { userName: "ana.by.hand" });
    const before = await tenantRows(tenant.key);
    expectConflict(await act(tenant, id, "unadopt"), "userName");
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("that is undone revives whom the identity provider deactivated, not whom a hand did", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const byProvider = await enrolled(tenant, { email: "ana@example.com" });
    await ok(tenant.scim.patch(`/Users/${byProvider}`, replace("active", false)));
    expect(await ok(act(tenant, byProvider, "unadopt"))).toMatchObject({ active: true });
    const told = (await historyOf(tenant, byProvider)).map(({ operation }) => operation);
    expect(told.slice(0, 2)).toEqual(["activate", "unadopt"]);
    const byHand = await enrolled(tenant, { email: "ben@example.com" });
    await ok(tenant.scim.patch(`/Users/${byHand}`, replace("title", "Nurse")));
    await ok(patch(tenant, byHand, { active: false }));
    expect(await ok(act(tenant, byHand, "unadopt"))).toMatchObject({ active: false });
    expect((await tenant.scim.post("/Users", { userName: "ben@example.com" })).status).toBe(409);
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
      { users: 2, users_active: 1, users_scim: 0 },
    ]);
  });

  it("of somebody whose document of before was not kept leaves them as they are", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await enrolled(tenant, fields);
    await ok(tenant.scim.put(`/Users/${id}`, sent));
    await env.DB.prepare("UPDATE users SET adopted_from = NULL WHERE id = ?").bind(id).run();
    const undone = await ok(act(tenant, id, "unadopt"));
    expect(undone).toMatchObject({ origin: "manual", adoptedAt: null, userName: sent.userName });
  });
});

describe("deletion", () => {
  it("keeps a person apart, who is still shown, with their last departments", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await enrolled(tenant, { email: "ana@example.com", department: "Retail" });
    const before = await get(tenant, id);
    expect((await admin("DELETE", pathOf(tenant, `/${id}`))).status).toBe(204);
    const shown = await get(tenant, id);
    expect(shown).toEqual({
      ...before,
      active: false,
      deletedAt: at,
      updatedAt: shown["deletedAt"],
      departments: [{ ...(before["departments"] as Json[])[0] }],
    });
    expect(await list(tenant, "")).toEqual([]);
    expect((await admin("DELETE", pathOf(tenant, `/${id}`))).status).toBe(404);
    expect((await patch(tenant, id, { displayName: "x" })).status).toBe(404);
    const operations = (await historyOf(tenant, id)).map(({ operation }) => operation);
    expect(operations).toEqual(["unassign", "delete", "assign", "create"]);
  });

  const canary = "canaryPerson";

  /** Everything that the database holds of any tenant. */
  async function everything(): Promise<string> {
    const { results: tables } = await env.DB.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*'",
    ).all<{ name: string }>();
    expect(tables.length).toBeGreaterThan(10);
    const contents = await Promise.all(
      tables.map(async ({ name }) => {
        const { results } = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
        return `${name}: ${JSON.stringify(results)}`;
      }),
    );
    return contents.join("\n");
  }

  /** Somebody of whom every part of the product has heard. */
  async function wellKnown(tenant: MintedTenant): Promise<string> {
    await tenant.scim.get(`/Users?filter=${encodeURIComponent(`userName eq "${canary}0"`)}`);
    const id = await enrolled(tenant, {
      email: `${canary}1@example.com`,
      userName: `${canary}2@example.com`,
      displayName: `${canary}3`,
      department: "Retail",
    });
    const person = (name: string) => ({
      userName: `${name}@example.com`,
      externalId: `${canary}5`,
      ...work(`${canary}1@example.com`),
    });
    await ok(tenant.scim.post("/Users", person(`${canary}4`)), 201);
    await tenant.scim.post("/Groups", { displayName: `Staff ${id}`, members: [{ value: id }] });
    await tenant.scim.patch(`/Users/${id}`, replace("nickName", `${canary}6`));
    await tenant.scim.post("/Users", { ...person(`${canary}4`), externalId: `${canary}7` });
    await tenant.scim.put(`/Users/${id}`, { ...person(`${canary}8`), active: `${canary}9` });
    await tenant.scim.patch(`/Users/${id}`, replace(`${canary}10`, "x"));
    await tenant.scim.patch(
      `/Users/${id}`,
      replace('emails[type eq "nothing"].display', `${canary}11`),
    );
    await tenant.scim.patch(
      `/Users/${id}`,
      replace(`emails[value eq "${canary}12@example.com"].display`, "x"),
    );
    await tenant.scim.post("/Groups", {
      displayName: `Team ${id}`,
      members: [{ value: id, display: `${canary}13` }],
    });
    await tenant.scim.post("/Users", {
      userName: `colleague-${id}`,
      [ENTERPRISE]: { manager: { value: id } },
    });
    await tenant.scim.get(`/Users?filter=${encodeURIComponent(`userName eq "${canary}15"`)}`);
    await ok(act(tenant, id, "unadopt"));
    await admin("POST", `/tenants/${tenant.slug}/invitations`, { userIds: [id] });
    await ok(act(tenant, id, "adopt"));
    return id;
  }

  it("by erasure leaves nothing personal in any table, whatever has been done before", async () => {
    const tenant = await mintTenant({ preset: "training", settings: { invitations: "manual" } });
    const id = await wellKnown(tenant);
    expect((await everything()).toLowerCase()).toContain(canary.toLowerCase());
    const erased = await act(tenant, id, "erase");
    expect([erased.status, erased.text]).toEqual([204, ""]);
    const rest = await everything();
    expect(rest.toLowerCase()).not.toContain(canary.toLowerCase());
    for (const table of ["former_people", "group_members", "department_members"] as const) {
      expect(await rowsIn(table, tenant.key)).toEqual([]);
    }
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
      { users: 1, users_active: 1, users_scim: 1 },
    ]);
    expect((await admin("GET", pathOf(tenant, `/${id}`))).status).toBe(404);
    expect((await admin("GET", pathOf(tenant, `/${id}/history`))).status).toBe(404);
    expect((await act(tenant, id, "erase")).status).toBe(404);
    const { results } = await env.DB.prepare(
      "SELECT 'assignments' AS name FROM assignments WHERE user_id = ?1 UNION SELECT 'invitations' FROM invitations WHERE user_id = ?1 UNION SELECT 'deactivations' FROM deactivations WHERE user_id = ?1",
    )
      .bind(id)
      .all();
    expect(results).toEqual([]);
  });

  it("by erasure reaches somebody who was deleted, and those whom they followed", async () => {
    const tenant = await mintTenant({ preset: "training", settings: { invitations: "manual" } });
    const first = await wellKnown(tenant);
    const userName = String((await get(tenant, first))["userName"]);
    await ok(admin("DELETE", pathOf(tenant, `/${first}`)), 204);
    const second = await enrolled(tenant, { email: userName });
    await ok(admin("DELETE", pathOf(tenant, `/${second}`)), 204);
    const third = await enrolled(tenant, { email: userName });
    await ok(act(tenant, first, "erase"), 204);
    expect((await admin("GET", pathOf(tenant, `/${second}`))).status).toBe(404);
    expect(await get(tenant, third)).toMatchObject({ userName });
    await ok(admin("DELETE", pathOf(tenant, `/${third}`)), 204);
    const fourth = await enrolled(tenant, { email: userName });
    await ok(act(tenant, fourth, "erase"), 204);
    expect((await everything()).toLowerCase()).not.toContain(canary.toLowerCase());
  });

  it("erases at once where the tenant says so", async () => {
    const tenant = await mintTenant({ preset: "training", settings: { onDelete: "erase" } });
    const id = await wellKnown(tenant);
    await ok(admin("DELETE", pathOf(tenant, `/${id}`)), 204);
    expect((await admin("GET", pathOf(tenant, `/${id}`))).status).toBe(404);
    expect((await everything()).toLowerCase()).not.toContain(canary.toLowerCase());
  });
});

describe("history", () => {
  it("tells changes, refusals and departments in one list, in pages, newest first", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await provisioned(tenant, {
      userName: "ana@example.com",
      [ENTERPRISE]: { department: "Retail" },
    });
    const group = await tenant.scim.post("/Groups", {
      displayName: "Nurses",
      members: [{ value: id }],
    });
    await tenant.scim.patch(`/Users/${id}`, replace(`${ENTERPRISE}:department`, "Logistics"));
    await provisioned(tenant, { userName: "ben@example.com" });
    await tenant.scim.patch(`/Users/${id}`, replace("userName", "ben@example.com"));
    const off = patchOf({ op: "remove", path: `members[value eq "${id}"]` });
    await tenant.scim.patch(`/Groups/${group.id}`, off);
    const all = await historyOf(tenant, id);
    const told = all.map(({ operation, outcome, diff }) => {
      const [{ before, after } = {}] = diff as { before?: Json; after?: Json }[];
      const name = before?.["name"] ?? after?.["name"];
      return [operation, outcome, ...(name === undefined ? [] : [name])].join(" ");
    });
    expect([...told].sort()).toEqual(
      [
        "create applied",
        "patch applied",
        "patch refused",
        "assign applied Retail",
        "unassign applied Retail",
        "assign applied Nurses",
        "unassign applied Nurses",
        "assign applied Logistics",
      ].sort(),
    );
    const times = all.map((item) => String(item["at"]));
    expect(times).toEqual(times.toSorted().toReversed());
    expect(all.find(({ outcome }) => outcome === "refused")).toMatchObject({
      status: 409,
      scimType: "uniqueness",
      actor: { kind: "token" },
      resourceId: id,
      advice: expect.stringContaining("email"),
    });
    for (const limit of [1, 3]) {
      const paged: Json[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const path = pathOf(tenant, `/${id}/history?limit=${limit}&cursor=${cursor}`);
        const page: Json = await ok(admin("GET", path));
        paged.push(...itemsOf(page));
        cursor = nextOf(page);
        expect(paged.length).toBeLessThanOrEqual(all.length);
      }
      expect(paged).toEqual(all);
    }
  });
});

describe("people whom provisioning must not touch", () => {
  const EXCLUDED = "boss@example.com";
  async function withBoss(origin: "scim" | "manual") {
    const tenant = await mintTenant({ preset: "training" });
    const boss = { externalId: "b0", ...work(EXCLUDED), userName: "boss.upn@example.com" };
    const id =
      origin === "manual"
        ? await enrolled(tenant, { email: EXCLUDED, userName: boss.userName, externalId: "b0" })
        : await provisioned(tenant, boss);
    await tenant.change({ settings: { excludedEmails: [EXCLUDED] } });
    return { tenant, id };
  }
  const refused: [string, (tenant: MintedTenant, id: string) => Promise<Answer>][] = [
    [
      "a POST of the address",
      ({ scim }) => scim.post("/Users", { userName: "x", ...work("BOSS@example.com") }),
    ],
    [
      "a POST of the address as userName",
      ({ scim }) => scim.post("/Users", { userName: EXCLUDED }),
    ],
    ["a PUT", ({ scim }, id) => scim.put(`/Users/${id}`, { userName: "x" })],
    ["a PATCH", ({ scim }, id) => scim.patch(`/Users/${id}`, replace("title", "x"))],
    [
      "a PATCH that takes the address away",
      ({ scim }, id) => scim.patch(`/Users/${id}`, patchOf({ op: "remove", path: "emails" })),
    ],
    ["a DELETE", ({ scim }, id) => scim.delete(`/Users/${id}`)],
    [
      "a change of somebody else into the address",
      async (tenant) => {
        const other = await provisioned(tenant, { userName: "other" });
        return tenant.scim.patch(`/Users/${other}`, patchOf({ op: "add", value: work(EXCLUDED) }));
      },
    ],
    [
      "a new userName of somebody else that is the address",
      async (tenant) => {
        const other = await provisioned(tenant, { userName: "other" });
        return tenant.scim.put(`/Users/${other}`, { userName: "BOSS@Example.com" });
      },
    ],
    [
      "a Bulk operation",
      async ({ scim }, id) => {
        const bulk = await scim.post("/Bulk", {
          schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
          Operations: [{ method: "DELETE", path: `/Users/${id}` }],
        });
        const [operation] = bulk.body["Operations"] as { status: string; response: Json }[];
        return { ...bulk, status: Number(operation?.status), body: operation?.response ?? {} };
      },
    ],
  ];
  for (const origin of ["manual", "scim"] as const) {
    it.each(refused)(`are safe from %s, ${origin} ones`, async (_what, request) => {
      const { tenant, id } = await withBoss(origin);
      const before = await get(tenant, id);
      const answer = await request(tenant, id);
      expect(answer.status, answer.text).toBe(403);
      expect(answer.body["detail"]).toContain("excludedEmails");
      expect(await get(tenant, id)).toEqual(before);
    });
  }

  it.each([
    ["externalId", { userName: "new@example.com", externalId: "b0" }],
    ["userName", { userName: "boss.upn@example.com" }],
  ])("are safe from a POST that would adopt or revive them by their %s", async (_key, body) => {
    for (const origin of ["manual", "scim"] as const) {
      const { tenant, id } = await withBoss(origin);
      if (origin === "scim") await ok(patch(tenant, id, { active: false }));
      // As if the identity provider had done it.
      await env.DB.prepare("UPDATE users SET deactivated_by_hand = NULL WHERE id = ?")
        .bind(id)
        .run();
      const before = await get(tenant, id);
      const answer = await tenant.scim.post("/Users", body);
      expect(answer.status, answer.text).toBe(403);
      expect(await get(tenant, id)).toEqual(before);
    }
  });

  it("are safe by their work address too where the email is the userName", async () => {
    const tenant = await mintTenant({ preset: "phishing" });
    const id = await provisioned(tenant, { userName: "boss.upn@example.com", ...work(EXCLUDED) });
    await tenant.change({ settings: { excludedEmails: [EXCLUDED] } });
    expect((await tenant.scim.patch(`/Users/${id}`, replace("title", "x"))).status).toBe(403);
    expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(403);
  });

  it("may be changed by administrators all the same", async () => {
    const { tenant, id } = await withBoss("manual");
    await ok(patch(tenant, id, { displayName: "The boss" }));
    await ok(patch(tenant, id, { active: false }));
    await ok(admin("DELETE", pathOf(tenant, `/${id}`)), 204);
  });
});

describe("the email of a person", () => {
  const address = (value: string, type = "work") => ({ value, type });
  const upn = "ana.upn@corp.example.com";
  /** A preset, and what each change makes of the email. */
  const stories: [string, "training" | "visitors" | "phishing", [Json, string, string][]][] = [
    [
      "is the mail, and the UPN only while there is none (A7)",
      "training",
      [
        [
          patchOf({ op: "add", path: "emails", value: [address("ana@example.com")] }),
          "ana@example.com",
          "work",
        ],
        [
          replace('emails[type eq "work"].value', "ana.ruiz@example.com"),
          "ana.ruiz@example.com",
          "work",
        ],
        [patchOf({ op: "remove", path: 'emails[type eq "work"]' }), upn, "userName"],
        [
          patchOf({ op: "Add", path: 'emails[type eq "work"].value', value: "back@example.com" }),
          "back@example.com",
          "work",
        ],
        [replace("userName", "other@corp.example.com"), "back@example.com", "work"],
        [
          patchOf({ op: "replace", path: "emails", value: [] }),
          "other@corp.example.com",
          "userName",
        ],
        [
          patchOf({ op: "add", path: "emails", value: [address("home@example.com", "home")] }),
          "home@example.com",
          "first",
        ],
      ],
    ],
    [
      "is the userName that is an email (B2)",
      "training",
      [
        [replace("userName", "ana.okta@example.com"), "ana.okta@example.com", "userName"],
        [replace("userName", "no-address"), "", "none"],
      ],
    ],
    [
      "follows a userName that is mapped from mail (C5, C7)",
      "visitors",
      [
        [replace("userName", "mail@example.com"), "mail@example.com", "userName"],
        [
          patchOf({ op: "add", path: "emails", value: [address("work@example.com")] }),
          "work@example.com",
          "work",
        ],
        [replace("displayName", "Ana"), "work@example.com", "work"],
      ],
    ],
    [
      "is the UPN whatever the mail says (D4)",
      "phishing",
      [
        [
          patchOf({ op: "add", path: "emails", value: [address("ana@example.com")] }),
          upn,
          "userName",
        ],
        [replace("userName", "new.upn@corp.example.com"), "new.upn@corp.example.com", "userName"],
      ],
    ],
  ];
  it.each(stories)("%s", async (_what, preset, steps) => {
    const tenant = await mintTenant({ preset });
    const id = await provisioned(tenant, { userName: upn });
    expect(await get(tenant, id)).toMatchObject({ email: upn, emailRule: "userName" });
    for (const [change, email, emailRule] of steps) {
      await ok(tenant.scim.patch(`/Users/${id}`, change));
      expect(await get(tenant, id)).toMatchObject({ email: email || null, emailRule });
      if (email === "") continue;
      expect(await list(tenant, `email=${email}`)).toMatchObject([{ id }]);
    }
  });

  it("is computed anew by a PUT that leaves the mail out", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await provisioned(tenant, { userName: upn, ...work("ana@example.com") });
    await ok(tenant.scim.put(`/Users/${id}`, { userName: upn }));
    expect(await get(tenant, id)).toMatchObject({ email: upn, emailRule: "userName" });
    await ok(tenant.scim.put(`/Users/${id}`, { userName: upn, ...work("new@example.com") }));
    expect(await get(tenant, id)).toMatchObject({ email: "new@example.com", emailRule: "work" });
  });
});
