import { describe, expect, it } from "vitest";
import * as z from "zod/mini";

import { fieldErrors, messageOf } from "../../src/admin/field-errors.ts";

const Schema = z.strictObject({
  name: z.string().check(z.minLength(2), z.maxLength(3)),
  count: z.int().check(z.minimum(1), z.maximum(9)),
  list: z.array(z.string()).check(z.maxLength(1)),
  kind: z.enum(["a", "b"]),
  mail: z.email(),
  at: z.iso.datetime(),
  on: z.boolean(),
});
const GOOD = {
  name: "ab",
  count: 1,
  list: [],
  kind: "a",
  mail: "a@example.com",
  at: "2026-01-31T12:00:00Z",
  on: true,
};

function told(value: unknown): Record<string, string> {
  const { error } = Schema.safeParse(value, { error: messageOf });
  return Object.fromEntries(
    fieldErrors(error?.issues ?? []).map(({ path, message }) => [path, message]),
  );
}

describe("messageOf", () => {
  it("has nothing to say of what is right", () => {
    expect(told(GOOD)).toEqual({});
  });

  it.each([
    ["name", undefined, "This field is required."],
    ["name", 1, "Use text."],
    ["name", "a", "Use at least 2 characters."],
    ["name", "abcd", "Use at most 3 characters."],
    ["count", "1", "Use a number."],
    ["count", 1.5, "Use a whole number."],
    ["count", 0, "Use at least 1."],
    ["count", 10, "Use at most 9."],
    ["list", ["a", "b"], "Use at most 1 entries."],
    ["list", "a", "Use a list."],
    ["kind", "c", "Use one of: a, b."],
    ["mail", "a", "Use an email address."],
    ["at", "today", "Use an ISO 8601 date and time, for example 2026-01-31T12:00:00Z."],
    ["on", "yes", "Use true or false."],
    ["other", 1, "There is no such field."],
  ])("says of %s: %j what to send instead", (field, value, message) => {
    expect(told({ ...GOOD, [field]: value })).toEqual({ [field]: message });
  });

  it("never repeats what was sent", () => {
    expect(
      JSON.stringify(told({ ...GOOD, name: "secret-value", kind: "secret-value" })),
    ).not.toContain("secret-value");
  });
});
