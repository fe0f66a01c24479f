import { describe, expect, it } from "vitest";

import { parseListQuery } from "../../src/scim/list-query.ts";
import { wants } from "../../src/scim/projection.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { readCases } from "./read-cases.ts";
import { thrownBy } from "./thrown-by.ts";

interface ListQueryCase {
  readonly name: string;
  readonly params: Record<string, string>;
  readonly expect?: object;
  readonly sortBy?: string;
  readonly scimType?: string;
  readonly mentions?: string;
}

describe("parseListQuery", () => {
  for (const {
    name,
    params,
    expect: expected,
    sortBy,
    scimType,
    mentions = "",
  } of readCases<ListQueryCase>("list-query-cases.json")) {
    it(name, () => {
      if (expected === undefined) {
        const fault = { status: 400, scimType, detail: expect.stringContaining(mentions) };
        expect(thrownBy(() => parseListQuery(params, USER))).toMatchObject(fault);
        return;
      }
      const query = parseListQuery(params, USER);
      expect(query).toMatchObject(expected);
      const path = query.sortBy;
      const names = [path?.attribute.name, path?.subAttribute?.name].filter(
        (part) => part !== undefined,
      );
      expect(names.join(".")).toBe(sortBy ?? "");
    });
  }

  it("reads filter and projection", () => {
    const query = parseListQuery(
      { filter: 'displayName eq "Retail"', excludedAttributes: "members" },
      GROUP,
    );
    expect(query.filter).toMatchObject({ kind: "compare", operator: "eq", value: "Retail" });
    expect(wants(query.projection, "members")).toBe(false);
  });
});
