import { describe, expect, it } from "vitest";

import type { JsonObject } from "../../src/scim/json.ts";
import { parseProjection, project, wants } from "../../src/scim/list/projection.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { defineAttribute } from "../../src/scim/schema/define-attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { readCases } from "./read-cases.ts";

interface ProjectionCase {
  readonly name: string;
  readonly query: { readonly attributes?: string; readonly excludedAttributes?: string };
  readonly keeps: readonly string[];
  readonly values?: JsonObject;
}

const ANA: JsonObject = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  id: "1",
  externalId: "x",
  userName: "ana",
  name: { familyName: "Ruiz", givenName: "Ana" },
  active: true,
  emails: [{ value: "a@example.com", type: "work", primary: true }, { value: "b@example.com" }],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
    department: "Retail",
    manager: { value: "m1", displayName: "Eva" },
  },
  "urn:example:Badge": { no: 7 },
  groups: [{ value: "g1", display: "G" }],
  meta: { resourceType: "User", version: 'W/"3"' },
};

describe("project", () => {
  for (const { name, query, keeps, values = {} } of readCases<ProjectionCase>(
    "projection-cases.json",
  )) {
    it(name, () => {
      const projected = project(ANA, parseProjection(query, USER), USER);
      const expected = Object.fromEntries(keeps.map((key) => [key, values[key] ?? ANA[key]]));
      expect(projected).toStrictEqual(expected);
    });
  }

  const SECRETIVE: ResourceType = {
    ...GROUP,
    schema: {
      ...GROUP.schema,
      attributes: [
        defineAttribute("never", "string", "Never returned.", { returned: "never" }),
        defineAttribute("always", "string", "Always returned.", { returned: "always" }),
        defineAttribute("asked", "string", "Returned on request.", { returned: "request" }),
        defineAttribute("mixed", "complex", "Has a secret part.", {
          subAttributes: [
            defineAttribute("open", "string", "Open."),
            defineAttribute("secret", "string", "Secret.", { returned: "never" }),
          ],
        }),
      ],
    },
  };
  const resource = {
    id: "1",
    never: "n",
    always: "a",
    asked: "q",
    mixed: { open: "o", secret: "s" },
    unknown: "u",
  };
  const shown = (query: ProjectionCase["query"]) =>
    project(resource, parseProjection(query, SECRETIVE), SECRETIVE);

  it("obeys the returned characteristic of each attribute, whatever is asked for", () => {
    expect(shown({})).toStrictEqual({ id: "1", always: "a", mixed: { open: "o" } });
    expect(shown({ attributes: "never,asked,mixed,mixed.secret" })).toStrictEqual({
      id: "1",
      always: "a",
      asked: "q",
      mixed: { open: "o" },
    });
    expect(shown({ attributes: "mixed.secret" })).toStrictEqual({ id: "1", always: "a" });
    expect(shown({ excludedAttributes: "always,mixed" })).toStrictEqual({ id: "1", always: "a" });
    expect(shown({ attributes: "asked", excludedAttributes: "asked" })).toStrictEqual({
      id: "1",
      always: "a",
    });
  });

  it("shows no part of a value that an older schema wrote, in which parts cannot be told apart", () => {
    const older = { id: "1", mixed: "o and s", userName: "ana" };
    expect(project(older, parseProjection({}, SECRETIVE), SECRETIVE)).toStrictEqual({ id: "1" });
    expect(
      project(older, parseProjection({ attributes: "mixed.open" }, SECRETIVE), SECRETIVE),
    ).toStrictEqual({ id: "1" });
  });

  it("keeps an empty list of members", () => {
    expect(project({ id: "1", members: [] }, parseProjection({}, GROUP), GROUP)).toStrictEqual({
      id: "1",
      members: [],
    });
  });
});

describe("wants", () => {
  it.each([
    [{}, true],
    [{ attributes: "displayName" }, false],
    [{ attributes: "members" }, true],
    [{ attributes: "MEMBERS.value" }, true],
    [{ attributes: "urn:ietf:params:scim:schemas:core:2.0:Group" }, true],
    [{ excludedAttributes: "members" }, false],
    [{ excludedAttributes: "members.display" }, true],
    [{ attributes: "members", excludedAttributes: "members" }, false],
  ])("says for %j whether members have to be read", (query, expected) => {
    expect(wants(parseProjection(query, GROUP), "members")).toBe(expected);
  });
});
