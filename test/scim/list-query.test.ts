import { describe, expect, it } from "vitest";

import { parseListQuery } from "../../src/scim/list/list-query.ts";
import { wants } from "../../src/scim/list/projection.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import { readCases } from "./read-cases.ts";
import { thrownBy } from "./thrown-by.ts";

interface ListQueryCase {
  readonly name: string;
  readonly source: string;
  readonly params: Record<string, string>;
  readonly expect?: object;
  readonly sortBy?: string;
  readonly scimType?: string;
  readonly mentions?: string;
}

const cases = readCases<ListQueryCase>("list-query-cases.json");

describe("parseListQuery", () => {
  it.each(cases.filter((row) => row.expect))("$name ($source)", (row) => {
    const { cursor = null, ...query } = parseListQuery(row.params, USER);
    expect({ cursor, ...query }).toMatchObject(row.expect ?? {});
    const { sortBy: path } = query;
    const names = [path?.attribute.name, path?.subAttribute?.name].filter(
      (part) => part !== undefined,
    );
    expect(names.join(".")).toBe(row.sortBy ?? "");
  });

  it.each(cases.filter((row) => !row.expect))(
    "$name ($source)",
    ({ params, scimType, mentions }) => {
      expect(thrownBy(() => parseListQuery(params, USER))).toMatchObject({
        status: 400,
        scimType,
        detail: expect.stringContaining(mentions ?? ""),
      });
    },
  );

  it("reads filter and projection", () => {
    const query = parseListQuery(
      { filter: 'displayName eq "Retail"', excludedAttributes: "members" },
      GROUP,
    );
    expect(query.filter).toMatchObject({ kind: "compare", operator: "eq", value: "Retail" });
    expect(wants(query.projection, "members")).toBe(false);
  });
});
