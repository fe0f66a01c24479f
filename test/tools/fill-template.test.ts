import { describe, expect, it } from "vitest";

import { fillPath, fillTemplate, valueAt } from "../scenarios/fill-template.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

describe("filling a story's templates", () => {
  it("gives a string that is one template the variable's type", () => {
    expect(fillTemplate({ n: "{{n}}", o: ["{{o}}"] }, { n: 5, o: { a: true } })).toEqual({
      n: 5,
      o: [{ a: true }],
    });
  });

  it("writes a variable into longer text", () => {
    expect(fillTemplate("{{a}}-{{b.c}}", { a: 1, b: { c: "x" } })).toBe("1-x");
  });

  it("leaves keys alone", () => {
    expect(fillTemplate({ "{{a}}": 1 }, { a: "x" })).toEqual({ "{{a}}": 1 });
  });

  it("encodes what it writes into a path, once", () => {
    expect(fillPath("/Users?filter=userName+eq+%22{{a}}%22", { a: 'a+b "c"@x&y=%' })).toBe(
      "/Users?filter=userName+eq+%22a%2Bb%20%22c%22%40x%26y%3D%25%22",
    );
  });

  it("merges what was read with what changes, without what is omitted", () => {
    const template = { $merge: ["{{read}}", { title: "Nurse" }], $omit: ["active"] };
    expect(fillTemplate(template, { read: { id: "1", title: "", active: true } })).toEqual({
      id: "1",
      title: "Nurse",
    });
  });

  it("says which variable nothing has set", () => {
    expect(() => fillTemplate("{{userId}}", {})).toThrow("nothing has set {{userId}}");
  });

  it("does not read what every object inherits", () => {
    expect(() => fillTemplate("{{constructor}}", {})).toThrow("nothing has set");
  });
});

describe("walking into a body", () => {
  const body = { Resources: [{ id: "1" }], [ENTERPRISE]: { manager: { value: "2" } } };

  it.each([
    ["Resources.0.id", "1"],
    [`${ENTERPRISE}.manager.value`, "2"],
    ["Resources.1.id", undefined],
    ["Resources.0.id.length", undefined],
    [".", body],
  ])("finds %s", (path, value) => {
    expect(valueAt(body, path)).toBe(value);
  });
});
