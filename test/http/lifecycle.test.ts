import { describe, expect, it } from "vitest";

import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

const ANA = "ana@example.com";
const document = (more: Json = {}): Json => ({
  userName: ANA,
  [ENTERPRISE]: { department: "Sales" },
  ...more,
});

/** The events of a person, in their order. */
const eventsOf = async ({ key }: MintedTenant, id: string): Promise<unknown[]> =>
  (await rowsIn("changes", key))
    .filter((row) => row["resource_id"] === id)
    .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]))
    .map((row) => row["operation"]);

const linksOf = async ({ key }: MintedTenant, id: string) => ({
  groups: (await rowsIn("group_members", key)).filter((row) => row["member_id"] === id),
  byHand: (await rowsIn("department_members", key)).filter((row) => row["user_id"] === id),
  attribute: (await rowsIn("users", key))
    .filter((row) => row["id"] === id)
    .map((row) => [row["department_id"], row["department_since"]]),
});

type Send = (tenant: MintedTenant, id: string, active: boolean) => Promise<Answer>;
const byPatch =
  (operations: (active: boolean) => Json[]): Send =>
  ({ scim }, id, active) =>
    scim.patch(`/Users/${id}`, patchOf(...operations(active)));

const byBulk =
  (operation: (id: string, active: boolean) => Json): Send =>
  ({ scim }, id, active) =>
    scim.post("/Bulk", {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
      Operations: [operation(id, active)],
    });

const FORMS: readonly (readonly [string, Send])[] = [
  ["PATCH of a path", byPatch((value) => [{ op: "replace", path: "active", value }])],
  ["PATCH of a path, added", byPatch((value) => [{ op: "add", path: "active", value }])],
  [
    "PATCH as Entra sends it",
    byPatch((value) => [{ op: "Replace", path: "active", value: value ? "True" : "False" }]),
  ],
  [
    "PATCH without a path, as Okta sends it",
    byPatch((active) => [{ op: "replace", value: { active } }]),
  ],
  [
    "PATCH of more than that",
    byPatch((active) => [
      { op: "replace", path: "title", value: active ? "Nurse" : "Gone" },
      { op: "replace", path: "active", value: active },
    ]),
  ],
  [
    "PATCH there and back and there",
    byPatch((active) =>
      [active, !active, active].map((value) => ({ op: "replace", path: "active", value })),
    ),
  ],
  ["PUT", ({ scim }, id, active) => scim.put(`/Users/${id}`, document({ active }))],
  [
    "PATCH in Bulk",
    byBulk((id, active) => ({
      method: "PATCH",
      path: `/Users/${id}`,
      data: patchOf({ op: "replace", path: "active", value: active }),
    })),
  ],
  [
    "PUT in Bulk",
    byBulk((id, active) => ({ method: "PUT", path: `/Users/${id}`, data: document({ active }) })),
  ],
];

/** Ana, in a group that is a department, in one by hand, and in one by her attribute. */
async function inhabited(): Promise<{ tenant: MintedTenant; id: string }> {
  const tenant = await mintTenant({ preset: "training", settings: { deactivationGuard: null } });
  const { id } = await tenant.scim.post("/Users", document());
  await tenant.scim.post("/Groups", { displayName: "Staff", members: [{ value: id }] });
  const path = `/tenants/${tenant.slug}/departments`;
  const department = await admin("POST", path, { name: "By hand" });
  const assigned = await admin("POST", `${path}/${department.id}/members`, { add: [id] });
  expect(assigned.body).toMatchObject({ added: 1 });
  return { tenant, id };
}

describe("a deactivation", () => {
  it.each(FORMS)("by %s is one event, and keeps every link", async (_form, send) => {
    const { tenant, id } = await inhabited();
    const links = await linksOf(tenant, id);
    expect([links.groups.length, links.byHand.length]).toEqual([1, 1]);
    expect(links.attribute).toEqual([[expect.any(String), expect.any(String)]]);
    const before = await eventsOf(tenant, id);

    for (let time = 0; time < 2; time++) {
      expect((await send(tenant, id, false)).status).toBe(200);
      expect(await eventsOf(tenant, id)).toEqual([...before, "deactivate"]);
    }
    expect(await linksOf(tenant, id)).toEqual(links);
    expect((await tenant.scim.get(`/Users/${id}`)).body).toMatchObject({
      active: false,
      groups: [expect.objectContaining({ display: "Staff" })],
    });

    for (let time = 0; time < 2; time++) await send(tenant, id, true);
    expect(await eventsOf(tenant, id)).toEqual([...before, "deactivate", "activate"]);
    expect(await linksOf(tenant, id)).toEqual(links);
  });

  it("by the same request as an adoption is an event beside it", async () => {
    for (const send of [
      ({ scim }: MintedTenant, id: string) =>
        scim.patch(`/Users/${id}`, patchOf({ op: "replace", path: "active", value: false })),
      ({ scim }: MintedTenant, id: string) => scim.put(`/Users/${id}`, document({ active: false })),
      ({ scim }: MintedTenant) => scim.post("/Users", document({ active: false })),
    ]) {
      const tenant = await mintTenant({
        preset: "training",
        settings: { deactivationGuard: null },
      });
      const enrolled = await admin("POST", `/tenants/${tenant.slug}/users`, { email: ANA });
      expect((await send(tenant, enrolled.id)).body).toMatchObject({ active: false });
      expect(await eventsOf(tenant, enrolled.id)).toEqual(["create", "adopt", "deactivate"]);
    }
  });

  it("is none when somebody is created inactive, or created again while they are", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const made = await tenant.scim.post("/Users", document({ active: false }));
    const again = await tenant.scim.post("/Users", document({ active: false, title: "Gone" }));
    expect([again.status, again.id]).toEqual([201, made.id]);
    expect(await eventsOf(tenant, made.id)).toEqual(["create", "replace"]);
    await tenant.scim.post("/Users", document());
    expect(await eventsOf(tenant, made.id)).toEqual(["create", "replace", "reactivate"]);
  });
});

describe("a deletion", () => {
  it.each([
    ["DELETE", ({ scim }: MintedTenant, id: string) => scim.delete(`/Users/${id}`)],
    ["DELETE in Bulk", byBulk((id) => ({ method: "DELETE", path: `/Users/${id}` }))],
  ] as const)(
    "by %s is one event, of somebody active or not, also when it is repeated",
    async (_form, send) => {
      for (const active of [true, false]) {
        const { tenant, id } = await inhabited();
        if (!active)
          await tenant.scim.patch(
            `/Users/${id}`,
            patchOf({ op: "replace", path: "active", value: false }),
          );
        const before = await eventsOf(tenant, id);
        for (let time = 0; time < 2; time++) {
          await send(tenant, id, false);
          const applied = (await rowsIn("changes", tenant.key))
            .filter((row) => row["resource_id"] === id && row["outcome"] === "applied")
            .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]))
            .map((row) => row["operation"]);
          expect(applied).toEqual([...before, "delete"]);
        }
        expect((await tenant.scim.get(`/Users/${id}`)).status).toBe(404);
      }
    },
  );
});
