import { crc32 } from "node:zlib";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isWellFormedToken, mintToken } from "../../src/tenancy/token.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("a SCIM token", () => {
  it("is the prefix, 43 base64url characters and a checksum of six", () => {
    expect(mintToken(new Uint8Array(32))).toMatch(/^scim_A{43}[0-9A-Za-z]{6}$/);
    expect(mintToken(new Uint8Array(32).fill(255))).toMatch(/^scim__{42}8[0-9A-Za-z]{6}$/);
  });

  it("spells its bytes and its CRC32 as zlib and Buffer do", () => {
    fc.assert(
      fc.property(randomBytes, (bytes) => {
        const token = mintToken(bytes);
        const head = `scim_${Buffer.from(bytes).toString("base64url")}`;
        const value = token
          .slice(head.length)
          .split("")
          .reduce((sum, digit) => sum * 62 + BASE62.indexOf(digit), 0);
        expect(token.slice(0, head.length)).toBe(head);
        expect(value).toBe(crc32(head));
        expect(token).toHaveLength(54);
      }),
    );
  });

  it("pads a small checksum with zeros on the left", () => {
    // Every token is 54 characters long, those whose CRC32 is below 62^5 included.
    const small = Array.from({ length: 400 }, (_, seed) =>
      mintToken(new Uint8Array(32).fill(seed % 256, 0, seed % 32)),
    ).filter((token) => token.at(48) === "0");
    expect(small.length).toBeGreaterThan(0);
    for (const token of small) expect(isWellFormedToken(token)).toBe(true);
  });

  it("is well formed as it was minted", () => {
    fc.assert(fc.property(randomBytes, (bytes) => isWellFormedToken(mintToken(bytes))));
  });

  it("is not well formed with any one character changed", () => {
    const other = fc.constantFrom("a", "b", "z", "A", "Z", "0", "1", "9", "-", "_", " ", "é");
    fc.assert(
      fc.property(randomBytes, fc.nat(53), other, (bytes, at, character) => {
        const token = mintToken(bytes);
        fc.pre(token.charAt(at) !== character);
        expect(isWellFormedToken(token.slice(0, at) + character + token.slice(at + 1))).toBe(false);
      }),
    );
  });

  it.each([
    ["nothing", ""],
    ["the prefix alone", "scim_"],
    ["another product's token", "ghp_0123456789abcdefghij0123456789abcdefghij012345"],
    ["the placeholder of .dev.vars.example", "replace-me"],
    ["a token with its scheme", `Bearer ${mintToken(new Uint8Array(32))}`],
    ["a token with a line feed behind it", `${mintToken(new Uint8Array(32))}\n`],
    ["two tokens", `${mintToken(new Uint8Array(32))},${mintToken(new Uint8Array(32))}`],
    ["a token in capitals", mintToken(new Uint8Array(32)).toUpperCase()],
  ])("refuses %s", (_, text) => {
    expect(isWellFormedToken(text)).toBe(false);
  });

  it("refuses to be minted from too few random bytes", () => {
    expect(() => mintToken(new Uint8Array(31))).toThrow(RangeError);
  });
});
