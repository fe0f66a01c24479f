import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ListPosition } from "../../src/directory/ports.ts";
import { ScimError } from "../../src/scim/error.ts";
import type { Filter, FilterValue } from "../../src/scim/filter/ast.ts";
import { printFilter } from "../../src/scim/filter/print.ts";
import { foldText } from "../../src/scim/fold.ts";
import { parseListQuery } from "../../src/scim/list/list-query.ts";
import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { GROUP, USER } from "../../src/scim/schema/resource-types.ts";
import type { FilterTable } from "../../src/storage/filter/filter-columns.ts";
import { filters, terms } from "../scim/any-filter.ts";
import { BADGE } from "../scim/badge.ts";
import { check } from "../scim/runs.ts";
import { sqlNodes, type SqlNode } from "./sql-nodes.ts";
import { textsOfPage } from "./texts-of-page.ts";

const TABLES: readonly FilterTable[] = (
  [
    ["users", USER],
    ["groups", GROUP],
    ["resources", BADGE],
  ] as const
).map(([name, type]) => ({ name, type, tenantKey: 7, baseUrl: "https://scim.example.com/v2" }));

type Params = Readonly<Record<string, string | undefined>>;

/** The SQL of a list, or undefined where its parameters are refused. */
function textsOf(table: FilterTable, params: Params, after?: ListPosition): string[] | undefined {
  try {
    return textsOfPage(table, parseListQuery(params, table.type), after);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

/** Every name that a filter or an order may have. */
function namesOf({ schema, schemaExtensions }: ResourceType): string[] {
  const own = [schema, ...schemaExtensions.map((extension) => extension.schema)];
  const attributes = own.flatMap(({ id, attributes }, at) =>
    attributes.flatMap(({ name, subAttributes = [] }) => {
      const full = at === 0 ? name : `${id}:${name}`;
      return [full, ...subAttributes.map((sub) => `${full}.${sub.name}`)];
    }),
  );
  const meta = ["resourceType", "created", "lastModified", "location", "version"];
  return [
    ...attributes,
    "id",
    "externalId",
    "schemas",
    "meta",
    ...meta.map((one) => `meta.${one}`),
  ];
}

const OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
const VALUES = [`"x"`, "true", "7", `"2026-01-31T08:00:00Z"`, "null"];
const comparisonsOf = (type: ResourceType) =>
  namesOf(type).flatMap((name) => [
    `${name} pr`,
    ...OPERATORS.flatMap((operator) => VALUES.map((value) => `${name} ${operator} ${value}`)),
  ]);

/** All that a filter of one term can become, whatever it compares with. */
const CATALOGUE = new Set(
  TABLES.flatMap((table) =>
    comparisonsOf(table.type).flatMap((filter) => textsOf(table, { filter }) ?? []),
  ),
);

/** All that an order and a place in it can become. */
const ORDERS = TABLES.flatMap((table) =>
  namesOf(table.type).flatMap((sortBy) =>
    ["ascending", "descending"].flatMap((sortOrder) =>
      [undefined, { id: "x", sortValue: "x" }, { id: "x", sortValue: null }].flatMap(
        (after) => textsOf(table, { sortBy, sortOrder }, after) ?? [],
      ),
    ),
  ),
);
/** And several terms: with each other, in brackets, and more than D1 takes as parameters of their own. */
const COMBINED = TABLES.flatMap((table) =>
  [
    'id eq "x" or not (externalId eq "x" and id pr)',
    'emails[type eq "work" and value eq "x"]',
    `emails[not (value pr or type pr)] or ${Array.from({ length: 40 }, () => 'emails.value ew "x"').join(" or ")}`,
  ].flatMap((filter) => textsOf(table, { filter }) ?? []),
);

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("' OR 1 = 1 --", '") UNION SELECT resource FROM users --', "?1", "%", "work", ""),
);
const tables = fc.constantFrom(...TABLES);
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
const value = fc.oneof(
  text.map((one) => JSON.stringify(one)),
  anyNumber,
  fc.constantFrom(...VALUES),
);

const anyName = fc.constantFrom(...new Set(TABLES.flatMap(({ type }) => namesOf(type))));

/** A filter with other text and other dates, each of them as special to the server as before. */
function withOtherValues(filter: Filter, other: () => string): Filter {
  switch (filter.kind) {
    case "and":
    case "or":
      return {
        kind: filter.kind,
        left: withOtherValues(filter.left, other),
        right: withOtherValues(filter.right, other),
      };
    case "not":
      return { kind: "not", filter: withOtherValues(filter.filter, other) };
    case "valuePath":
      return { ...filter, filter: withOtherValues(filter.filter, other) };
    case "present":
      return filter;
    case "compare": {
      const { type } = filter.path.subAttribute ?? filter.path.attribute;
      return { ...filter, value: otherValue(filter.value, type === "dateTime", other) };
    }
  }
}

function otherValue(given: FilterValue, isDate: boolean, other: () => string): FilterValue {
  if (typeof given === "boolean") return !given;
  // An index serves addresses of type "work" and of no other: two texts for two kinds of question.
  if (typeof given !== "string" || foldText(given) === "work") return given;
  return isDate ? "2001-02-03T04:05:06Z" : other();
}

const wordsOf = (nodes: readonly SqlNode[]): string[] =>
  nodes.flatMap((node) => (node.kind === "group" ? wordsOf(node.nodes) : [node.text]));
/** Every word and every sign of these, and the places of values in the one parameter that may hold them all. */
const WRITTEN = new Set([
  ...[...CATALOGUE, ...ORDERS, ...COMBINED].flatMap((sql) => wordsOf(sqlNodes(sql))),
  ...Array.from({ length: 500 }, (_, at) => `'$[${at}]'`),
]);

describe("the SQL of a filter", () => {
  it("is one of a fixed list of texts for one term, whatever it compares with", async () => {
    expect(CATALOGUE.size).toBeGreaterThan(100);
    await check(
      fc.property(
        tables,
        anyName,
        fc.constantFrom(...OPERATORS),
        value,
        (table, name, op, given) => {
          for (const sql of textsOf(table, { filter: `${name} ${op} ${given}` }) ?? []) {
            expect(CATALOGUE.has(sql), sql).toBe(true);
          }
        },
      ),
      3000,
    );
  });

  it("stays the same, however long it is, with any other values", async () => {
    const [table] = TABLES;
    if (!table) throw new Error("No table.");
    const few = filters.filter((filter) => terms(filter) <= 50);
    const others = fc.infiniteStream(
      text.filter((one) => one.isWellFormed() && !one.includes("\0") && foldText(one) !== "work"),
    );
    await check(
      fc.property(few, others, (filter, stream) => {
        const other = withOtherValues(filter, () => String(stream.next().value));
        const [before, after] = [filter, other].map((one) =>
          textsOf(table, { filter: printFilter(one) }),
        );
        expect(before).toBeDefined();
        expect(after).toEqual(before);
      }),
      1000,
    );
  });

  it("holds no word that the server has not written, nor does that of an order or a cursor", async () => {
    const list = fc.record({
      filter: fc.oneof(
        filters.map(printFilter),
        fc.tuple(anyName, fc.constantFrom(...OPERATORS), value).map((parts) => parts.join(" ")),
        text,
      ),
      sortBy: fc.oneof(fc.constant(""), anyName, text),
      sortOrder: fc.constantFrom("ascending", "descending"),
      attributes: text,
      startIndex: fc.nat().map(String),
      count: fc.nat(300).map(String),
    });
    const position = fc.record({
      id: text,
      sortValue: fc.oneof(text, fc.constant(null), fc.double(), fc.constant(undefined)),
    });
    await check(
      fc.property(tables, list, fc.option(position, { nil: undefined }), (table, params, after) => {
        for (const sql of textsOf(table, params, after) ?? []) {
          expect(wordsOf(sqlNodes(sql)).filter((word) => !WRITTEN.has(word))).toEqual([]);
        }
      }),
      1000,
    );
  });
});
