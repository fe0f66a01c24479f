import { expect, it } from "vitest";

import { etagOf, ifMatch, ifNoneMatch } from "../../src/scim/etag.ts";

it("makes a weak entity tag of a version", () => {
  expect(etagOf(3)).toBe('W/"3"');
});

const LISTED = ['W/"3"', '"3"', "*", " * ", 'W/"1", W/"3"', '"1","3"'];
const NOT_LISTED = ['W/"4"', 'W/"33"', "3", "", "W/3", '"a", "b"'];

it.each(LISTED)("finds version 3 in %s", (header) => {
  expect(ifMatch(header, 3)).toBe(true);
  expect(ifNoneMatch(header, 3)).toBe(false);
});

it.each(NOT_LISTED)("does not find version 3 in %s", (header) => {
  expect(ifMatch(header, 3)).toBe(false);
  expect(ifNoneMatch(header, 3)).toBe(true);
});

it("lets a request without the header through", () => {
  expect(ifMatch(undefined, 3)).toBe(true);
  expect(ifNoneMatch(undefined, 3)).toBe(true);
});
