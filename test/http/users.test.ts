import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import {
  admin,
  mintTenant,
  ORIGIN,
  SCIM_BASE,
  throughTheDoor,
  type MintedTenant,
} from "../mint-tenant.ts";
import { ENTERPRISE, filterOf, patchOf, type Answer, type Json } from "../scim-client.ts";
import { seedPeople } from "../seed-people.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";

/** As Entra's default mapping sends a person. */
const ana: Json = {
  schemas: [CORE, ENTERPRISE],
  externalId: "ana.ruiz",
  userName: "Ana.Ruiz@Example.com",
  name: { formatted: "Ana Ruiz", familyName: "Ruiz", givenName: "Ana" },
  displayName: "Ana Ruiz",
  title: "Nurse",
  preferredLanguage: "es-ES",
  active: true,
  emails: [{ value: "Ana@Example.com", type: "work", primary: true }],
  phoneNumbers: [{ value: "+34 600 000 000", type: "mobile", primary: false }],
  addresses: [{ locality: "Lugo", country: "ES", type: "work", primary: false }],
  [ENTERPRISE]: { employeeNumber: "42", department: "Retail", manager: { value: "someone" } },
};

const versionOf = (answer: Answer) => (answer.body["meta"] as Json)["version"];
const modifiedOf = (answer: Answer) => (answer.body["meta"] as Json)["lastModified"];
const namesIn = (answer: Answer) => answer.resources.map((user) => user["userName"]);

async function person(tenant: MintedTenant, fields: Json): Promise<string> {
  const made = await tenant.scim.post("/Users", fields);
  expect(made.status).toBe(201);
  return made.id;
}

async function enrolled(tenant: MintedTenant, fields: Json): Promise<string> {
  const made = await admin("POST", `/tenants/${tenant.slug}/users`, fields);
  expect(made.status).toBe(201);
  return made.id;
}

function expectError(answer: Answer, status: number, scimType?: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/scim+json");
  expect(answer.body["status"]).toBe(String(status));
  expect(answer.body["scimType"]).toBe(scimType);
}

const operationsOf = async (tenant: MintedTenant) =>
  (await rowsIn("changes", tenant.key))
    .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]))
    .map((change) => change["operation"])
    // Reads before SCIM has brought anybody.
    .filter((operation) => operation !== "token");

describe("POST /Users", () => {
  it("answers 201 with everything that was given, an id, meta, Location and ETag", async () => {
    const tenant = await mintTenant();
    const made = await tenant.scim.post("/Users", ana);
    expect(made.status).toBe(201);
    expect(made.headers.get("Content-Type")).toBe("application/scim+json");
    expect(made.headers.get("Location")).toBe(`${SCIM_BASE}/Users/${made.id}`);
    expect(made.headers.get("ETag")).toBe('W/"1"');
    expect(made.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(made.body).toEqual({
      ...ana,
      id: made.id,
      meta: {
        resourceType: "User",
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        lastModified: (made.body["meta"] as Json)["created"],
        location: `${SCIM_BASE}/Users/${made.id}`,
        version: 'W/"1"',
      },
    });
    const read = await tenant.scim.get(`/Users/${made.id}`);
    expect(read.body).toEqual(made.body);
    expect(read.headers.get("ETag")).toBe('W/"1"');
  });

  it("makes one resource that both base URLs serve, each with its own location", async () => {
    const tenant = await mintTenant();
    const base = `${ORIGIN}/api/v1/tenants/${tenant.slug}/scim/v2`;
    const own = tenant.through(throughTheDoor, { base });
    const made = await own.post("/Users", ana);
    expect(made.headers.get("Location")).toBe(`${base}/Users/${made.id}`);
    const read = await tenant.scim.get(`/Users/${made.id}`);
    expect(read.body["meta"]).toMatchObject({ location: `${SCIM_BASE}/Users/${made.id}` });
    expect((await own.patch(`/Users/${made.id}`, patchOf())).body["userName"]).toBe(
      ana["userName"],
    );
    expect((await own.get("/Users")).body["totalResults"]).toBe(1);
  });

  const tolerated: [string, Json, Json][] = [
    ["an unknown attribute", { favouriteColour: "green" }, {}],
    [
      "an unknown extension, which is kept",
      { "urn:acme:1.0:User": { a: [1] } },
      { "urn:acme:1.0:User": { a: [1] } },
    ],
    [
      "an unknown schema",
      { schemas: [CORE, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"] },
      {},
    ],
    ["no schemas", { schemas: undefined }, {}],
    ["empty lists", { roles: [], groups: [], emails: [] }, {}],
    ["nulls and empty texts", { title: null, nickName: "", name: { givenName: null } }, {}],
    ["an id and meta of its own", { id: "1", meta: { resourceType: "User", version: "9" } }, {}],
    ["active as a text", { active: "False" }, { active: false }],
    [
      "the manager as a text",
      { [ENTERPRISE]: { manager: "42" } },
      { [ENTERPRISE]: { manager: { value: "42" } } },
    ],
    ["names in other letters", { USERNAME: undefined, TITLE: "Nurse" }, { title: "Nurse" }],
  ];
  it.each(tolerated)("tolerates %s", async (_what, sent, expected) => {
    const tenant = await mintTenant();
    const made = await tenant.scim.post("/Users", { schemas: [CORE], userName: "ana", ...sent });
    expect(made.status).toBe(201);
    const { id, meta, schemas, ...rest } = made.body;
    expect(rest).toEqual({ userName: "ana", active: true, ...expected });
    expect(id).not.toBe("1");
    expect(schemas).toEqual([CORE, ...Object.keys(expected).filter((name) => name.includes(":"))]);
    expect(meta).toMatchObject({ version: 'W/"1"' });
  });

  it("drops a password: it is in no answer and in no row", async () => {
    const tenant = await mintTenant();
    const made = await tenant.scim.post("/Users", { userName: "ana", password: "canary-1mz050nq" });
    const patch = patchOf({ op: "replace", path: "password", value: "canary-again" });
    const patched = await tenant.scim.patch(`/Users/${made.id}`, patch);
    const replaced = await tenant.scim.put(`/Users/${made.id}`, {
      userName: "ana",
      password: "canary",
    });
    const rows = JSON.stringify([
      await tenantRows(tenant.key),
      await rowsIn("changes", tenant.key),
    ]);
    for (const text of [made.text, patched.text, replaced.text, rows]) {
      expect(text).not.toContain("canary");
    }
    expect([patched.status, replaced.status]).toEqual([200, 200]);
  });

  it("answers only what `attributes` asks for", async () => {
    const tenant = await mintTenant();
    const made = await tenant.scim.post("/Users?attributes=userName", ana);
    expect(Object.keys(made.body).sort()).toEqual(["id", "schemas", "userName"]);
  });

  it("refuses a userName that somebody has, in any letter case and any form of its accents", async () => {
    const tenant = await mintTenant();
    await person(tenant, { userName: "José@Example.com" });
    for (const userName of ["José@Example.com", "JOSÉ@EXAMPLE.COM", "Jose\u0301@example.com"]) {
      expectError(await tenant.scim.post("/Users", { userName }), 409, "uniqueness");
    }
    expect(await rowsIn("users", tenant.key)).toHaveLength(1);
  });

  it("takes one externalId for several people, since Entra sends mailNickname there", async () => {
    const tenant = await mintTenant();
    await person(tenant, { userName: "ana", externalId: "a" });
    await person(tenant, { userName: "ben", externalId: "a" });
    const found = await tenant.scim.get(`/Users?${filterOf('externalId eq "a"')}`);
    expect(found.body["totalResults"]).toBe(2);
  });

  it("answers 409 to an email that somebody has only where the tenant wants addresses unique", async () => {
    const emails = [{ value: "Shared@example.com", type: "work" }];
    const shared = await mintTenant();
    await person(shared, { userName: "ana", emails });
    await person(shared, { userName: "ben", emails });
    const unique = await mintTenant({ settings: { uniqueEmail: true } });
    await person(unique, { userName: "ana", emails });
    const again = await unique.scim.post("/Users", {
      userName: "ben",
      emails: ["shared@EXAMPLE.com"],
    });
    expectError(again, 409, "uniqueness");
    expect(again.body["detail"]).toContain("email");
  });

  it("refuses a resource of more than 256 KiB with 413, and takes one just below", async () => {
    const tenant = await mintTenant();
    const note = (bytes: number) => ({
      userName: "ana",
      "urn:acme:1.0:User": { note: "x".repeat(bytes) },
    });
    expectError(await tenant.scim.post("/Users", note(257 * 1024)), 413);
    const id = await person(tenant, note(250 * 1024));
    expectError(await tenant.scim.put(`/Users/${id}`, note(257 * 1024)), 413);
    const more = patchOf({ op: "add", path: "title", value: "x".repeat(10 * 1024) });
    expectError(await tenant.scim.patch(`/Users/${id}`, more), 413);
    expect(versionOf(await tenant.scim.get(`/Users/${id}`))).toBe('W/"1"');
  });
});

describe("GET /Users/{id}", () => {
  const projections: [string, string[]][] = [
    ["attributes=userName", ["userName"]],
    ["attributes=USERNAME, name.givenName", ["name", "userName"]],
    [`attributes=${ENTERPRISE}:department`, [ENTERPRISE]],
    [`attributes=${CORE}:title`, ["title"]],
    ["attributes=nothing", []],
    ["attributes=meta.version", ["meta"]],
    [
      "excludedAttributes=emails,name,addresses,phoneNumbers,meta,id,schemas",
      ["active", "displayName", "externalId", "preferredLanguage", "title", "userName", ENTERPRISE],
    ],
  ];
  it.each(projections)("?%s returns only that, and always id and schemas", async (query, names) => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const read = await tenant.scim.get(`/Users/${id}?${encodeURI(query)}`);
    expect(Object.keys(read.body).sort()).toEqual(["id", "schemas", ...names].sort());
  });

  it("shows the groups of a person, direct ones, unless they are not asked for", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, { userName: "ana" });
    const group = await tenant.scim.post("/Groups", {
      displayName: "Staff",
      members: [{ value: id }],
    });
    const groups = [
      {
        value: group.id,
        $ref: `${SCIM_BASE}/Groups/${group.id}`,
        display: "Staff",
        type: "direct",
      },
    ];
    expect((await tenant.scim.get(`/Users/${id}`)).body["groups"]).toEqual(groups);
    expect((await tenant.scim.get("/Users")).resources[0]?.["groups"]).toEqual(groups);
    const without = await tenant.scim.get(`/Users/${id}?excludedAttributes=groups`);
    expect(without.body).not.toHaveProperty("groups");
  });

  it("answers HEAD like GET, without a body", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const head = await tenant.scim.send("HEAD", `/Users/${id}`);
    expect([head.status, head.text, head.headers.get("ETag")]).toEqual([200, "", 'W/"1"']);
    expect((await tenant.scim.send("HEAD", "/Users/none")).status).toBe(404);
  });

  it("answers 304 while the version is the one that If-None-Match names", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    for (const tag of ['W/"1"', '"1"', "*", 'W/"7", W/"1"']) {
      const same = await tenant.scim.get(`/Users/${id}`, { "If-None-Match": tag });
      expect([same.status, same.text, same.headers.get("ETag")]).toEqual([304, "", 'W/"1"']);
    }
    await tenant.scim.patch(
      `/Users/${id}`,
      patchOf({ op: "replace", path: "title", value: "Doctor" }),
    );
    const newer = await tenant.scim.get(`/Users/${id}`, { "If-None-Match": 'W/"1"' });
    expect([newer.status, newer.headers.get("ETag")]).toEqual([200, 'W/"2"']);
  });
});

describe("If-Match", () => {
  const writes: [string, (tenant: MintedTenant, id: string, tag: string) => Promise<Answer>][] = [
    [
      "PUT",
      ({ scim }, id, tag) => scim.put(`/Users/${id}`, { userName: "eve" }, { "If-Match": tag }),
    ],
    [
      "PATCH",
      ({ scim }, id, tag) =>
        scim.patch(`/Users/${id}`, patchOf({ op: "replace", path: "title", value: "x" }), {
          "If-Match": tag,
        }),
    ],
    ["DELETE", ({ scim }, id, tag) => scim.delete(`/Users/${id}`, { "If-Match": tag })],
  ];
  it.each(writes)(
    "lets %s pass for the current version or *, and answers 412 otherwise",
    async (_method, write) => {
      const tenant = await mintTenant();
      const id = await person(tenant, ana);
      const before = await tenantRows(tenant.key);
      for (const tag of ['W/"2"', '"0"', 'W/"10", W/"11"', "W/1", ""]) {
        if (tag !== "") expectError(await write(tenant, id, tag), 412);
      }
      expect(await tenantRows(tenant.key)).toEqual(before);
      expect((await write(tenant, id, 'W/"9", W/"1"')).status).toBeLessThan(300);
      const other = await person(tenant, { userName: "other" });
      const first = await write(tenant, other, "*");
      expect(first.status === 409 || first.status < 300).toBe(true);
    },
  );
});

describe("PUT /Users/{id}", () => {
  it("replaces the whole resource: what is omitted is cleared, the enterprise extension included", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const replaced = await tenant.scim.put(`/Users/${id}`, { userName: "ana", title: "Doctor" });
    expect(replaced.status).toBe(200);
    expect(replaced.headers.get("ETag")).toBe('W/"2"');
    const { meta, ...rest } = replaced.body;
    expect(rest).toEqual({ schemas: [CORE], id, userName: "ana", title: "Doctor", active: true });
    expect(meta).toMatchObject({ location: `${SCIM_BASE}/Users/${id}` });
    expect((await tenant.scim.get(`/Users/${id}`)).body).toEqual(replaced.body);
  });

  it.each([true, false])(
    "leaves active as it is (%s) when the request omits it",
    async (active) => {
      const tenant = await mintTenant();
      const id = await person(tenant, { ...ana, active });
      expect((await tenant.scim.put(`/Users/${id}`, { userName: "ana" })).body["active"]).toBe(
        active,
      );
      const opposite = await tenant.scim.put(`/Users/${id}`, { userName: "ana", active: !active });
      expect(opposite.body["active"]).toBe(!active);
    },
  );

  it("leaves active as it is when a PATCH takes it away, and as the same PATCH has set it", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, { ...ana, active: true });
    const clear = { op: "replace", path: "active", value: null };
    const kept = await tenant.scim.patch(`/Users/${id}`, patchOf({ op: "remove", path: "active" }));
    expect(kept.body["active"]).toBe(true);
    const set = { op: "replace", path: "active", value: false };
    for (const last of [{ op: "remove", path: "active" }, clear]) {
      const left = await tenant.scim.patch(`/Users/${id}`, patchOf(set, last));
      expect(left.body["active"]).toBe(false);
    }
  });

  it("takes back what a GET gave, meta, groups and id included, and writes nothing", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    await tenant.scim.post("/Groups", { displayName: "Staff", members: [{ value: id }] });
    const read = await tenant.scim.get(`/Users/${id}`);
    const before = await tenantRows(tenant.key);
    const replaced = await tenant.scim.put(`/Users/${id}`, read.body);
    expect(replaced.body).toEqual(read.body);
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("changes the person of the URL, whatever id the body names", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, { userName: "ana" });
    const other = await person(tenant, { userName: "ben" });
    const replaced = await tenant.scim.put(`/Users/${id}`, { id: other, userName: "ana2" });
    expect(replaced.id).toBe(id);
    expect((await tenant.scim.get(`/Users/${other}`)).body["userName"]).toBe("ben");
  });

  it("refuses the name of somebody else and takes the person's own in other letters", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, { userName: "ana" });
    await person(tenant, { userName: "ben" });
    expectError(await tenant.scim.put(`/Users/${id}`, { userName: "BEN" }), 409, "uniqueness");
    expect((await tenant.scim.put(`/Users/${id}`, { userName: "ANA" })).body["userName"]).toBe(
      "ANA",
    );
    expect(namesIn(await tenant.scim.get(`/Users?${filterOf("userName eq ana")}`))).toEqual([
      "ANA",
    ]);
  });

  it("frees the old name", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, { userName: "ana" });
    await tenant.scim.put(`/Users/${id}`, { userName: "ana.married" });
    expect(await person(tenant, { userName: "ana" })).not.toBe(id);
  });
});

describe("PATCH /Users/{id}", () => {
  it("answers 200 with the resource, or with the attributes that are asked for", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const patch = patchOf({ op: "replace", path: "title", value: "Doctor" });
    const patched = await tenant.scim.patch(`/Users/${id}`, patch);
    expect(patched.status).toBe(200);
    expect(patched.body).toMatchObject({ ...ana, id, title: "Doctor" });
    expect(patched.headers.get("ETag")).toBe('W/"2"');
    const part = await tenant.scim.patch(`/Users/${id}?attributes=title`, patch);
    expect(Object.keys(part.body).sort()).toEqual(["id", "schemas", "title"]);
  });

  const noOps: [string, Json][] = [
    ["the value that is there", { op: "replace", path: "title", value: "Nurse" }],
    [
      "an address that is there",
      { op: "add", path: "emails", value: [{ value: "Ana@Example.com", type: "work" }] },
    ],
    ["the removal of what is not there", { op: "remove", path: "nickName" }],
    ["an attribute that nobody knows", { op: "replace", path: "shoeSize", value: "38" }],
    ["active as it is, in Entra's letters", { op: "Replace", path: "active", value: "True" }],
    ["a path-less value without news", { op: "replace", value: { title: "Nurse", id: "x" } }],
    ["a manager as it is", { op: "Add", path: `${ENTERPRISE}:manager`, value: "someone" }],
  ];
  it.each(noOps)("with %s keeps version, lastModified and every row", async (_what, operation) => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const read = await tenant.scim.get(`/Users/${id}`);
    const before = await tenantRows(tenant.key);
    const patched = await tenant.scim.patch(`/Users/${id}`, patchOf(operation));
    expect(patched.status).toBe(200);
    expect(patched.body).toEqual(read.body);
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("with no operations changes nothing", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const patched = await tenant.scim.patch(`/Users/${id}`, patchOf());
    expect([patched.status, versionOf(patched)]).toEqual([200, 'W/"1"']);
  });

  it("applies its operations in order and all or none", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const before = await tenantRows(tenant.key);
    const failing = patchOf(
      { op: "replace", path: "title", value: "Doctor" },
      { op: "replace", path: 'emails[value eq "nobody@example.com"].display', value: "x" },
    );
    expectError(await tenant.scim.patch(`/Users/${id}`, failing), 400, "noTarget");
    expect(await tenantRows(tenant.key)).toEqual(before);
    const inOrder = patchOf(
      { op: "replace", path: "title", value: "first" },
      { op: "remove", path: "title" },
      { op: "add", path: "title", value: "last" },
    );
    expect((await tenant.scim.patch(`/Users/${id}`, inOrder)).body["title"]).toBe("last");
  });

  it("raises version and lastModified, and never lets lastModified go back", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    await env.DB.prepare("UPDATE users SET updated_at = '2999-01-01T00:00:00.000Z' WHERE id = ?")
      .bind(id)
      .run();
    const patch = patchOf({ op: "replace", path: "title", value: "Doctor" });
    const patched = await tenant.scim.patch(`/Users/${id}`, patch);
    expect([versionOf(patched), modifiedOf(patched)]).toEqual([
      'W/"2"',
      "2999-01-01T00:00:00.000Z",
    ]);
    expect((await tenant.scim.get(`/Users/${id}`)).body).toEqual(patched.body);
  });

  it("keeps a person whose deactivation it is, with links to groups and department, and the same id", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await person(tenant, ana);
    const group = await tenant.scim.post("/Groups", {
      displayName: "Staff",
      members: [{ value: id }],
    });
    const off = patchOf({ op: "Replace", path: "active", value: "False" });
    expect((await tenant.scim.patch(`/Users/${id}`, off)).body["active"]).toBe(false);
    const found = await tenant.scim.get(`/Users?${filterOf('userName eq "ana.ruiz@example.com"')}`);
    expect(found.resources).toMatchObject([{ id, active: false, groups: [{ value: group.id }] }]);
    const [row] = await rowsIn("users", tenant.key);
    expect(row).toMatchObject({ active: 0, department_id: expect.any(String) });
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
      { users: 1, users_active: 0 },
    ]);
    const on = patchOf({ op: "replace", value: { active: true } });
    expect(await tenant.scim.patch(`/Users/${id}`, on)).toMatchObject({
      id,
      body: { active: true },
    });
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
      { users: 1, users_active: 1 },
    ]);
    expect(await operationsOf(tenant)).toEqual(["create", "create", "deactivate", "activate"]);
  });

  it("moves the look-up keys with the attributes", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const patch = patchOf(
      { op: "replace", path: "userName", value: "Ana.Gil@Example.com" },
      { op: "replace", path: 'emails[type eq "work"].value', value: "Gil@Example.com" },
      { op: "replace", path: "externalId", value: "gil" },
    );
    await tenant.scim.patch(`/Users/${id}`, patch);
    const finds = async (filter: string) =>
      (await tenant.scim.get(`/Users?${filterOf(filter)}`)).body["totalResults"];
    expect(await finds('userName eq "ANA.GIL@example.com"')).toBe(1);
    expect(await finds('emails[type eq "work"].value eq "gil@example.com"')).toBe(1);
    expect(await finds("externalId eq gil")).toBe(1);
    expect(await finds("userName eq ana.ruiz@example.com")).toBe(0);
    expect(await finds('emails[type eq "work"].value eq "ana@example.com"')).toBe(0);
    expect(await finds("externalId eq ana.ruiz")).toBe(0);
  });
});

describe("DELETE /Users/{id}", () => {
  it("answers 204 and from then on 404 to everything, while lists no longer hold the person", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const gone = await tenant.scim.delete(`/Users/${id}`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expectError(await tenant.scim.get(`/Users/${id}`), 404);
    expectError(await tenant.scim.put(`/Users/${id}`, { userName: "ana" }), 404);
    expectError(await tenant.scim.patch(`/Users/${id}`, patchOf()), 404);
    expectError(await tenant.scim.delete(`/Users/${id}`), 404);
    const found = await tenant.scim.get(`/Users?${filterOf('userName eq "ana.ruiz@example.com"')}`);
    expect(found.body).toMatchObject({ totalResults: 0, Resources: [] });
  });

  it("keeps the person apart, frees the names and takes the memberships away", async () => {
    const tenant = await mintTenant();
    const id = await person(tenant, ana);
    const group = await tenant.scim.post("/Groups", {
      displayName: "Staff",
      members: [{ value: id }],
    });
    await tenant.scim.delete(`/Users/${id}`);
    expect(await rowsIn("former_people", tenant.key)).toMatchObject([
      {
        id,
        user_name_key: "ana.ruiz@example.com",
        external_id: "ana.ruiz",
        email: "Ana@Example.com",
      },
    ]);
    expect(await rowsIn("group_members", tenant.key)).toEqual([]);
    expect((await tenant.scim.get(`/Groups/${group.id}`)).body["members"] ?? []).toEqual([]);
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
      { users: 0, users_active: 0, users_scim: 0, groups: 1 },
    ]);
    expect(await person(tenant, ana)).not.toBe(id);
    expectError(await tenant.scim.get(`/Users/${id}`), 404);
  });

  it("keeps apart the same name as often as it comes and goes, each the last one's successor", async () => {
    const tenant = await mintTenant();
    const predecessors: unknown[] = [];
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      const id = await person(tenant, { ...ana, userName: "ANA.Ruiz@example.com" });
      const [row] = await rowsIn("users", tenant.key);
      predecessors.push(row?.["predecessor_id"]);
      ids.push(id);
      await tenant.scim.delete(`/Users/${id}`);
    }
    expect(await rowsIn("former_people", tenant.key)).toHaveLength(3);
    expect(predecessors).toEqual([null, ids[0], ids[1]]);
  });

  it("leaves nothing personal in any table of the database where people are erased", async () => {
    const tenant = await mintTenant({ preset: "training", settings: { onDelete: "erase" } });
    const canary = "canaryPerson";
    const id = await person(tenant, {
      userName: `${canary}1@example.com`,
      externalId: `${canary}2`,
      displayName: `${canary}3`,
      emails: [{ value: `${canary}4@example.com`, type: "work" }],
      "urn:acme:1.0:User": { note: `${canary}5` },
    });
    await tenant.scim.post("/Groups", { displayName: "Staff", members: [{ value: id }] });
    await tenant.scim.patch(
      `/Users/${id}`,
      patchOf({ op: "add", path: "nickName", value: `${canary}6` }),
    );
    await tenant.scim.patch(
      `/Users/${id}`,
      patchOf(
        { op: "add", path: `${canary}7`, value: "x" },
        { op: "add", path: "title", value: "y" },
      ),
    );
    await tenant.scim.put(`/Users/${id}`, { userName: `${canary}8@example.com` });
    expectError(
      await tenant.scim.post("/Users", { userName: `${canary}8@example.com` }),
      409,
      "uniqueness",
    );
    expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(204);
    const { results: tables } = await env.DB.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*'",
    ).all<{ name: string }>();
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const { results } = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
      expect(JSON.stringify(results).toLowerCase(), name).not.toContain(canary.toLowerCase());
    }
    expect(await operationsOf(tenant)).toContain("delete");
    expect(await rowsIn("former_people", tenant.key)).toEqual([]);
  });
});

describe("GET /Users", () => {
  it("answers a whole ListResponse when there is nobody", async () => {
    const tenant = await mintTenant();
    const list = await tenant.scim.get("/Users?startIndex=1&count=2");
    expect(list.status).toBe(200);
    expect(list.body).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it("pages in the order of creation, whatever happens to people in between", async () => {
    const tenant = await mintTenant();
    const ids: string[] = [];
    for (let at = 0; at < 11; at++)
      ids.push(await person(tenant, { userName: `user-${(at * 7) % 11}` }));
    const seen: unknown[] = [];
    for (let startIndex = 1; startIndex <= 11; startIndex += 5) {
      const page = await tenant.scim.get(`/Users?startIndex=${startIndex}&count=5`);
      expect(page.body).toMatchObject({
        totalResults: 11,
        startIndex,
        itemsPerPage: Math.min(5, 12 - startIndex),
      });
      seen.push(...page.resources.map((user) => user["id"]));
      await tenant.scim.patch(
        `/Users/${ids[startIndex]}`,
        patchOf({ op: "add", path: "title", value: "x" }),
      );
    }
    expect(seen).toEqual(ids);
  });

  const pages: [string, { startIndex: number; itemsPerPage: number }][] = [
    ["startIndex=4&count=2", { startIndex: 4, itemsPerPage: 0 }],
    ["startIndex=1000000&count=2", { startIndex: 1_000_000, itemsPerPage: 0 }],
    ["startIndex=9007199254740991", { startIndex: Number.MAX_SAFE_INTEGER, itemsPerPage: 0 }],
    ["startIndex=0", { startIndex: 1, itemsPerPage: 3 }],
    ["startIndex=-5&count=2", { startIndex: 1, itemsPerPage: 2 }],
    ["count=0", { startIndex: 1, itemsPerPage: 0 }],
    ["count=-1", { startIndex: 1, itemsPerPage: 0 }],
    ["count=99999999999999999999", { startIndex: 1, itemsPerPage: 3 }],
    ["startIndex=3&count=1&aadOptscim062020", { startIndex: 3, itemsPerPage: 1 }],
    ["filter=title+pr&startIndex=1&count=0", { startIndex: 1, itemsPerPage: 0 }],
    ["filter=title+pr&startIndex=3", { startIndex: 3, itemsPerPage: 1 }],
    ["filter=title+pr&startIndex=9", { startIndex: 9, itemsPerPage: 0 }],
    [
      "filter=title+pr&startIndex=9007199254740991",
      { startIndex: Number.MAX_SAFE_INTEGER, itemsPerPage: 0 },
    ],
    ['filter=externalId+eq+"same"&count=0', { startIndex: 1, itemsPerPage: 0 }],
    ['filter=externalId+eq+"same"&count=2', { startIndex: 1, itemsPerPage: 2 }],
    ['filter=externalId+eq+"same"&startIndex=3&count=2', { startIndex: 3, itemsPerPage: 1 }],
    ['filter=externalId+eq+"same"&startIndex=7', { startIndex: 7, itemsPerPage: 0 }],
  ];
  it("answers every page with the exact total and what it really holds", async () => {
    const tenant = await mintTenant();
    for (const userName of ["ana", "ben", "cleo"]) {
      await person(tenant, { userName, title: "x", externalId: "same" });
    }
    for (const [query, expected] of pages) {
      const page = await tenant.scim.get(`/Users?${query}`);
      expect(page.status, query).toBe(200);
      expect(page.body, query).toMatchObject({ totalResults: 3, ...expected });
      expect(page.resources, query).toHaveLength(expected.itemsPerPage);
    }
  });

  it("gives 100 people unless asked, and never more than 200", async () => {
    const tenant = await mintTenant();
    await seedPeople(tenant.key, await person(tenant, { userName: "ana" }), 209);
    expect((await tenant.scim.get("/Users")).body).toMatchObject({
      itemsPerPage: 100,
      totalResults: 210,
    });
    expect((await tenant.scim.get("/Users?count=1000")).body).toMatchObject({ itemsPerPage: 200 });
    expect((await tenant.scim.get("/Users?startIndex=201&count=200")).body).toMatchObject({
      itemsPerPage: 10,
    });
  });

  const people: Json[] = [
    {
      userName: "ben",
      displayName: "Zoë",
      name: { familyName: "Äbel" },
      emails: ["b@x.org", { value: "a@x.org", primary: true }],
    },
    { userName: "Ana", displayName: "anton", name: { familyName: "zeta" }, emails: ["c@x.org"] },
    { userName: "cleo", displayName: "Berta" },
    { userName: "Dan", name: { familyName: "Alpha" }, active: false, emails: ["B@x.org"] },
  ];
  const sorts: [string, string[]][] = [
    ["sortBy=userName", ["Ana", "ben", "cleo", "Dan"]],
    ["sortBy=USERNAME&sortOrder=descending", ["Dan", "cleo", "ben", "Ana"]],
    ["sortBy=displayName", ["Ana", "cleo", "ben", "Dan"]],
    ["sortBy=displayName&sortOrder=descending", ["Dan", "ben", "cleo", "Ana"]],
    ["sortBy=name.familyName", ["Dan", "Ana", "ben", "cleo"]],
    ["sortBy=emails", ["ben", "Dan", "Ana", "cleo"]],
    ["sortBy=emails.value&sortOrder=DESCENDING", ["cleo", "Ana", "Dan", "ben"]],
    ["sortBy=active", ["Dan", "ben", "Ana", "cleo"]],
    ["sortBy=meta.created", ["ben", "Ana", "cleo", "Dan"]],
    ["sortBy=id&sortOrder=descending", ["Dan", "cleo", "Ana", "ben"]],
    ["sortBy=userName&startIndex=2&count=2", ["ben", "cleo"]],
    ["sortBy=userName&filter=displayName+pr", ["Ana", "ben", "cleo"]],
  ];
  it("sorts as asked: letters without case, no value last when ascending", async () => {
    const tenant = await mintTenant();
    for (const fields of people) await person(tenant, fields);
    for (const [query, names] of sorts) {
      expect(namesIn(await tenant.scim.get(`/Users?${query}`)), query).toEqual(names);
    }
  });

  const filters: [string, string[]][] = [
    ['userName eq "ANA"', ["Ana"]],
    ["userName eq ana", ["Ana"]],
    ['userName eq "7d420df3-9995-4831-a406-ecf8166f5f6a"', []],
    ["active eq false", ["Dan"]],
    ['active eq "False"', ["Dan"]],
    ['name.familyName eq "ÄBEL"', ["ben"]],
    ['displayName sw "ZO"', ["ben"]],
    ['displayName co "RT"', ["cleo"]],
    ['displayName ew "ë"', ["ben"]],
    ['displayName ne "berta"', ["ben", "Ana", "Dan"]],
    ["not (displayName pr)", ["Dan"]],
    ['emails eq "b@X.org"', ["ben", "Dan"]],
    ['emails.value co "x.ORG"', ["ben", "Ana", "Dan"]],
    ['emails[primary eq true and value sw "a"]', ["ben"]],
    ['emails[type eq "work"].value eq "a@x.org"', []],
    ['userName eq "ana" or userName eq "ben"', ["ben", "Ana"]],
    ['userName gt "ben" and (active eq true or displayName pr)', ["cleo"]],
    ['meta.created gt "2020-01-01T00:00:00Z"', ["ben", "Ana", "cleo", "Dan"]],
    ['meta.lastModified lt "2020-01-01T00:00:00+02:00"', []],
    ['userName eq "a\\"b"', []],
    [`${CORE}:userName eq "Ana"`, ["Ana"]],
    [`${ENTERPRISE}:department pr`, []],
    ['meta.resourceType eq "User"', ["ben", "Ana", "cleo", "Dan"]],
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:user"', ["ben", "Ana", "cleo", "Dan"]],
    [Array.from({ length: 50 }, (_, at) => `title eq "${at}"`).join(" or "), []],
    [`displayName co "${"x".repeat(200)}" or userName eq "dan"`, ["Dan"]],
  ];
  it("finds by filter exactly those who fit", async () => {
    const tenant = await mintTenant();
    for (const fields of people) await person(tenant, fields);
    for (const [filter, names] of filters) {
      const found = await tenant.scim.get(`/Users?${filterOf(filter)}`);
      expect(namesIn(found), filter).toEqual(names);
      expect(found.body["totalResults"], filter).toBe(names.length);
    }
  });

  it("reads + in a query as a space and %2B as a plus", async () => {
    const tenant = await mintTenant();
    await person(tenant, { userName: "ana+test@example.com" });
    const found = await tenant.scim.get("/Users?filter=userName+eq+%22ana%2Btest%40example.com%22");
    expect(found.body["totalResults"]).toBe(1);
  });

  it("finds a person by id and manager together, as Entra checks references", async () => {
    const tenant = await mintTenant();
    const boss = await person(tenant, { userName: "boss" });
    const id = await person(tenant, { userName: "ana", [ENTERPRISE]: { manager: boss } });
    const filter = (manager: string) =>
      tenant.scim.get(
        `/Users?${filterOf(`id eq "${id}" and ${ENTERPRISE}:manager eq "${manager}"`)}&attributes=id`,
      );
    expect((await filter(boss)).resources).toEqual([{ schemas: [CORE, ENTERPRISE], id }]);
    expect((await filter(id)).resources).toEqual([]);
  });
});

describe("adoption and reactivation (preset training)", () => {
  const mint = () => mintTenant({ preset: "training" });
  const WORK = 'emails[type eq "work"].value eq "ana@example.com"';

  it("shows a person enrolled by hand to every look-up", async () => {
    const tenant = await mint();
    const id = await enrolled(tenant, { email: "Ana@example.com", givenName: "Ana" });
    expect((await tenant.scim.get(`/Users?${filterOf(WORK)}`)).resources).toMatchObject([{ id }]);
    expect((await tenant.scim.get(`/Users/${id}`)).status).toBe(200);
    expect((await tenant.scim.get("/Users")).body["totalResults"]).toBe(1);
  });

  it.each(["put", "patch"] as const)(
    "adopts an enrolled person by the first %s, also one that says nothing new",
    async (verb) => {
      const tenant = await mint();
      const id = await enrolled(tenant, { email: "ana@example.com", givenName: "Ana" });
      const { body } = await tenant.scim.get(`/Users/${id}`);
      const answer = await tenant.scim[verb](`/Users/${id}`, verb === "put" ? body : patchOf());
      expect(answer.status).toBe(200);
      expect(await rowsIn("users", tenant.key)).toMatchObject([
        { id, origin: "scim", adopted_by: "id", adopted_at: expect.any(String) },
      ]);
      expect(await operationsOf(tenant)).toEqual(["create", "adopt"]);
      const again = await tenant.scim[verb](`/Users/${id}`, verb === "put" ? body : patchOf());
      expect(versionOf(again)).toBe(versionOf(answer));
      expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
        { users: 1, users_scim: 1 },
      ]);
    },
  );

  it("adopts by a POST whose email fits, keeps the id and what the request does not name", async () => {
    const tenant = await mint();
    const id = await enrolled(tenant, {
      email: "ana@example.com",
      givenName: "Ana",
      familyName: "Ruiz",
      displayName: "Ana by hand",
      department: "Retail",
    });
    const made = await tenant.scim.post("/Users", {
      userName: "a.ruiz@corp.example.com",
      externalId: "e1",
      name: { givenName: "Anna" },
      emails: [{ value: "ANA@example.com", type: "work" }],
      [ENTERPRISE]: { employeeNumber: "42" },
    });
    expect([made.status, made.id]).toEqual([201, id]);
    expect(made.headers.get("Location")).toBe(`${SCIM_BASE}/Users/${id}`);
    expect(made.body).toMatchObject({
      userName: "a.ruiz@corp.example.com",
      name: { givenName: "Anna", familyName: "Ruiz" },
      displayName: "Ana by hand",
      [ENTERPRISE]: { department: "Retail", employeeNumber: "42" },
    });
    expect((await tenant.scim.get(`/Users/${id}`)).body).toEqual(made.body);
    expect(await rowsIn("users", tenant.key)).toMatchObject([
      { id, origin: "scim", adopted_by: "email" },
    ]);
  });

  it("never adopts a person of another tenant", async () => {
    const [here, there] = [await mint(), await mint()];
    const id = await enrolled(there, { email: "ana@example.com" });
    const before = await tenantRows(there.key);
    expect(await person(here, { userName: "ana@example.com" })).not.toBe(id);
    expect(await tenantRows(there.key)).toEqual(before);
  });

  it("refuses a POST that fits several people and names the keys", async () => {
    const tenant = await mint();
    await enrolled(tenant, { email: "ana@example.com" });
    await enrolled(tenant, { email: "other@example.com", userName: "aruiz" });
    const before = await tenantRows(tenant.key);
    const refused = await tenant.scim.post("/Users", {
      userName: "aruiz",
      emails: [{ value: "ana@example.com", type: "work" }],
    });
    expectError(refused, 409, "uniqueness");
    expect(refused.body["detail"]).toMatch(/email.*userName|userName.*email/);
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("does not delete somebody whom it never adopted, and deletes them once adopted", async () => {
    const tenant = await mint();
    const id = await enrolled(tenant, { email: "ana@example.com" });
    const before = await tenantRows(tenant.key);
    expectError(await tenant.scim.delete(`/Users/${id}`), 403);
    expect(await tenantRows(tenant.key)).toEqual(before);
    await tenant.scim.patch(`/Users/${id}`, patchOf());
    expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(204);
  });

  it.each([
    ["userName", { userName: "ANA@example.com" }],
    ["externalId", { userName: "other@example.com", externalId: "e1" }],
    ["email", { userName: "other", emails: [{ value: "Ana@example.com", type: "work" }] }],
  ])(
    "reactivates an inactive person by a POST with the same %s: 201, same id, whole resource replaced",
    async (_key, body) => {
      const tenant = await mint();
      const id = await person(tenant, {
        userName: "ana@example.com",
        externalId: "e1",
        title: "Nurse",
        emails: [{ value: "ana@example.com", type: "work" }],
      });
      const group = await tenant.scim.post("/Groups", {
        displayName: "Staff",
        members: [{ value: id }],
      });
      await tenant.scim.patch(`/Users/${id}`, patchOf({ op: "replace", value: { active: false } }));
      const made = await tenant.scim.post("/Users", body);
      expect([made.status, made.id, made.body["active"]]).toEqual([201, id, true]);
      expect(made.body).not.toHaveProperty("title");
      expect(made.body["groups"]).toMatchObject([{ value: group.id }]);
      expect((await tenant.scim.get(`/Users/${id}`)).body).toEqual(made.body);
      expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([
        { users: 1, users_active: 1 },
      ]);
      expect(await operationsOf(tenant)).toContain("reactivate");
    },
  );

  it("writes nothing for a POST that says of an inactive person what is there", async () => {
    const tenant = await mint();
    const body = { userName: "ana@example.com", externalId: "e1", active: false };
    const made = await tenant.scim.post("/Users", body);
    const before = await tenantRows(tenant.key);
    const again = await tenant.scim.post("/Users", body);
    expect([again.status, again.body]).toEqual([201, made.body]);
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("sees who has the userName among many who share the externalId", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const shared = { externalId: "nick" };
    for (let at = 0; at < 12; at++) {
      await person(tenant, { userName: `n${at}@example.com`, ...shared });
    }
    await person(tenant, { userName: "zoe@example.com", ...shared });
    await tenant.scim.patch(
      `/Users/${await person(tenant, { userName: "gone@example.com", ...shared })}`,
      patchOf({ op: "replace", path: "active", value: false }),
    );
    const again = await tenant.scim.post("/Users", { userName: "zoe@example.com", ...shared });
    expectError(again, 409, "uniqueness");
  });

  it("answers 409 to a POST for an active person", async () => {
    const tenant = await mint();
    await person(tenant, { userName: "ana@example.com" });
    expectError(
      await tenant.scim.post("/Users", { userName: "ana@example.com" }),
      409,
      "uniqueness",
    );
    const sameEmail = { userName: "other", emails: [{ value: "ana@example.com", type: "work" }] };
    expectError(await tenant.scim.post("/Users", sameEmail), 409, "uniqueness");
  });

  it("leaves somebody alone whom an administrator deactivated by hand", async () => {
    const tenant = await mint();
    const id = await person(tenant, { userName: "ana@example.com" });
    await tenant.scim.patch(`/Users/${id}`, patchOf({ op: "replace", value: { active: false } }));
    await env.DB.prepare("UPDATE users SET deactivated_by_hand = 1 WHERE id = ?").bind(id).run();
    const before = await tenantRows(tenant.key);
    expectError(
      await tenant.scim.post("/Users", { userName: "ana@example.com" }),
      409,
      "uniqueness",
    );
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("looks at the userName alone where the product does (preset phishing)", async () => {
    const tenant = await mintTenant({ preset: "phishing" });
    await enrolled(tenant, { email: "ana@example.com" });
    const made = await tenant.scim.post("/Users", {
      userName: "ben@example.com",
      emails: [{ value: "ana@example.com", type: "work" }],
    });
    expect(made.status).toBe(201);
    expect(await rowsIn("users", tenant.key)).toHaveLength(2);
  });
});

describe("without adoption (preset generic)", () => {
  it("keeps people enrolled by hand out of sight and out of the totals", async () => {
    const tenant = await mintTenant();
    const id = await enrolled(tenant, { email: "ana@example.com" });
    await person(tenant, { userName: "ben" });
    expectError(await tenant.scim.get(`/Users/${id}`), 404);
    expectError(await tenant.scim.put(`/Users/${id}`, { userName: "x" }), 404);
    expectError(await tenant.scim.patch(`/Users/${id}`, patchOf()), 404);
    expectError(await tenant.scim.delete(`/Users/${id}`), 404);
    for (const query of [
      "",
      "?filter=userName+pr",
      "?filter=userName+eq+ana@example.com+or+userName+eq+ben",
    ]) {
      const list = await tenant.scim.get(`/Users${query}`);
      expect(list.body["totalResults"]).toBe(1);
      expect(namesIn(list)).toEqual(["ben"]);
    }
    const group = await tenant.scim.post("/Groups", { displayName: "g", members: [{ value: id }] });
    expect(group.body["members"] ?? []).toEqual([]);
    expectError(
      await tenant.scim.post("/Users", { userName: "ana@example.com" }),
      409,
      "uniqueness",
    );
  });

  it("answers 409 to a POST for an inactive person", async () => {
    const tenant = await mintTenant();
    await person(tenant, { userName: "ana", active: false });
    expectError(await tenant.scim.post("/Users", { userName: "ANA" }), 409, "uniqueness");
  });
});

describe("people whom SCIM must not touch (excludedEmails)", () => {
  it("are refused with the reason by every write, by address and by userName", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await person(tenant, {
      userName: "boss",
      emails: [{ value: "Boss@example.com", type: "work" }],
    });
    const other = await person(tenant, { userName: "ana" });
    await tenant.change({ settings: { excludedEmails: ["boss@EXAMPLE.com"] } });
    const before = await tenantRows(tenant.key);
    const answers = [
      await tenant.scim.put(`/Users/${id}`, { userName: "boss" }),
      await tenant.scim.patch(
        `/Users/${id}`,
        patchOf({ op: "replace", path: "active", value: false }),
      ),
      await tenant.scim.delete(`/Users/${id}`),
      await tenant.scim.post("/Users", { userName: "BOSS@example.com" }),
      await tenant.scim.patch(
        `/Users/${other}`,
        patchOf({ op: "replace", path: "userName", value: "boss@example.com" }),
      ),
    ];
    for (const answer of answers) {
      expectError(answer, 403);
      expect(answer.body["detail"]).toContain("excludedEmails");
    }
    expect(await tenantRows(tenant.key)).toEqual(before);
  });
});

describe("departments from the attribute", () => {
  const departmentsOf = async (tenant: MintedTenant) => rowsIn("departments", tenant.key);
  const withDepartment = (userName: string, department: string): Json => ({
    userName,
    [ENTERPRISE]: { department },
  });

  it("are made once for each name, whatever its letters, and linked to people", async () => {
    const tenant = await mintTenant({ preset: "training" });
    await person(tenant, withDepartment("ana", "Élite Retail"));
    await person(tenant, withDepartment("ben", " ÉLITE retail "));
    await person(tenant, withDepartment("cleo", "Logistics"));
    const departments = await departmentsOf(tenant);
    expect(departments.map((one) => one["name"]).sort()).toEqual(["Logistics", "Élite Retail"]);
    const links = (await rowsIn("users", tenant.key)).map((user) => user["department_id"]);
    expect(new Set(links).size).toBe(2);
    expect(links).not.toContain(null);
  });

  it("are left and joined with the attribute", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await person(tenant, withDepartment("ana", "Retail"));
    const nameOf = async () => {
      const [user] = await rowsIn("users", tenant.key);
      const found = (await departmentsOf(tenant)).find(
        (one) => one["id"] === user?.["department_id"],
      );
      return found?.["name"];
    };
    expect(await nameOf()).toBe("Retail");
    const path = `${ENTERPRISE}:department`;
    await tenant.scim.patch(`/Users/${id}`, patchOf({ op: "Replace", path, value: "Logistics" }));
    expect(await nameOf()).toBe("Logistics");
    await tenant.scim.patch(`/Users/${id}`, patchOf({ op: "Replace", path, value: "" }));
    expect(await nameOf()).toBeUndefined();
    await tenant.scim.put(`/Users/${id}`, withDepartment("ana", "Retail"));
    expect(await nameOf()).toBe("Retail");
    expect(await departmentsOf(tenant)).toHaveLength(2);
  });

  it("come back with their id when the name comes back", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const id = await person(tenant, withDepartment("ana", "Retail"));
    await tenant.scim.put(`/Users/${id}`, { userName: "ana" });
    await env.DB.prepare(
      "UPDATE departments SET orphaned_at = 'x', retired_at = 'x' WHERE tenant_key = ?",
    )
      .bind(tenant.key)
      .run();
    const [before] = await departmentsOf(tenant);
    await tenant.scim.put(`/Users/${id}`, withDepartment("ana", "RETAIL"));
    expect(await departmentsOf(tenant)).toMatchObject([
      { id: before?.["id"], name: "Retail", orphaned_at: null, retired_at: null },
    ]);
  });

  it("are not made where the tenant ignores the attribute", async () => {
    const tenant = await mintTenant();
    await person(tenant, withDepartment("ana", "Retail"));
    expect(await departmentsOf(tenant)).toEqual([]);
  });
});
