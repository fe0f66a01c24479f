import { afterEach, describe, expect, it, vi } from "vitest";

import { isOneOf } from "../../src/tenancy/is-one-of.ts";

const NEW = "n".repeat(40);
const OLD = "o".repeat(40);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a secret from outside", () => {
  it.each([
    [NEW, true],
    [OLD, true],
    [NEW.slice(0, -1), false],
    [`${NEW}n`, false],
    [NEW.toUpperCase(), false],
    [`m${NEW.slice(1)}`, false],
    [`${NEW.slice(0, -1)}m`, false],
    ["", false],
    [`${NEW},${OLD}`, false],
    ["x".repeat(100_000), false],
  ])("%s is one of ours: %s", async (candidate, expected) => {
    expect(await isOneOf(candidate, [NEW, OLD])).toBe(expected);
  });

  it("is never one of none", async () => {
    for (const candidate of ["", NEW, "undefined"]) {
      expect(await isOneOf(candidate, [])).toBe(false);
    }
  });

  it("is compared with every secret, byte by byte of what is equally long, wherever and whether it matches", async () => {
    const digest = vi.spyOn(crypto.subtle, "digest");
    // Bytes that are read tell how far a comparison went.
    let read = 0;
    const at = Object.getOwnPropertyDescriptor(
      Object.getPrototypeOf(Uint8Array.prototype),
      "reduce",
    );
    const reduce = vi.spyOn(Uint8Array.prototype, "reduce").mockImplementation(function count(
      this: Uint8Array,
      ...step: unknown[]
    ) {
      read += this.length;
      return Reflect.apply(at?.value as () => number, this, step);
    });
    const costs: [number, number][] = [];
    for (const candidate of [NEW, OLD, "", "n", `${NEW.slice(0, -1)}m`, "x".repeat(1000)]) {
      digest.mockClear();
      read = 0;
      await isOneOf(candidate, [NEW, OLD]);
      costs.push([digest.mock.calls.length, read]);
    }
    reduce.mockRestore();
    expect(costs).toEqual(costs.map(() => [3, 64]));
  });
});
