import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { JsonValue } from "../../src/scim/json.ts";
import {
  choosesAmongMembers,
  type MembershipDelta,
  splitMembership,
} from "../../src/scim/patch/membership.ts";
import { parsePatch } from "../../src/scim/patch/parse.ts";
import { GROUP } from "../../src/scim/schema/resource-types.ts";
import { check } from "./runs.ts";

function split(operations: JsonValue) {
  return splitMembership(parsePatch({ Operations: operations }, GROUP).operations);
}

function delta(...operations: JsonValue[]): MembershipDelta {
  return split(operations).membership;
}

const only = (part: Partial<MembershipDelta>): MembershipDelta => ({
  cleared: false,
  added: [],
  removed: [],
  ...part,
});

describe("the membership of a PATCH", () => {
  it("adds one member as Entra's default dialect names it", () => {
    expect(delta({ op: "Add", path: "members", value: [{ $ref: null, value: "u1" }] })).toEqual(
      only({ added: ["u1"] }),
    );
  });

  it("removes only the members that a value names, as Entra's default dialect does", () => {
    expect(delta({ op: "Remove", path: "members", value: [{ $ref: null, value: "u1" }] })).toEqual(
      only({ removed: ["u1"] }),
    );
    expect(delta({ op: "remove", path: "members", value: { value: "u1" } })).toEqual(
      only({ removed: ["u1"] }),
    );
    expect(delta({ op: "remove", path: "members", value: ["u1", "u2", "u1"] })).toEqual(
      only({ removed: ["u1", "u2"] }),
    );
  });

  it("removes only the member that a value filter names", () => {
    expect(delta({ op: "remove", path: 'members[value eq "u1"]' })).toEqual(
      only({ removed: ["u1"] }),
    );
    expect(delta({ op: "remove", path: "members[value eq u1]" })).toEqual(
      only({ removed: ["u1"] }),
    );
    expect(delta({ op: "remove", path: 'members[value eq "u1"].value' })).toEqual(
      only({ removed: ["u1"] }),
    );
    expect(
      delta({ op: "remove", path: 'members[value eq "u1"]', value: [{ value: "u2" }] }),
    ).toEqual(only({ removed: ["u1"] }));
  });

  it("removes each member that a filter joined by or names", () => {
    expect(
      delta({ op: "remove", path: 'members[value eq "u1" or value eq "u2" or value eq "u1"]' }),
    ).toEqual(only({ removed: ["u1", "u2"] }));
  });

  it("reads a filter on value and type as one on value", () => {
    expect(delta({ op: "remove", path: 'members[value eq "u1" and type eq "User"]' })).toEqual(
      only({ removed: ["u1"] }),
    );
    expect(
      delta({ op: "remove", path: 'members[type eq "User" and (value eq "u1" or value eq "u2")]' }),
    ).toEqual(only({ removed: ["u1", "u2"] }));
    expect(delta({ op: "remove", path: 'members[value eq "u1" and value eq "u2"]' })).toEqual(
      only({}),
    );
  });

  it.each([
    ['members[type eq "User"]', ["u1", "u2"]],
    ['members[value sw "u"]', ["u1", "u2"]],
    ['members[value ne "u1"]', ["u2", "g1"]],
    ['members[not (value eq "u1")]', ["u2", "g1"]],
    ["members[value pr]", ["u1", "u2", "g1"]],
    ["members[value eq null]", []],
    ['members[value eq "g1" or type eq "User"]', ["u1", "u2", "g1"]],
    ['members[value eq "u1" and display eq "Ana"]', []],
    ['members[value eq "u1" and not (type eq "User")]', []],
  ])("removes those among all members whom %s chooses", (path, removed) => {
    const present = [
      { value: "u1", type: "User" },
      { value: "u2", type: "User" },
      { value: "g1", type: "Group" },
    ];
    const { operations } = parsePatch({ Operations: [{ op: "remove", path }] }, GROUP);
    expect(choosesAmongMembers(operations)).toBe(true);
    expect(splitMembership(operations, present).membership).toEqual(only({ removed }));
  });

  it("chooses among the members as the operations before have left them", () => {
    const { operations } = parsePatch(
      {
        Operations: [
          { op: "remove", path: 'members[value eq "u2"]' },
          { op: "add", path: "members", value: [{ value: "u1" }, { value: "u3" }] },
          { op: "remove", path: 'members[value sw "u"]' },
          { op: "replace", path: "members", value: [{ value: "u4" }] },
          { op: "remove", path: 'members[value ne "u4"]' },
        ],
      },
      GROUP,
    );
    const present = ["u1", "u2"].map((value) => ({ value, type: "User" }));
    expect(splitMembership(operations.slice(0, 3), present).membership).toEqual(
      only({ removed: ["u2", "u1", "u3"] }),
    );
    expect(splitMembership(operations, present).membership).toEqual(
      only({ cleared: true, added: ["u4"] }),
    );
  });

  it("chooses among the members that the request itself has set, whoever was there before", () => {
    expect(
      delta(
        { op: "replace", path: "members", value: ["u1", "u2"] },
        { op: "remove", path: 'members[value ne "u1"]' },
      ),
    ).toEqual(only({ cleared: true, added: ["u1"] }));
  });

  it("needs no other member where the filter names the ids", () => {
    const path = 'members[value eq "u1" and type eq "User"]';
    const { operations } = parsePatch({ Operations: [{ op: "remove", path }] }, GROUP);
    expect(choosesAmongMembers(operations)).toBe(false);
  });

  it("clears the group when members are removed without value and filter", () => {
    expect(delta({ op: "remove", path: "members" })).toEqual(only({ cleared: true }));
    expect(delta({ op: "remove", path: "members", value: null })).toEqual(only({ cleared: true }));
  });

  it("removes nobody when the list of members to remove is empty", () => {
    expect(delta({ op: "remove", path: "members", value: [] })).toEqual(only({}));
  });

  it("replaces all members, as Okta's Push now does", () => {
    expect(
      delta({ op: "replace", path: "members", value: [{ value: "u1", display: "ana@ex.org" }] }),
    ).toEqual(only({ cleared: true, added: ["u1"] }));
    expect(delta({ op: "replace", value: { members: [{ value: "u1" }] } })).toEqual(
      only({ cleared: true, added: ["u1"] }),
    );
    expect(delta({ op: "replace", path: "members", value: [] })).toEqual(only({ cleared: true }));
  });

  it("removes again whom the list brought that replaced all members", () => {
    expect(
      delta(
        { op: "replace", path: "members", value: ["u1", "u2"] },
        { op: "remove", path: "members", value: ["u1", "u3"] },
      ),
    ).toEqual(only({ cleared: true, added: ["u2"] }));
  });

  it("adds nobody for an empty list", () => {
    expect(delta({ op: "add", path: "members", value: [] })).toEqual(only({}));
  });

  it("adds and removes in one body, as Okta does", () => {
    expect(
      delta(
        { op: "remove", path: 'members[value eq "u9"]' },
        { op: "add", path: "members", value: [{ value: "u1", display: null }] },
      ),
    ).toEqual(only({ added: ["u1"], removed: ["u9"] }));
  });

  it("leaves the members alone when a path-less replace does not name them, as in Okta's rename", () => {
    const { membership, rest } = split([
      { op: "replace", value: { id: "g1", displayName: "Crew" } },
    ]);
    expect(membership).toEqual(only({}));
    expect(rest).toHaveLength(1);
  });

  it("takes each member once, whatever type and display are said of it", () => {
    expect(
      delta({
        op: "add",
        path: "members",
        value: [
          { value: "u1", type: "Robot" },
          { value: "u1", display: "A" },
          "u1",
          { value: "u2" },
        ],
      }),
    ).toEqual(only({ added: ["u1", "u2"] }));
  });

  it("keeps ids that differ in letter case apart", () => {
    expect(delta({ op: "add", path: "members", value: ["a", "A"] })).toEqual(
      only({ added: ["a", "A"] }),
    );
  });

  it("ignores what is said about the type of a member", () => {
    expect(delta({ op: "replace", path: 'members[value eq "u1"].type', value: "User" })).toEqual(
      only({}),
    );
  });

  it("adds the member that a value path names", () => {
    expect(delta({ op: "add", path: 'members[value eq "u1"]', value: { type: "User" } })).toEqual(
      only({ added: ["u1"] }),
    );
  });

  it("adds nobody for null to the member that a value path names", () => {
    expect(delta({ op: "add", path: 'members[value eq "u1"]', value: null })).toEqual(only({}));
  });

  it("adds the member that an add to the value of a value path gives", () => {
    expect(delta({ op: "add", path: 'members[value eq "u1"].value', value: "u1" })).toEqual(
      only({ added: ["u1"] }),
    );
  });

  it("puts another member in the place of the one that a value path names", () => {
    expect(
      delta({ op: "replace", path: 'members[value eq "u1"]', value: { value: "u2" } }),
    ).toEqual(only({ added: ["u2"], removed: ["u1"] }));
  });

  it.each([
    { op: "replace", path: "members.value", value: "u1" },
    { op: "remove", path: "members.value" },
    { op: "replace", path: 'members[value eq "u1"].value', value: "u2" },
    { op: "replace", path: 'members[value eq "u1"].display', value: "Ana" },
  ])("refuses to change the value or display of members: $op $path", (operation) => {
    expect(() => delta(operation)).toThrow(
      expect.objectContaining({ status: 400, scimType: "mutability" }),
    );
  });

  it.each([
    [[{ value: 1 }]],
    [[{ display: "Ana" }]],
    [[1]],
    [[{ value: { value: "u1" } }]],
    ["  \u0000"],
  ])("refuses members without an id that is a string: %j", (value) => {
    for (const op of ["add", "replace", "remove"]) {
      expect(() => delta({ op, path: "members", value })).toThrow(
        expect.objectContaining({ status: 400, scimType: "invalidValue" }),
      );
    }
  });
});

const id = fc.constantFrom("u1", "u2", "u3", "u4", "u5");
const ids = fc.uniqueArray(id, { maxLength: 3 });
const step = fc.oneof(
  fc.record({ op: fc.constantFrom("add", "replace", "remove"), value: ids }),
  fc.record({ op: fc.constant("remove") }),
);
type Step = { op: string; value?: string[] };

/** The members that a server would have that kept them in an array and went through the operations. */
function playOneByOne(members: readonly string[], steps: readonly Step[]): string[] {
  return steps.reduce<string[]>(
    (current, { op, value }) => {
      if (op === "add") return [...current, ...(value ?? [])];
      if (op === "replace") return value ?? [];
      return value === undefined ? [] : current.filter((each) => !value.includes(each));
    },
    [...members],
  );
}

describe("the delta of any PATCH", () => {
  it("has the effect of the operations one by one, and is made of disjoint sets", async () => {
    await check(
      fc.property(ids, fc.array(step, { maxLength: 8 }), (members, steps: Step[]) => {
        const { cleared, added, removed } = delta(
          ...steps.map((each) => ({ path: "members", ...each })),
        );
        const kept = cleared ? [] : members.filter((each) => !removed.includes(each));
        expect(new Set([...kept, ...added])).toEqual(new Set(playOneByOne(members, steps)));
        expect(new Set([...added, ...removed]).size).toBe(added.length + removed.length);
        expect(cleared && removed.length > 0).toBe(false);
      }),
      100,
    );
  });
});
