import { describe, expect, it } from "vitest";

import { readBearer } from "../../src/tenancy/bearer.ts";

describe("readBearer", () => {
  it.each([
    "TOKEN",
    "Bearer TOKEN",
    "bearer TOKEN",
    "BEARER TOKEN",
    "Bearer Bearer TOKEN",
    "bearer Bearer TOKEN",
    "  Bearer   TOKEN  ",
    "\tBearer\tTOKEN\t",
  ])("takes the token of %j", (header) => {
    expect(readBearer(header)).toEqual({ kind: "token", token: "TOKEN" });
  });

  it.each([
    [null, "no-authorization"],
    ["", "no-authorization"],
    ["   ", "no-authorization"],
    ["Bearer", "empty-bearer"],
    ["Bearer ", "empty-bearer"],
    ["Bearer bearer", "empty-bearer"],
    ["Basic dXNlcjpwYXNz", "other-scheme"],
    ["Digest TOKEN", "other-scheme"],
    ["Bearer TOKEN TOKEN", "other-scheme"],
    ["TOKEN Bearer", "other-scheme"],
    ["Bearer Basic TOKEN", "other-scheme"],
    ["Bearer Bearer Bearer TOKEN", "other-scheme"],
    ["Bearer TOKEN, Bearer OTHER", "two-headers"],
    ["Bearer TOKEN,", "two-headers"],
    ["Bearer TÖKEN", "header-not-ascii"],
    ["Bearer TOKEN\r", "header-not-ascii"],
    ["Bearer TOKEN\0", "header-not-ascii"],
    [`Bearer ${"x".repeat(8186)}`, "header-too-long"],
  ])("refuses %j: %s", (header, reason) => {
    expect(readBearer(header)).toEqual({ kind: "refused", reason });
  });

  it("takes 8,192 characters", () => {
    expect(readBearer(`Bearer ${"x".repeat(8185)}`).kind).toBe("token");
  });
});
