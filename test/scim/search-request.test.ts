import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ScimError } from "../../src/scim/error.ts";
import type { JsonValue } from "../../src/scim/json.ts";
import { parseListQuery } from "../../src/scim/list/list-query.ts";
import { USER } from "../../src/scim/schema/resource-types.ts";
import { readSearchRequest } from "../../src/scim/list/search-request.ts";
import { readCases } from "./read-cases.ts";
import { check } from "./runs.ts";
import { thrownBy } from "./thrown-by.ts";

interface SearchCase {
  readonly name: string;
  readonly source: string;
  readonly body: JsonValue;
  readonly params?: Record<string, string>;
  readonly scimType?: string;
  readonly mentions?: string;
}

const cases = readCases<SearchCase>("search-request-cases.json");

/** As the route reads it. */
const search = (body: JsonValue) => parseListQuery(readSearchRequest(body), USER);

describe("a search request", () => {
  it.each(cases.filter(({ params }) => params))("$name ($source)", ({ body, params }) => {
    expect(readSearchRequest(body)).toEqual(params);
    expect(search(body)).toStrictEqual(parseListQuery(params ?? {}, USER));
  });

  it.each(cases.filter(({ params }) => !params))("$name ($source)", (row) => {
    expect(thrownBy(() => search(row.body))).toMatchObject({
      status: 400,
      scimType: row.scimType,
      detail: expect.stringContaining(row.mentions ?? ""),
    });
  });

  it("throws nothing but ScimError, whatever the body", async () => {
    const names = ["schemas", "attributes", "filter", "sortBy", "startIndex", "count", "cursor"];
    const body = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue()),
    );
    await check(
      fc.property(body, (given) => {
        // fast-check's JSON values are what `JSON.parse` returns.
        const thrown = thrownBy(() => search(given as JsonValue));
        expect(thrown ?? new ScimError(400, undefined, "")).toBeInstanceOf(ScimError);
      }),
      500,
    );
  });
});
