import { describe, expect, it } from "vitest";

import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Answer, type Json } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

const BOSS = "boss@example.com";
const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

interface Scene {
  readonly tenant: MintedTenant;
  readonly boss: string;
  readonly ana: string;
  readonly ben: string;
  /** The boss and Ana are in this one, and nobody in the other. */
  readonly staff: string;
  readonly other: string;
}

const named = (...ids: readonly string[]) => ids.map((value) => ({ value }));

async function setUp(settings: Json = {}): Promise<Scene> {
  const tenant = await mintTenant({ preset: "training", settings });
  const make = async (path: string, body: Json) => (await tenant.scim.post(path, body)).id;
  const boss = await make("/Users", {
    userName: "b0",
    emails: [{ value: "Boss@Example.com", type: "work" }],
  });
  const ana = await make("/Users", { userName: "ana" });
  const ben = await make("/Users", { userName: "ben" });
  const staff = await make("/Groups", { displayName: "Staff", members: named(boss, ana) });
  const other = await make("/Groups", { displayName: "Other" });
  await tenant.change({ settings: { excludedEmails: [BOSS] } });
  return { tenant, boss, ana, ben, staff, other };
}

const membersOf = async ({ tenant }: Scene, group: string): Promise<unknown[]> =>
  (await rowsIn("group_members", tenant.key))
    .filter((row) => row["group_id"] === group)
    .map((row) => row["member_id"])
    .sort();

const bulk = (scene: Scene, operation: Json): Promise<Answer> =>
  scene.tenant.scim.post("/Bulk", { schemas: [BULK], Operations: [operation] });

describe("people whom provisioning must not touch join no group:", () => {
  const joins: [string, (scene: Scene) => Promise<Answer>][] = [
    [
      "PATCH",
      ({ tenant, other, boss, ben }) =>
        tenant.scim.patch(
          `/Groups/${other}`,
          patchOf({ op: "add", path: "members", value: named(boss, ben) }),
        ),
    ],
    [
      "PATCH that replaces",
      ({ tenant, other, boss, ben }) =>
        tenant.scim.patch(
          `/Groups/${other}`,
          patchOf({ op: "replace", path: "members", value: named(boss, ben) }),
        ),
    ],
    [
      "PATCH under a condition",
      ({ tenant, other, boss, ben }) =>
        tenant.scim.patch(
          `/Groups/${other}`,
          patchOf({ op: "add", path: "members", value: named(boss, ben) }),
          { "If-Match": "*" },
        ),
    ],
    [
      "PUT",
      ({ tenant, other, boss, ben }) =>
        tenant.scim.put(`/Groups/${other}`, { displayName: "Other", members: named(boss, ben) }),
    ],
    [
      "Bulk",
      (scene) => {
        const value = named(scene.boss, scene.ben);
        const data = patchOf({ op: "add", path: "members", value });
        return bulk(scene, { method: "PATCH", path: `/Groups/${scene.other}`, data });
      },
    ],
  ];

  it.each(joins)("%s; everybody else does", async (_how, send) => {
    const scene = await setUp();
    expect((await send(scene)).status).toBeLessThan(300);
    expect(await membersOf(scene, scene.other)).toEqual([scene.ben]);
  });

  it.each(joins)("%s, which is refused where unknown members are", async (how, send) => {
    const scene = await setUp({ unknownMembers: "reject" });
    const answer = await send(scene);
    const [operation] = (answer.body["Operations"] ?? []) as Json[];
    expect(how === "Bulk" ? Number(operation?.["status"]) : answer.status).toBe(400);
    expect(await membersOf(scene, scene.other)).toEqual([]);
  });

  it("POST; everybody else does", async () => {
    const scene = await setUp();
    const members = named(scene.boss, scene.ben);
    const made = await scene.tenant.scim.post("/Groups", { displayName: "New", members });
    expect(await membersOf(scene, made.id)).toEqual([scene.ben]);
    expect(made.body["members"]).toMatchObject(named(scene.ben));
  });
});

describe("people whom provisioning must not touch leave no group:", () => {
  const leaves: [string, (scene: Scene) => Promise<Answer>][] = [
    [
      "PATCH by a filter",
      ({ tenant, staff, boss }) =>
        tenant.scim.patch(
          `/Groups/${staff}`,
          patchOf({ op: "remove", path: `members[value eq "${boss}"]` }),
        ),
    ],
    [
      "PATCH by a value",
      ({ tenant, staff, boss, ana }) =>
        tenant.scim.patch(
          `/Groups/${staff}`,
          patchOf({ op: "remove", path: "members", value: named(boss, ana) }),
        ),
    ],
    [
      "PATCH that removes everybody",
      ({ tenant, staff }) =>
        tenant.scim.patch(`/Groups/${staff}`, patchOf({ op: "remove", path: "members" })),
    ],
    [
      "PATCH that chooses",
      ({ tenant, staff }) =>
        tenant.scim.patch(
          `/Groups/${staff}`,
          patchOf({ op: "remove", path: 'members[type eq "User"]' }),
        ),
    ],
    [
      "PUT",
      ({ tenant, staff, ben }) =>
        tenant.scim.put(`/Groups/${staff}`, { displayName: "Staff", members: named(ben) }),
    ],
    [
      "Bulk",
      (scene) =>
        bulk(scene, {
          method: "PUT",
          path: `/Groups/${scene.staff}`,
          data: { displayName: "Staff", members: [] },
        }),
    ],
  ];

  it.each(leaves)("%s", async (how, send) => {
    const scene = await setUp();
    const answer = await send(scene);
    expect(answer.status).toBeLessThan(300);
    const stays = how === "PUT" ? [scene.ben, scene.boss] : [scene.boss];
    const expected = how === "PATCH by a filter" ? [scene.ana, scene.boss] : stays;
    expect(await membersOf(scene, scene.staff)).toEqual(expected.toSorted());
    if (how === "PUT") expect(answer.body["members"]).toHaveLength(2);
  });

  it("and do so where their administrator takes them off the list", async () => {
    const scene = await setUp();
    await scene.tenant.change({ settings: { excludedEmails: [] } });
    const put = { displayName: "Staff", members: named(scene.ben) };
    await scene.tenant.scim.put(`/Groups/${scene.staff}`, put);
    expect(await membersOf(scene, scene.staff)).toEqual([scene.ben]);
  });
});
