import { beforeAll, describe, expect, it } from "vitest";

import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { filterOf, patchOf, type Answer, type Json } from "../scim-client.ts";
import { tenantRows } from "../tenant-rows.ts";

const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const work = (value: string) => ({ emails: [{ value, type: "work" }] });

const bulk = ({ scim }: MintedTenant, ...Operations: readonly Json[]): Promise<Answer> =>
  scim.post("/Bulk", { schemas: [BULK], Operations });

describe("an externalId, and a userName", { timeout: 30_000 }, () => {
  let tenant: MintedTenant;
  let ana: string;
  let staff: string;
  let strange: readonly string[];
  beforeAll(async () => {
    tenant = await mintTenant();
    ana = (await tenant.scim.post("/Users", { userName: "ana" })).id;
    staff = (await tenant.scim.post("/Groups", { displayName: "Staff" })).id;
    strange = [
      [ana, staff, tenant.id, tenant.tenantId, String(tenant.key), tenant.slug, "operator"],
      ["0", "1", "-1", "null", "true", "admin", "Me", ".search", "bulkId:1", "__proto__", "*"],
      ["019a2021-0000-7000-8000-000000000000", "' OR 1=1 --", 'x" or id pr or id eq "x'],
    ].flat();
  });

  it("is a value like any other: it leads to nobody, whatever it says", async () => {
    for (const text of strange) {
      const owner = (await tenant.scim.get(`/Users/${ana}`)).body;
      const names = [{ userName: `of-${text}`, externalId: text }, { userName: text }];
      for (const name of names) {
        const { status, id } = await tenant.scim.post("/Users", name);
        expect([name, status]).toEqual([name, 201]);
        expect(strange).not.toContain(id);
        const path = `/Users/${encodeURIComponent(text)}`;
        const isAna = text === ana;
        const read = await tenant.scim.get(path);
        expect([text, read.id]).toEqual([text, isAna ? ana : ""]);
        if (!isAna) {
          const sent = [
            read,
            await tenant.scim.put(path, { userName: "taken-over" }),
            await tenant.scim.patch(path, patchOf({ op: "add", path: "title", value: "x" })),
            await tenant.scim.delete(path),
          ];
          for (const answer of sent) expect([text, answer.status >= 400]).toEqual([text, true]);
        }
        const members = [{ value: text }];
        const group = await tenant.scim.post("/Groups", { displayName: "New", members });
        const joined = (group.body["members"] ?? []) as Json[];
        const isHere = isAna || text === staff;
        expect(joined.map(({ value }) => value)).toEqual(isHere ? [text] : []);
        await tenant.scim.delete(`/Groups/${group.id}`);
        const [attribute] = Object.keys(name).slice(-1);
        const filter = filterOf(`${attribute} eq ${JSON.stringify(text)}`);
        const found = await tenant.scim.get(`/Users?${filter}`);
        expect(found.resources.map((one) => one["id"])).toEqual([id]);
        expect((await tenant.scim.get(`/Users/${id}`)).body).toMatchObject(name);
        await tenant.scim.delete(`/Users/${id}`);
      }
      expect((await tenant.scim.get(`/Users/${ana}`)).body).toEqual(owner);
    }
  });
});

describe("the resource of the address", () => {
  it.each(["Users", "Groups"])(
    "of %s is the one that changes, whatever the body names",
    async (endpoint) => {
      const tenant = await mintTenant();
      const name = endpoint === "Users" ? "userName" : "displayName";
      const make = async (value: string) =>
        (await tenant.scim.post(`/${endpoint}`, { [name]: value })).id;
      const [own, other] = [await make("own"), await make("other")];
      const before = (await tenant.scim.get(`/${endpoint}/${other}`)).body;
      const path = `/${endpoint}/${own}`;
      const naming = (value: string): Json => ({
        id: other,
        [name]: value,
        meta: { location: before["meta"], resourceType: "Group" },
      });
      const sent = [
        await tenant.scim.put(path, naming("a")),
        await tenant.scim.patch(path, patchOf({ op: "replace", value: naming("b") })),
        await bulk(tenant, { method: "PUT", path, data: naming("c") }),
        await bulk(tenant, {
          method: "PATCH",
          path,
          data: patchOf({ op: "replace", value: naming("d") }),
        }),
      ];
      for (const { status } of sent) expect(status).toBeLessThan(300);
      expect((await tenant.scim.get(path)).body).toMatchObject({ id: own, [name]: "d" });
      expect((await tenant.scim.get(`/${endpoint}/${other}`)).body).toEqual(before);
      await tenant.scim.send("DELETE", path, { id: other });
      expect((await tenant.scim.get(`/${endpoint}/${other}`)).body).toEqual(before);
    },
  );
});

describe("an address that somebody else has", () => {
  const changes: [string, (tenant: MintedTenant, id: string, to: string) => Promise<Answer>][] = [
    ["PUT", ({ scim }, id, to) => scim.put(`/Users/${id}`, { userName: to, ...work(to) })],
    [
      "PATCH",
      ({ scim }, id, to) =>
        scim.patch(
          `/Users/${id}`,
          patchOf({ op: "replace", value: { userName: to, ...work(to) } }),
        ),
    ],
    [
      "PATCH of the value alone",
      ({ scim }, id, to) =>
        scim.patch(
          `/Users/${id}`,
          patchOf({ op: "replace", path: 'emails[type eq "work"].value', value: to }),
        ),
    ],
    ["POST", ({ scim }, _id, to) => scim.post("/Users", { userName: "eve-2", ...work(to) })],
    [
      "Bulk",
      (tenant, id, to) =>
        bulk(tenant, { method: "PUT", path: `/Users/${id}`, data: { userName: to, ...work(to) } }),
    ],
  ];

  it.each(changes)(
    "in another tenant may be taken by %s, and changes nothing there",
    async (_by, send) => {
      const [here, there] = [
        await mintTenant({ preset: "training" }),
        await mintTenant({ preset: "training" }),
      ];
      const address = "boss@example.com";
      await there.scim.post("/Users", { userName: address, ...work(address) });
      await admin("POST", `/tenants/${there.slug}/users`, { email: "hand@example.com" });
      const before = await tenantRows(there.key);
      const eve = (await here.scim.post("/Users", { userName: "eve", ...work("eve@example.com") }))
        .id;
      for (const to of [address, "hand@example.com", "BOSS@example.com"]) {
        expect((await send(here, eve, to)).status).toBeLessThan(500);
      }
      expect(await tenantRows(there.key)).toEqual(before);
    },
  );

  it.each(changes)(
    "in the tenant is refused to %s where addresses are unique",
    async (by, send) => {
      const tenant = await mintTenant({ preset: "training", settings: { adoption: "off" } });
      const hand = await admin("POST", `/tenants/${tenant.slug}/users`, {
        email: "hand@example.com",
      });
      const ana = await tenant.scim.post("/Users", { userName: "ana", ...work("ana@example.com") });
      const eve = await tenant.scim.post("/Users", { userName: "eve", ...work("eve@example.com") });
      expect([hand.status, ana.status, eve.status]).toEqual([201, 201, 201]);
      const before = await tenantRows(tenant.key);
      for (const to of ["ana@example.com", "ANA@Example.com", "hand@example.com"]) {
        const answer = await send(tenant, eve.id, to);
        const [operation] = (answer.body["Operations"] ?? []) as Json[];
        const status = by === "Bulk" ? Number(operation?.["status"]) : answer.status;
        expect([to, status]).toEqual([to, 409]);
      }
      expect(await tenantRows(tenant.key)).toEqual(before);
    },
  );
});
