import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { COMMON_ATTRIBUTES } from "../../src/scim/schema/common-attributes.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf, type Answer, type Json } from "../scim-client.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/** Names that a column, a field of ours or somebody's idea of a privilege has, in both spellings. */
const COLUMNS = [
  [
    "tenant_key",
    "tenant_id",
    "tenant",
    "tenant_slug",
    "organisation",
    "rowid",
    "resource",
    "folded",
  ],
  ["user_name_key", "email", "email_key", "email_slot", "work_email_key", "several_work_emails"],
  ["department_id", "department_since", "departments", "origin", "adopted_at", "adopted_by"],
  ["adopted_from", "deactivated_by_hand", "predecessor_id", "version", "created_at", "updated_at"],
  ["deleted_at", "display_name_key", "changed_by", "epoch", "status", "settings", "preset"],
].flat();
const PRIVILEGES = [
  ["is_admin", "admin", "superuser", "role", "scopes", "permissions", "owner", "email_verified"],
  ["verified", "enabled", "locked", "sso_active", "invited", "token", "credentials", "actor"],
].flat();
const OURS = ["password", "groups", "Meta", "ID", "location", "lastModified"];
const LANGUAGE = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];
const camel = (name: string) =>
  name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const NAMES = [
  ...new Set([...COLUMNS, ...PRIVILEGES].flatMap((name) => [name, camel(name)])),
  ...OURS,
  ...LANGUAGE,
];
const VALUES: readonly unknown[] = [
  "eve",
  true,
  0,
  null,
  ["eve"],
  { value: "eve" },
  [{ value: "eve", type: "direct" }],
];

/** As JSON, since `__proto__` in an object of ours would not be a name. */
const withExtras = (document: Json, value: unknown): string => {
  const extras = NAMES.map((name) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `${JSON.stringify(document).slice(0, -1)},${extras.join(",")}}`;
};

const PERSON: Json = {
  userName: "ana@example.com",
  externalId: "a1",
  displayName: "Ana",
  emails: [{ value: "ana@example.com", type: "work" }],
  [ENTERPRISE]: { department: "Sales" },
};

let tenant: MintedTenant;
let ana: string;
let staff: string;
beforeEach(async () => {
  tenant = await mintTenant({ preset: "training" });
  ana = (await tenant.scim.post("/Users", PERSON)).id;
  const group = { displayName: "Staff", externalId: "s1", members: [{ value: ana }] };
  staff = (await tenant.scim.post("/Groups", group)).id;
});

describe("names that are not the client's to say", { timeout: 30_000 }, () => {
  it("set nothing in a POST", async () => {
    const at = { id: "", created_at: "", updated_at: "", predecessor_id: null };
    const rowOf = async (path: "users" | "groups", id: string) => {
      const row = (await rowsIn(path, tenant.key)).find((each) => each["id"] === id);
      return { ...row, ...at, department_since: "" };
    };
    for (const value of VALUES) {
      const twins: [string, "users" | "groups", Json][] = [
        ["/Users", "users", { ...PERSON, userName: "ben", emails: [{ value: "b@example.com" }] }],
        ["/Groups", "groups", { displayName: "Twins", externalId: "t1" }],
      ];
      for (const [path, table, document] of twins) {
        const plain = await tenant.scim.post(path, document);
        const expected = await rowOf(table, plain.id);
        await tenant.scim.delete(`${path}/${plain.id}`);
        const made = await tenant.scim.send("POST", path, withExtras(document, value));
        expect([made.status, made.text]).toEqual([201, expect.not.stringContaining("eve")]);
        expect(await rowOf(table, made.id)).toEqual(expected);
        await tenant.scim.delete(`${path}/${made.id}`);
      }
    }
  });

  it("change no row by PUT, by PATCH and by Bulk", async () => {
    const group = { displayName: "Staff", externalId: "s1", members: [{ value: ana }] };
    const before = await tenantRows(tenant.key);
    for (const value of VALUES) {
      for (const [path, document] of [
        [`/Users/${ana}`, PERSON],
        [`/Groups/${staff}`, group],
      ] as const) {
        const put = withExtras(document, value);
        const add = `{"Operations":[{"op":"add","value":${withExtras({ externalId: document["externalId"] }, value)}}]}`;
        const calls = [`"PUT","data":${put}`, `"PATCH","data":${add}`].map(
          (call) => `{"path":"${path}","method":${call}}`,
        );
        const bulk = `{"schemas":["${BULK}"],"Operations":[${calls.join(",")}]}`;
        const sent = [
          await tenant.scim.send("PUT", path, put),
          await tenant.scim.send("PATCH", path, add),
          await tenant.scim.send("POST", "/Bulk", bulk),
        ];
        for (const answer of sent) expect(answer.status).toBeLessThan(300);
        for (const { status } of (sent[2]?.body["Operations"] ?? []) as Json[]) {
          expect(status).toMatch(/^20[04]$/);
        }
      }
    }
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("change no row as the path of a PATCH", async () => {
    const before = await tenantRows(tenant.key);
    for (const name of NAMES) {
      for (const path of [name, `${USER.schema.id}:${name}`, `${name}.value`]) {
        for (const op of ["replace", "remove"]) {
          const body = patchOf({ op, path, ...(op !== "remove" && { value: "eve" }) });
          const answer = await tenant.scim.patch(`/Users/${ana}`, body);
          expect([path, answer.status]).toEqual([path, expect.toBeOneOf([200, 400])]);
        }
      }
    }
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it("say of no address that it is verified", async () => {
    const emails = [
      { value: "ana@example.com", type: "work", verified: true, emailVerified: true },
    ];
    const put = await tenant.scim.put(`/Users/${ana}`, { ...PERSON, emails, emailVerified: true });
    const path = `/tenants/${tenant.slug}/users/${ana}?attributes=true`;
    for (const { status, text } of [put, await admin("GET", path)]) {
      expect([status, text]).toEqual([200, expect.not.stringMatching(/verified/i)]);
    }
  });
});

describe("what a schema says of mutability", { timeout: 30_000 }, () => {
  const readOnlyOf = ({ schema, schemaExtensions }: ResourceType): [string, string][] => [
    ...[...COMMON_ATTRIBUTES, ...schema.attributes].flatMap((attribute): [string, string][] => [
      ...(attribute.mutability === "readOnly" ? [[attribute.name, ""] as [string, string]] : []),
      ...(attribute.subAttributes ?? [])
        .filter((part) => part.mutability === "readOnly")
        .map(({ name }): [string, string] => [attribute.name, name]),
    ]),
    ...schemaExtensions.flatMap(({ schema: { id, attributes } }) =>
      attributes.flatMap(({ name, subAttributes }) =>
        (subAttributes ?? [])
          .filter((part) => part.mutability === "readOnly")
          .map((part): [string, string] => [`${id}:${name}`, part.name]),
      ),
    ),
  ];

  it.each([
    ["Users", USER],
    ["Groups", GROUP],
  ] as const)(
    "holds for every read-only attribute of %s, by PATCH and in Bulk",
    async (endpoint, type) => {
      const path = `/${endpoint}/${endpoint === "Users" ? ana : staff}`;
      const names = readOnlyOf(type).filter(([name]) => name !== "schemas");
      expect(names.length).toBeGreaterThan(6);
      const before = await tenantRows(tenant.key);
      for (const [name, part] of names) {
        const target = part === "" ? name : `${name}.${part}`;
        const data = patchOf({ op: "replace", path: target, value: "eve" });
        const alone = await tenant.scim.patch(path, data);
        expect([target, alone.status, alone.body["scimType"]]).toEqual([target, 400, "mutability"]);
        const Operations = [{ method: "PATCH", path, data }];
        const bulk = await tenant.scim.post("/Bulk", { schemas: [BULK], Operations });
        const [operation] = bulk.body["Operations"] as { status: string; response: Json }[];
        expect(operation).toMatchObject({ status: "400", response: { scimType: "mutability" } });
      }
      expect(await tenantRows(tenant.key)).toEqual(before);
    },
  );

  describe("of an attribute that is set once", () => {
    const SCHEMA = "urn:example:scim:Badge";
    const fixed: Json = { serial: "1", slots: [{ key: "a" }] };
    let badge: string;
    let send: (method: "PUT" | "PATCH", data: Json, how: string) => Promise<Answer | Json>;
    beforeAll(() => {
      send = async (method, data, how) => {
        const path = `/Badges/${badge}`;
        if (how === "alone") return tenant.scim.send(method, path, data);
        const Operations = [{ method, path, data }];
        const bulk = await tenant.scim.post("/Bulk", { schemas: [BULK], Operations });
        const [operation] = bulk.body["Operations"] as { status: string; response: Json }[];
        return { status: Number(operation?.status), body: operation?.response };
      };
    });
    beforeEach(async () => {
      const key = { name: "key", mutability: "immutable" };
      const slots = { name: "slots", type: "complex", multiValued: true, subAttributes: [key] };
      const attributes = [{ name: "serial", mutability: "immutable" }, slots];
      const path = `/tenants/${tenant.slug}`;
      await admin("PUT", `${path}/schemas/${SCHEMA}`, { name: "Badge", attributes });
      const type = { endpoint: "/Badges", schema: SCHEMA };
      await admin("PUT", `${path}/resource-types/Badge`, type);
      badge = (await tenant.scim.post("/Badges", fixed)).id;
    });

    it.each(["alone", "in Bulk"])("holds by PUT and by PATCH, %s", async (how) => {
      const changes: ["PUT" | "PATCH", Json][] = [
        ["PUT", { ...fixed, serial: "2" }],
        ["PATCH", patchOf({ op: "replace", path: "serial", value: "2" })],
        ["PATCH", patchOf({ op: "add", path: "serial", value: "2" })],
        ["PATCH", patchOf({ op: "replace", value: { SERIAL: "2" } })],
        ["PATCH", patchOf({ op: "remove", path: "serial" })],
        ["PATCH", patchOf({ op: "replace", path: 'slots[key eq "a"].key', value: "b" })],
        ["PATCH", patchOf({ op: "replace", path: `${SCHEMA}:serial`, value: "2" })],
      ];
      for (const [method, data] of changes) {
        expect([data, await send(method, data, how)]).toMatchObject([
          data,
          { status: 400, body: { scimType: "mutability" } },
        ]);
      }
      const { body } = await tenant.scim.get(`/Badges/${badge}`);
      expect(body).toMatchObject(fixed);
    });
  });
});
