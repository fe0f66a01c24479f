import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { mintToken } from "../../src/tenancy/token.ts";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, SCIM_BASE, throughTheDoor } from "../mint-tenant.ts";
import {
  ENTERPRISE,
  filterOf,
  patchOf,
  readAnswer,
  type Answer,
  type ScimClient,
} from "../scim-client.ts";
import { tenantRows } from "../tenant-rows.ts";

const baseOf = (slug: string) => `${ORIGIN}/api/v1/tenants/${slug}/scim/v2`;

/** A tenant with a person, a group and a department that all hold its canary. */
async function inhabited(preset: "generic" | "training" = "generic") {
  const tenant = await mintTenant({ preset });
  const canary = `canary-of-${tenant.slug}-`;
  const person = await tenant.scim.post("/Users", {
    userName: `${canary}ana@example.com`,
    externalId: `${canary}external`,
    displayName: `${canary}display`,
    emails: [{ value: `${canary}mail@example.com`, type: "work" }],
    [ENTERPRISE]: { department: `${canary}department` },
  });
  const group = await tenant.scim.post("/Groups", {
    displayName: `${canary}group`,
    members: [{ value: person.id }],
  });
  expect([person.status, group.status]).toEqual([201, 201]);
  return { tenant, scim: tenant.scim, canary, person: person.id, group: group.id };
}

/** An answer without what differs from one request to the next. */
function bytesOf(answer: Answer, ...ids: readonly string[]): unknown {
  const headers = [...answer.headers.entries()].filter(([name]) => name !== "x-request-id");
  return [
    answer.status,
    headers,
    ids.reduce((text, id) => text.replaceAll(id, "{id}"), answer.text),
  ];
}

describe("ids of another tenant", () => {
  const requests: [string, (scim: ScimClient, id: string, own: string) => Promise<Answer>][] = [
    ["GET /Users/{id}", (scim, id) => scim.get(`/Users/${id}`)],
    ["PUT /Users/{id}", (scim, id) => scim.put(`/Users/${id}`, { userName: "x" })],
    [
      "PATCH /Users/{id}",
      (scim, id) =>
        scim.patch(`/Users/${id}`, patchOf({ op: "replace", path: "active", value: false })),
    ],
    ["DELETE /Users/{id}", (scim, id) => scim.delete(`/Users/${id}`)],
    ["GET /Groups/{id}", (scim, id) => scim.get(`/Groups/${id}`)],
    ["PUT /Groups/{id}", (scim, id) => scim.put(`/Groups/${id}`, { displayName: "x" })],
    [
      "PATCH /Groups/{id}",
      (scim, id) => scim.patch(`/Groups/${id}`, patchOf({ op: "remove", path: "members" })),
    ],
    [
      "PATCH /Groups/{id} with a member",
      (scim, id) =>
        scim.patch(
          `/Groups/${id}`,
          patchOf({ op: "add", path: "members", value: [{ value: "x" }] }),
        ),
    ],
    ["DELETE /Groups/{id}", (scim, id) => scim.delete(`/Groups/${id}`)],
    ["GET /Users?filter=id", (scim, id) => scim.get(`/Users?${filterOf(`id eq "${id}"`)}`)],
    [
      "GET /Users?filter=manager",
      (scim, id) => scim.get(`/Users?${filterOf(`${ENTERPRISE}:manager eq "${id}"`)}`),
    ],
    [
      "GET /Groups?filter=members",
      (scim, id) => scim.get(`/Groups?${filterOf(`members.value eq "${id}"`)}`),
    ],
    [
      "GET /Users?filter=groups",
      (scim, id) => scim.get(`/Users?${filterOf(`groups.value eq "${id}"`)}`),
    ],
    [
      "a member",
      (scim, id, own) =>
        scim.patch(
          `/Groups/${own}?attributes=members`,
          patchOf({ op: "add", path: "members", value: [{ value: id }] }),
        ),
    ],
  ];

  it.each(requests)(
    "are answered by %s with the same bytes as ids of nobody",
    async (_name, request) => {
      const [here, there] = [await inhabited(), await inhabited()];
      const before = await tenantRows(there.tenant.key);
      const nobody = "01a2021b-0000-7000-8000-000000000000";
      const asked = here.tenant.through(callWorker());
      const unknown = bytesOf(await request(asked, nobody, here.group), nobody, here.group);
      for (const id of [there.person, there.group]) {
        expect(bytesOf(await request(asked, id, here.group), id, here.group)).toEqual(unknown);
      }
      expect(await tenantRows(there.tenant.key)).toEqual(before);
    },
  );

  it("join no group, by POST and PUT neither", async () => {
    const [here, there] = [await inhabited(), await inhabited()];
    const members = [{ value: there.person }, { value: there.group }];
    const made = await here.scim.post("/Groups", { displayName: "x", members });
    expect(made.body["members"] ?? []).toEqual([]);
    const put = await here.scim.put(`/Groups/${here.group}`, { displayName: "x2", members });
    expect(put.body["members"] ?? []).toEqual([]);
    expect((await there.scim.get(`/Users/${there.person}`)).body["groups"]).toHaveLength(1);
  });
});

describe("names of another tenant", () => {
  it("are free here, all of them, and nothing here changes there", async () => {
    const [here, there] = [await inhabited("training"), await inhabited("training")];
    const before = await tenantRows(there.tenant.key);
    const person = await there.scim.get(`/Users/${there.person}?excludedAttributes=groups`);
    const same = await here.scim.post("/Users", person.body);
    expect(same.status).toBe(201);
    expect(same.id).not.toBe(there.person);
    const group = await here.scim.post("/Groups", { displayName: `${there.canary}group` });
    expect(group.status).toBe(201);
    await here.scim.delete(`/Users/${same.id}`);
    await here.scim.delete(`/Groups/${group.id}`);
    expect(await tenantRows(there.tenant.key)).toEqual(before);
  });

  it("are found by no filter and counted by no total", async () => {
    const [here, there] = [await inhabited(), await inhabited()];
    const filters = [
      `userName eq "${there.canary}ana@example.com"`,
      `userName sw "${there.canary}"`,
      `externalId eq "${there.canary}external"`,
      `emails[type eq "work"].value eq "${there.canary}mail@example.com"`,
      `emails.value co "${there.canary}"`,
      `displayName co "${there.canary}"`,
      `${ENTERPRISE}:department eq "${there.canary}department"`,
      `groups.display eq "${there.canary}group"`,
    ];
    for (const filter of filters) {
      const found = await here.scim.get(`/Users?${filterOf(filter)}`);
      expect([filter, found.status, found.body["totalResults"]]).toEqual([filter, 200, 0]);
      expect((await there.scim.get(`/Users?${filterOf(filter)}`)).body["totalResults"]).toBe(1);
    }
    expect((await here.scim.get("/Users?filter=userName+pr")).body["totalResults"]).toBe(1);
    expect((await here.scim.get("/Users")).body["totalResults"]).toBe(1);
  });
});

describe("a tenant's own URL", () => {
  it("takes its own tokens alone, and says the same to a foreign one as to an unknown one", async () => {
    const [here, there] = [await mintTenant(), await mintTenant()];
    const unknown = mintToken(crypto.getRandomValues(new Uint8Array(32)));
    const ask = (slug: string, token: string) =>
      here.through(throughTheDoor, { base: baseOf(slug), token }).get("/Users");
    expect((await ask(here.slug, here.token)).status).toBe(200);
    const refused = bytesOf(await ask(here.slug, unknown));
    expect((refused as unknown[])[0]).toBe(401);
    const others = [
      await ask(there.slug, here.token),
      await ask("no-such-tenant", here.token),
      await ask(here.slug.toUpperCase(), here.token),
      await ask(`${here.slug}%20`, here.token),
      await ask(`%6d${here.slug.slice(1)}`, here.token),
    ];
    for (const answer of others) expect(bytesOf(answer)).toEqual(refused);
  });
});

describe("the spelling of a path", () => {
  const spellings = [
    "/api/v1/scim/v2/Users",
    "/api/v1/scim/v2/users/",
    "//api//v1//scim//v2//Users",
    "/api/v1/scim/v2//Users//",
    "/api/v1/scim/v2/%55sers",
    "/api/v1/scim/v2/Users%2f",
    "/api/v1/scim/v2%2fUsers",
    "/api/v1%2fscim%2fv2%2fUsers",
    "/%61pi/v1/scim/v2/Users",
    "/api/v1/scim/v2/./Users",
    "/api/v1/scim/v2/%2e/Users",
    "/api/v1/scim/v2/x/%2e%2e/Users",
    "/api/v1/admin/../scim/v2/Users",
    "/api/v1/admin/%2e%2e/scim/v2/Users",
    "/api/v1/admin%2f..%2fscim/v2/Users",
    "/healthz/../api/v1/scim/v2/Users",
    "/healthz%2f..%2fapi/v1/scim/v2/Users",
    "/API/V1/SCIM/V2/USERS",
    "/api/v1/scim/v2/Users;x=1",
    "/api/v1/scim/v2/Users%00",
    "/api/v1/scim/v2/Users%20",
    "/api/v1/scim/v2/Users%3f",
    "/api/v1/scim/v2/Users#x",
    "/api/v1/scim/v2/Users?/healthz",
    "/api/v1/scim/v2\\Users",
    "/api/v1/scim/v2/%252e%252e/Users",
    "/api/v1/scim/v2/ＵＳＥＲＳ",
    "/api/v1/tenants//scim/v2/Users",
    "/api/v1/tenants/%2e%2e/scim/v2/Users",
    "/api/v1/tenants/../scim/v2/Users",
    "/api/v1/tenants/a%2fb/scim/v2/Users",
  ];

  it.each(spellings)("gets nobody past authentication: %s", async (path) => {
    for (const method of ["GET", "POST", "HEAD", "OPTIONS", "PURGE"]) {
      const response = await throughTheDoor(new Request(`${ORIGIN}${path}`, { method }));
      expect([method, response.status]).toEqual([method, 401]);
    }
  });

  it.each(spellings)("leads a token to its own tenant or nowhere: %s", async (path) => {
    const tenant = await mintTenant();
    const made = await tenant.scim.post("/Users", { userName: `only-in-${tenant.slug}` });
    expect(made.status).toBe(201);
    const headers = { Authorization: `Bearer ${tenant.token}` };
    const answer = await readAnswer(
      await throughTheDoor(new Request(`${ORIGIN}${path}`, { headers })),
    );
    expect([200, 401, 404]).toContain(answer.status);
    if (answer.status === 200) expect(answer.resources.map(({ id }) => id)).toEqual([made.id]);
  });

  it.each([
    "//Users",
    "/Users/",
    "/users",
    "/USERS",
    "/Users?aadOptscim062020",
    "//Users//?aadOptscim062020",
  ])("is forgiven where clients get it wrong: …/v2%s", async (path) => {
    const tenant = await mintTenant();
    for (const base of [SCIM_BASE, baseOf(tenant.slug)]) {
      expect((await tenant.through(throughTheDoor, { base }).get(path)).status).toBe(200);
    }
  });

  it("opens neither room to the key of the other one", async () => {
    const tenant = await mintTenant();
    const asScim = await readAnswer(
      await throughTheDoor(
        new Request(`${ORIGIN}/api/v1/admin/tenants`, {
          headers: { Authorization: `Bearer ${tenant.token}` },
        }),
      ),
    );
    expect(asScim.status).toBe(401);
    expect((await admin("GET", "/../scim/v2/Users")).status).toBe(401);
  });
});

describe("tenants of one database", () => {
  it("keep every row apart by the tenant's number", async () => {
    const { results } = await env.DB.prepare(
      `SELECT count(*) AS stray FROM group_members AS m WHERE NOT EXISTS
         (SELECT 1 FROM groups WHERE tenant_key = m.tenant_key AND id = m.group_id)
       OR NOT EXISTS (SELECT 1 FROM users WHERE tenant_key = m.tenant_key AND id = m.member_id
         UNION ALL SELECT 1 FROM groups WHERE tenant_key = m.tenant_key AND id = m.member_id)`,
    ).all();
    expect(results).toEqual([{ stray: 0 }]);
  });
});
