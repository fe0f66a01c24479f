import { describe, expect, it } from "vitest";

import { readMemberIds, readMembers } from "../../src/scim/members.ts";
import { thrownBy } from "./thrown-by.ts";

describe("readMembers", () => {
  it("says nothing about members when the body does not", () => {
    expect(readMembers({ displayName: "Retail" })).toBeUndefined();
    expect(readMembers("text")).toBeUndefined();
  });

  it("reads null, an empty string and an empty list as no members", () => {
    expect(readMembers({ members: null })).toStrictEqual([]);
    expect(readMembers({ members: "" })).toStrictEqual([]);
    expect(readMembers({ members: [] })).toStrictEqual([]);
    expect(readMembers({ members: [null, {}] })).toStrictEqual([]);
  });

  it("finds the members in any letter case and behind the schema's URI", () => {
    expect(readMembers({ Members: ["u1"] })).toStrictEqual(["u1"]);
    expect(
      readMembers({ "urn:ietf:params:scim:schemas:core:2.0:Group:members": ["u1"] }),
    ).toStrictEqual(["u1"]);
  });

  it("refuses members under two names", () => {
    const error = thrownBy(() => readMembers({ members: ["u1"], Members: [] }));
    expect(error).toMatchObject({ status: 400, scimType: "invalidValue" });
  });
});

describe("readMemberIds", () => {
  it("reads every form that identity providers send, each id once and in order", () => {
    const value = [
      { value: "u2", $ref: null },
      { value: "u1", display: null, type: "User" },
      "u3",
      { VALUE: "u2" },
    ];
    expect(readMemberIds(value)).toStrictEqual(["u2", "u1", "u3"]);
    expect(readMemberIds({ value: "u1" })).toStrictEqual(["u1"]);
    expect(readMemberIds("u1")).toStrictEqual(["u1"]);
  });

  it("refuses members without an id and ids that are not text", () => {
    for (const member of [
      { display: "Ana" },
      { value: 7 },
      { value: " " },
      7,
      [["u1"]],
      { value: "a\0" },
      { value: "a", Value: "b" },
    ]) {
      expect(thrownBy(() => readMemberIds([member]))).toMatchObject({
        status: 400,
        scimType: "invalidValue",
      });
    }
  });
});
