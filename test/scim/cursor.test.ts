import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  CURSOR_TTL_SECONDS,
  type CursorPosition,
  decodeCursor,
  encodeCursor,
  MAX_CURSOR_CHARACTERS,
  queryFingerprint,
} from "../../src/scim/list/cursor.ts";
import { ScimError } from "../../src/scim/error.ts";
import { parseListQuery } from "../../src/scim/list/list-query.ts";
import { USER } from "../../src/scim/schema/resource-types.ts";
import { check } from "./runs.ts";
import { thrownBy } from "./thrown-by.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const POSITION: CursorPosition = { sortValue: "ruiz", id: "u1", issuedAt: NOW };
const INVALID = expect.objectContaining({ status: 400, scimType: "invalidCursor" });

const fingerprint = (params: Record<string, string>, scope = "User") =>
  queryFingerprint(scope, parseListQuery(params, USER));

/** A cursor that holds any JSON. */
const forge = (content: unknown) =>
  Buffer.from(typeof content === "string" ? content : JSON.stringify(content)).toString(
    "base64url",
  );

describe("a cursor", () => {
  it.each<CursorPosition["sortValue"]>([undefined, null, "", "Ñandú 😀", 0, -1.5, "\uD800"])(
    "gives back a position at %j",
    (sortValue) => {
      const position = { ...POSITION, sortValue };
      expect(decodeCursor(encodeCursor(position, "f"), "f", NOW)).toStrictEqual(position);
    },
  );

  it("holds only characters that a URL leaves alone", async () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    const sortValue = fc.oneof(text, fc.double({ noDefaultInfinity: true, noNaN: true }));
    await check(
      fc.property(sortValue, fc.string({ minLength: 1 }), text, (value, id, print) => {
        // -0 and 0 are one number in JSON, and in an order.
        const position = { sortValue: value === 0 ? 0 : value, id, issuedAt: NOW };
        const cursor = encodeCursor(position, print);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeCursor(cursor, print, NOW)).toStrictEqual(position);
      }),
      100,
    );
  });

  it("is good until its time is over, and expired after that", () => {
    const cursor = encodeCursor(POSITION, "f");
    const end = NOW + CURSOR_TTL_SECONDS * 1000;
    expect(decodeCursor(cursor, "f", end)).toStrictEqual(POSITION);
    expect(() => decodeCursor(cursor, "f", end + 1)).toThrow(
      expect.objectContaining({ status: 400, scimType: "expiredCursor" }),
    );
  });

  it("bears a clock that is a little behind, and no cursor from the future", () => {
    const cursor = encodeCursor(POSITION, "f");
    expect(decodeCursor(cursor, "f", NOW - 60_000)).toStrictEqual(POSITION);
    expect(() => decodeCursor(cursor, "f", NOW - 60_001)).toThrow(INVALID);
  });

  it("is of no use for another query, even when it is old", () => {
    const cursor = encodeCursor(POSITION, "f");
    expect(() => decodeCursor(cursor, "g", NOW)).toThrow(INVALID);
    expect(() => decodeCursor(cursor, "g", NOW * 2)).toThrow(INVALID);
  });

  it("has one text for every reason to refuse it", () => {
    const details = [encodeCursor(POSITION, "g"), "?", forge([])].map((text) => {
      const thrown = thrownBy(() => decodeCursor(text, "f", NOW));
      return thrown instanceof ScimError ? thrown.detail : undefined;
    });
    expect(new Set(details).size).toBe(1);
    expect(details[0]).toContain("nextCursor");
  });

  it.each([
    ["nothing", ""],
    ["white space", " "],
    ["padding", `${encodeCursor(POSITION, "f")}=`],
    ["base64 of the other alphabet", "+/+/"],
    ["a length that base64 never has", "AAAAA"],
    ["no JSON", forge("{")],
    ["no UTF-8", Buffer.from([0xff, 0xfe, 0xfd]).toString("base64url")],
    ["no list", forge({ id: "u1" })],
    ["too few keys", forge(["f", NOW])],
    ["too many keys", forge(["f", NOW, "u1", "ruiz", 1])],
    ["an empty id", forge(["f", NOW, "", "ruiz"])],
    ["an id that is no text", forge(["f", NOW, 1, "ruiz"])],
    ["a key that is no value", forge(["f", NOW, "u1", { value: "ruiz" }])],
    ["a key that is no number", forge(`["f",${NOW},"u1",1e999]`)],
    ["a time that is no number", forge(["f", "now", "u1"])],
    ["a time with a fraction", forge(["f", NOW + 0.5, "u1"])],
    ["a time without end", forge(`["f",-1e999,"u1"]`)],
    ["more characters than any has", "A".repeat(MAX_CURSOR_CHARACTERS + 1)],
  ])("is invalid when it is %s", (_name, text) => {
    expect(() => decodeCursor(text, "f", NOW)).toThrow(INVALID);
  });

  it("is not made when it would be too long to be read", () => {
    const made = (length: number) =>
      encodeCursor({ ...POSITION, sortValue: "x".repeat(length) }, "f");
    const longest = made(3000);
    expect(decodeCursor(longest, "f", NOW).sortValue).toHaveLength(3000);
    expect(() => made(5000)).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidValue" }),
    );
  });

  it("throws nothing but invalidCursor, whatever the text", async () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.base64String(), fc.json().map(forge));
    await check(
      fc.property(text, (given) => {
        expect(() => decodeCursor(given, "f", NOW)).toThrow(INVALID);
      }),
      500,
    );
  });
});

describe("the fingerprint of a query", () => {
  it("is the same for a query that means the same", () => {
    const one = fingerprint({ filter: 'USERNAME eq "a" and (title pr)', sortBy: "username" });
    const other = fingerprint({
      filter: 'userName EQ "a" AND title pr',
      sortBy: "urn:ietf:params:scim:schemas:core:2.0:User:userName",
      sortOrder: "Ascending",
      count: "7",
      attributes: "title",
      cursor: "x",
    });
    expect(other).toBe(one);
    expect(one).toMatch(/^[a-z0-9]{1,7}$/);
  });

  it("differs with the filter, the order and what is listed", () => {
    const queries: [Record<string, string>, string?][] = [
      [{}],
      [{}, "Group"],
      [{ filter: 'userName eq "a"' }],
      [{ filter: 'userName eq "A"' }],
      [{ filter: 'userName ne "a"' }],
      [{ sortBy: "userName" }],
      [{ sortBy: "title" }],
      [{ sortBy: "userName", sortOrder: "descending" }],
    ];
    const fingerprints = queries.map(([params, scope]) => fingerprint(params, scope));
    expect(new Set(fingerprints).size).toBe(queries.length);
  });
});
