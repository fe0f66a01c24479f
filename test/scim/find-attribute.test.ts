import { expect, it } from "vitest";

import { findPath, findSchema, findSchemaPrefix } from "../../src/scim/schema/find-attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

it.each([
  ["username", undefined, "userName", undefined],
  ["ID", undefined, "id", undefined],
  ["meta.LASTMODIFIED", undefined, "meta", "lastModified"],
  ["urn:ietf:params:scim:schemas:core:2.0:user:emails.Value", undefined, "emails", "value"],
  ["urn:ietf:params:scim:schemas:core:2.0:User:externalid", undefined, "externalId", undefined],
  [`${ENTERPRISE.toUpperCase()}:manager.$REF`, ENTERPRISE, "manager", "$ref"],
])("finds %s", (name, extension, attribute, subAttribute) => {
  const path = findPath(USER, name);
  expect(path?.extension).toBe(extension);
  expect(path?.attribute.name).toBe(attribute);
  expect(path?.subAttribute?.name).toBe(subAttribute);
});

it.each([
  "",
  ".",
  ":",
  "name.",
  ".givenName",
  "name.givenName.x",
  "userName.value",
  "department",
  ENTERPRISE,
  `${ENTERPRISE}:`,
  `${ENTERPRISE}:userName`,
  `${ENTERPRISE}:id`,
  "urn:example:Badge:no",
  "__proto__",
  "constructor",
  "emails[type]",
])("does not find %j", (name) => {
  expect(findPath(USER, name)).toBeUndefined();
});

it("finds schemas by their URI in any letter case, with and without something behind it", () => {
  expect(findSchema(USER, ENTERPRISE.toLowerCase())?.id).toBe(ENTERPRISE);
  expect(findSchema(GROUP, ENTERPRISE)).toBeUndefined();
  expect(findSchemaPrefix(USER, `${ENTERPRISE.toLowerCase()}:x`)?.id).toBe(ENTERPRISE);
  expect(findSchemaPrefix(USER, ENTERPRISE)).toBeUndefined();
});

it("takes the longest of two schemas whose URIs begin alike", () => {
  const inner = { id: "urn:x:a:b", name: "B", description: "B.", attributes: [] };
  const type = {
    ...GROUP,
    schemaExtensions: [
      { required: false, schema: { ...inner, id: "urn:x:a" } },
      { required: false, schema: inner },
    ],
  };
  expect(findSchemaPrefix(type, "urn:x:a:b:c")).toBe(inner);
});
