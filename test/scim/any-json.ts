import * as fc from "fast-check";

import type { JsonValue } from "../../src/scim/json.ts";

/** Names by which a prototype could be reached, by assignment or by a recursive copy. */
const TRAPS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length"];

const scalars = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, -0, 1e300, "", " ", "True", "\0", "\ud800"),
  fc.constantFrom<JsonValue>("work", "a@x.org", "bulkId:a", "QQ==", "2026-01-31T08:00:00Z"),
  fc.string(),
  fc.integer(),
);

/**
 * Any JSON that a body could hold, deep or flat, with names that mean something where it is read, names that reach for
 * a prototype, and any others. Like what `JSON.parse` makes, an object has each of them as a property of its own.
 */
export function anyJson(names: readonly string[]): fc.Arbitrary<JsonValue> {
  const name = fc.oneof(fc.constantFrom(...names, ...TRAPS), fc.string());
  return fc.letrec<{ json: JsonValue }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      scalars,
      fc.array(tie("json"), { maxLength: 4 }),
      fc
        .array(fc.tuple(name, tie("json")), { maxLength: 5 })
        .map((entries): JsonValue => Object.fromEntries(entries)),
    ),
  })).json;
}
