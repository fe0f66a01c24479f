import { describe, expect, it } from "vitest";

import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { filterOf, patchOf, type Json } from "../scim-client.ts";

const BADGE = "urn:example:scim:schemas:Badge";
const ACCESS = "urn:example:scim:schemas:extension:Access";
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const BADGE_SCHEMA: Json = {
  name: "Badge",
  description: "Opens doors.",
  attributes: [
    { name: "number", type: "integer", required: true, uniqueness: "server" },
    { name: "label", type: "string" },
    { name: "code", type: "string", caseExact: true },
    { name: "printedAt", type: "dateTime", mutability: "immutable" },
    { name: "lost", type: "boolean" },
    { name: "pin", type: "string", mutability: "writeOnly", returned: "never" },
    { name: "secret", type: "string", returned: "never" },
    { name: "note", type: "string", returned: "request" },
    { name: "serial", type: "string", returned: "always" },
    { name: "uses", type: "integer", mutability: "readOnly" },
    { name: "weight", type: "decimal" },
    {
      name: "doors",
      type: "complex",
      multiValued: true,
      subAttributes: [
        { name: "value", type: "string" },
        { name: "type", type: "string", canonicalValues: ["inside", "outside"] },
        { name: "primary", type: "boolean" },
      ],
    },
  ],
};

const BADGE_TYPE: Json = { endpoint: "/Badges", description: "Badges.", schema: BADGE };

async function badges(): Promise<MintedTenant> {
  const tenant = await mintTenant();
  const schema = await admin("PUT", `/tenants/${tenant.slug}/schemas/${BADGE}`, BADGE_SCHEMA);
  expect(schema.status, schema.text).toBe(200);
  const type = await admin("PUT", `/tenants/${tenant.slug}/resource-types/Badge`, BADGE_TYPE);
  expect(type.status, type.text).toBe(200);
  return tenant;
}

const badge = (fields: Json): Json => ({ schemas: [BADGE], ...fields });

describe("a resource type of the tenant's own", () => {
  it("is created, read, replaced, patched, listed and deleted by the same routes as people", async () => {
    const { scim } = await badges();
    const created = await scim.post("/Badges", badge({ number: 7, label: "North", pin: "1234" }));
    expect(created.status, created.text).toBe(201);
    expect(created.headers.get("Location")).toBe(
      `https://scim.example.com/api/v1/scim/v2/Badges/${created.id}`,
    );
    expect(created.body).toMatchObject({
      schemas: [BADGE],
      number: 7,
      label: "North",
      meta: { resourceType: "Badge", version: 'W/"1"' },
    });
    expect(created.text).not.toContain("1234");

    const replaced = await scim.put(`/Badges/${created.id}`, badge({ number: 8 }));
    expect(replaced.body).not.toHaveProperty("label");
    const patched = await scim.patch(
      `/badges/${created.id}`,
      patchOf({ op: "add", path: 'doors[type eq "outside"].value', value: "Gate" }),
    );
    expect(patched.body["doors"]).toEqual([{ value: "Gate", type: "outside" }]);
    expect((await scim.get("/Badges")).body).toMatchObject({ totalResults: 1, itemsPerPage: 1 });
    expect((await scim.delete(`/Badges/${created.id}`)).status).toBe(204);
    expect((await scim.get(`/Badges/${created.id}`)).status).toBe(404);
  });

  it("is filtered and sorted by every type of attribute", async () => {
    const { scim } = await badges();
    const doors = [{ value: "Gate", type: "outside" }];
    await scim.post("/Badges", badge({ number: 2, label: "Éire", code: "a", weight: 1.5, doors }));
    await scim.post("/Badges", badge({ number: 10, label: "north", code: "A", lost: true }));
    const found = async (filter: string) =>
      (await scim.get(`/Badges?${filterOf(filter)}&sortBy=number`)).resources.map(
        (resource) => resource["number"],
      );
    expect(await found("number gt 5")).toEqual([10]);
    expect(await found("number eq 2")).toEqual([2]);
    expect(await found('label eq "ÉIRE"')).toEqual([2]);
    expect(await found('code eq "A"')).toEqual([10]);
    expect(await found("lost eq true")).toEqual([10]);
    expect(await found("not (lost eq true)")).toEqual([2]);
    expect(await found("weight le 1.5")).toEqual([2]);
    expect(await found('doors[type eq "outside" and value sw "g"]')).toEqual([2]);
    expect(await found('doors.value eq "gate"')).toEqual([2]);
    expect(await found(`${BADGE}:label pr`)).toEqual([2, 10]);
    expect(await found('meta.resourceType eq "Badge"')).toEqual([2, 10]);
    expect((await scim.get(`/Badges?${filterOf('secret eq "x"')}`)).status).toBe(400);
    expect((await scim.get(`/Badges?${filterOf('userName eq "x"')}`)).body["scimType"]).toBe(
      "invalidFilter",
    );
  });

  it("keeps what the schema says of uniqueness, mutability, requirement and return", async () => {
    const { scim } = await badges();
    const first = await scim.post(
      "/Badges",
      badge({ number: 1, printedAt: "2026-01-01T01:00:00+01:00", note: "n", secret: "s", uses: 9 }),
    );
    expect(first.body).toMatchObject({ printedAt: "2026-01-01T00:00:00.000Z" });
    for (const hidden of ["note", "secret", "uses"]) expect(first.body).not.toHaveProperty(hidden);
    const asked = await scim.get(`/Badges/${first.id}?attributes=note,secret`);
    expect(asked.body).toMatchObject({ id: first.id, note: "n" });
    expect(asked.body).not.toHaveProperty("secret");

    const taken = await scim.post("/Badges", badge({ number: 1 }));
    expect(taken.body).toMatchObject({ status: "409", scimType: "uniqueness" });
    expect((await scim.post("/Badges", badge({ label: "x" }))).body).toMatchObject({
      status: "400",
      scimType: "invalidValue",
    });
    const other = badge({ number: 1, printedAt: "2027-01-01T00:00:00Z" });
    expect((await scim.put(`/Badges/${first.id}`, other)).body).toMatchObject({
      status: "400",
      scimType: "mutability",
    });
    expect((await scim.put(`/Badges/${first.id}`, badge({ number: 3 }))).body).toMatchObject({
      number: 3,
      printedAt: "2026-01-01T00:00:00.000Z",
    });
    // The number that was given up is free.
    expect((await scim.post("/Badges", badge({ number: 1 }))).status).toBe(201);
  });

  it("stands in discovery, and nowhere in another tenant", async () => {
    const { scim } = await badges();
    expect((await scim.get("/ResourceTypes/Badge")).body).toMatchObject({
      endpoint: "/Badges",
      schema: BADGE,
    });
    expect((await scim.get(`/Schemas/${BADGE}`)).body).toMatchObject({ id: BADGE, name: "Badge" });
    const stranger = await mintTenant();
    expect((await stranger.scim.get("/Badges")).status).toBe(404);
    expect((await stranger.scim.get(`/Schemas/${BADGE}`)).status).toBe(404);
  });

  it("can be taken away when nothing is left of it, its schema after it", async () => {
    const { scim, slug } = await badges();
    const type = `/tenants/${slug}/resource-types/Badge`;
    const schema = `/tenants/${slug}/schemas/${BADGE}`;
    const { id } = await scim.post("/Badges", badge({ number: 5 }));
    expect((await admin("DELETE", type)).status).toBe(409);
    expect((await admin("DELETE", schema)).status).toBe(409);
    await scim.delete(`/Badges/${id}`);
    expect((await admin("DELETE", type)).status).toBe(204);
    expect((await admin("DELETE", schema)).status).toBe(204);
    expect((await scim.get("/Badges")).status).toBe(404);
    expect((await admin("GET", schema)).status).toBe(404);
  });
});

describe("an extension of people", () => {
  const extended = async (): Promise<MintedTenant> => {
    const tenant = await mintTenant();
    await admin("PUT", `/tenants/${tenant.slug}/schemas/${ACCESS}`, {
      name: "Access",
      attributes: [
        { name: "level", type: "integer" },
        { name: "key", uniqueness: "server" },
      ],
    });
    const put = await admin("PUT", `/tenants/${tenant.slug}/resource-types/User`, {
      endpoint: "/Users",
      schema: USER,
      schemaExtensions: [{ schema: ENTERPRISE }, { schema: ACCESS, required: true }],
    });
    expect(put.status, put.text).toBe(200);
    return tenant;
  };

  it("is validated, filtered, patched and unique from the next request on", async () => {
    const { scim } = await extended();
    expect((await scim.post("/Users", { userName: "a@example.com" })).status).toBe(400);
    const created = await scim.post("/Users", {
      userName: "a@example.com",
      [ACCESS]: { level: 3, key: "K1" },
    });
    expect(created.body[ACCESS]).toEqual({ level: 3, key: "K1" });
    const found = await scim.get(`/Users?${filterOf(`${ACCESS}:level ge 3`)}`);
    expect(found.body["totalResults"]).toBe(1);
    const patched = await scim.patch(
      `/Users/${created.id}`,
      patchOf({ op: "replace", path: `${ACCESS}:level`, value: 4 }),
    );
    expect(patched.body[ACCESS]).toEqual({ level: 4, key: "K1" });
    const taken = await scim.post("/Users", {
      userName: "b@example.com",
      [ACCESS]: { level: 1, key: "k1" },
    });
    expect(taken.body).toMatchObject({ status: "409", scimType: "uniqueness" });
    const removed = await scim.patch(
      `/Users/${created.id}`,
      patchOf({ op: "remove", path: ACCESS }),
    );
    expect(removed.body).toMatchObject({ status: "400", scimType: "mutability" });
    const wrong = await scim.post("/Users", {
      userName: "c@example.com",
      [ACCESS]: { level: "high" },
    });
    expect(wrong.body).toMatchObject({ status: "400", scimType: "invalidValue" });
    await scim.delete(`/Users/${created.id}`);
    expect(
      (await scim.post("/Users", { userName: "b@example.com", [ACCESS]: { key: "K1" } })).status,
    ).toBe(201);
  });
});

describe("a definition that cannot be", () => {
  it.each([
    ["a schema of the RFC", `schemas/${USER}`, BADGE_SCHEMA, 422],
    ["no URN", "schemas/Badge", BADGE_SCHEMA, 422],
    ["no attributes", `schemas/${ACCESS}`, { name: "x", attributes: [] }, 422],
    [
      "two names that are one",
      `schemas/${ACCESS}`,
      { name: "x", attributes: [{ name: "a" }, { name: "A" }] },
      422,
    ],
    [
      "a complex attribute without parts",
      `schemas/${ACCESS}`,
      { name: "x", attributes: [{ name: "a", type: "complex" }] },
      422,
    ],
    [
      "an unknown schema",
      "resource-types/Thing",
      { endpoint: "/Things", schema: "urn:example:none" },
      422,
    ],
    ["a taken endpoint", "resource-types/Thing", { endpoint: "/users", schema: BADGE }, 422],
    ["a reserved endpoint", "resource-types/Thing", { endpoint: "/Bulk", schema: BADGE }, 422],
    [
      "people with another schema",
      "resource-types/User",
      { endpoint: "/Users", schema: BADGE },
      422,
    ],
  ])("is refused: %s", async (_, path, body, status) => {
    const { slug } = await mintTenant();
    const refused = await admin("PUT", `/tenants/${slug}/${path}`, body);
    expect(refused.status, refused.text).toBe(status);
    expect(refused.body["errors"]).not.toEqual([]);
  });
});
