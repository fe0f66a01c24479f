import * as fc from "fast-check";

import type { AttributePath, Filter, FilterValue } from "../../src/scim/filter/ast.ts";
import type { Attribute, ResourceType } from "../../src/scim/schema/attribute.ts";
import { findPath, findSubAttribute } from "../../src/scim/schema/find-attribute.ts";
import { USER } from "../../src/scim/schema/resource-types.ts";

const leaves = (type: ResourceType, names: readonly string[]): AttributePath[] =>
  names.map((name) => findPath(type, name)).filter((path) => path !== undefined);
const LEAVES: AttributePath[] = leaves(USER, [
  "userName",
  "active",
  "id",
  "schemas",
  "name.familyName",
  "emails.value",
  "meta.created",
  "x509Certificates.value",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
]);
const PRESENT_ONLY: AttributePath[] = leaves(USER, [
  "emails",
  "name",
  "meta",
  "addresses.locality",
]);
const EMAILS: AttributePath[] = leaves(USER, ["emails"]);
const text = fc
  .string({ unit: "binary" })
  .filter((each) => each.isWellFormed() && !each.includes("\0"));

/** What the people of the filter table hold, so that not every filter finds nobody. */
const found = fc.constantFrom("ana@EX.org", "jyoung", "1", "work", "ex.org", "a", "O'Malley", "é");

function valueOf(attribute: Attribute): fc.Arbitrary<FilterValue> {
  if (attribute.type === "boolean") return fc.boolean();
  if (attribute.type !== "dateTime") return fc.oneof(text, found);
  return fc
    .date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-01-01T00:00:00Z"),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString());
}

function comparison(path: AttributePath): fc.Arbitrary<Filter> {
  const leaf = path.subAttribute ?? path.attribute;
  const all = ["eq", "ne", "gt", "ge", "lt", "le", "co", "sw", "ew"] as const;
  const count =
    leaf.type === "boolean" || leaf.type === "binary" ? 2 : leaf.type === "dateTime" ? 6 : 9;
  const compare = fc.tuple(fc.constantFrom(...all.slice(0, count)), valueOf(leaf));
  const withNull = fc.tuple(
    fc.constantFrom("eq" as const, "ne" as const),
    fc.constant<FilterValue>(null),
  );
  return fc
    .oneof(compare, withNull)
    .map(([operator, value]) => ({ kind: "compare", path, operator, value }));
}

function tree(term: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      term,
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        left: tie("filter"),
        right: tie("filter"),
      }),
      fc.record({ kind: fc.constant("not" as const), filter: tie("filter") }),
    ),
  })).filter;
}

const present = fc
  .constantFrom(...LEAVES, ...PRESENT_ONLY)
  .map((path): Filter => ({ kind: "present", path }));
const elementPaths = EMAILS.flatMap(({ attribute }) =>
  ["type", "value", "primary"].flatMap((name) => findSubAttribute(attribute, name) ?? []),
).map((attribute): AttributePath => ({ extension: undefined, attribute, subAttribute: undefined }));
/** Any filter on one element of `emails`. */
export const elementFilters = tree(fc.constantFrom(...elementPaths).chain(comparison));

/** Any such filter in its brackets. */
export const inBrackets = fc.record({
  kind: fc.constant("valuePath" as const),
  path: fc.constantFrom(...EMAILS),
  filter: elementFilters,
});

/** Any filter on a User, as the parser would make it. */
export const filters = tree(
  fc.oneof(fc.constantFrom(...LEAVES).chain(comparison), present, inBrackets),
);

/** Any comparison of an attribute of a User with a value or with null. */
export const comparisons = fc.constantFrom(...LEAVES).chain(comparison);

/** How many terms a filter has, of which the parser takes fifty. */
export function terms(filter: Filter): number {
  switch (filter.kind) {
    case "and":
    case "or":
      return terms(filter.left) + terms(filter.right);
    case "not":
    case "valuePath":
      return terms(filter.filter);
    case "present":
    case "compare":
      return 1;
  }
}
