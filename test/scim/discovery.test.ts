import { describe, expect, it } from "vitest";

import {
  discoverableSchemas,
  resourceTypeDocument,
  schemaDocument,
  serviceProviderConfig,
} from "../../src/scim/discovery.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/scim/json.ts";
import type { Attribute, Schema } from "../../src/scim/schema/attribute.ts";
import { findAttribute } from "../../src/scim/schema/find-attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";

const BASE = "https://scim.example.com/api/v1/scim/v2";
const NO_BULK = { supported: false, maxOperations: 0, maxPayloadSize: 0 };
const SCHEMAS = discoverableSchemas([USER, GROUP]);

function schemaNamed(name: string): Schema {
  const schema = SCHEMAS.find((candidate) => candidate.name === name);
  if (schema === undefined) throw new Error(`There is no schema ${name}.`);
  return schema;
}

/** Every name in an object that the definitions do not have, however deep. */
function undescribed(value: JsonValue, attributes: readonly Attribute[]): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => undescribed(element, attributes));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const attribute = findAttribute(attributes, name);
    return attribute === undefined ? [name] : undescribed(inner, attribute.subAttributes ?? []);
  });
}

function withoutCommon({ schemas: _schemas, meta: _meta, ...own }: JsonObject): JsonObject {
  return own;
}

const DOCUMENTS: [string, JsonObject, Schema][] = [
  [
    "ServiceProviderConfig",
    serviceProviderConfig(
      { bulk: NO_BULK, sort: true, documentationUri: "https://example.com" },
      BASE,
    ),
    schemaNamed("ServiceProviderConfig"),
  ],
  ["User", resourceTypeDocument(USER, BASE), schemaNamed("ResourceType")],
  ["Group", resourceTypeDocument(GROUP, BASE), schemaNamed("ResourceType")],
  ...SCHEMAS.map((schema): [string, JsonObject, Schema] => [
    schema.name,
    schemaDocument(schema, BASE),
    schemaNamed("Schema"),
  ]),
];

describe.each(DOCUMENTS)("the discovery document of %s", (_name, document, schema) => {
  it("is described by its own schema", () => {
    expect(document["schemas"]).toStrictEqual([schema.id]);
    expect(document["meta"]).toMatchObject({
      resourceType: schema.name,
      location: expect.stringMatching(`^${BASE}/`),
    });
    // Sub-attributes of sub-attributes are not in the RFC's own description of schemas either.
    const names = undescribed(withoutCommon(document), schema.attributes);
    expect(names.filter((name) => name !== "subAttributes")).toStrictEqual([]);
  });

  it("holds no null and no undefined", () => {
    expect(JSON.parse(JSON.stringify(document))).toStrictEqual(document);
    expect(JSON.stringify(document)).not.toContain("null");
  });
});

it("gives every discovery document its required attributes", () => {
  for (const [, document, schema] of DOCUMENTS) {
    for (const attribute of schema.attributes.filter(({ required }) => required)) {
      expect(document).toHaveProperty([attribute.name]);
    }
  }
});

it("says in the configuration what the server does", () => {
  expect(serviceProviderConfig({ bulk: NO_BULK, sort: false }, BASE)).toMatchObject({
    patch: { supported: true },
    bulk: NO_BULK,
    filter: { supported: true, maxResults: 200 },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: 100,
      maxPageSize: 200,
      cursorTimeout: 3600,
    },
    authenticationSchemes: [{ type: "oauthbearertoken" }],
  });
});

it("names the extension of users in their resource type", () => {
  expect(resourceTypeDocument(USER, BASE)).toMatchObject({
    id: "User",
    endpoint: "/Users",
    schema: "urn:ietf:params:scim:schemas:core:2.0:User",
    schemaExtensions: [
      { schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", required: false },
    ],
    meta: { location: `${BASE}/ResourceTypes/User` },
  });
});

it("lists every schema once, those of resources first", () => {
  expect(SCHEMAS.map(({ name }) => name)).toStrictEqual([
    "User",
    "EnterpriseUser",
    "Group",
    "ServiceProviderConfig",
    "ResourceType",
    "Schema",
  ]);
});

it("describes every attribute that Entra maps by default", () => {
  const user = schemaNamed("User");
  const mapped = [
    "userName",
    "active",
    "displayName",
    "title",
    "emails",
    "preferredLanguage",
    "name",
    "addresses",
    "phoneNumbers",
    "externalId",
  ];
  expect(mapped.filter((name) => findAttribute(user.attributes, name) === undefined)).toStrictEqual(
    [],
  );
  const enterprise = schemaNamed("EnterpriseUser");
  expect(
    ["employeeNumber", "department", "manager"].filter(
      (name) => findAttribute(enterprise.attributes, name) === undefined,
    ),
  ).toStrictEqual([]);
});

it("declares the password as one that is never returned", () => {
  expect(findAttribute(schemaNamed("User").attributes, "password")).toMatchObject({
    mutability: "writeOnly",
    returned: "never",
  });
});
