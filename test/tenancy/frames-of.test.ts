import { describe, expect, it } from "vitest";

import { framesOf } from "../../src/tenancy/frames-of.ts";

describe("the frames of an error", () => {
  it("say where in the code it was thrown", () => {
    const frames = framesOf(new TypeError("what it says"));
    expect(frames[0]).toMatch(/^at .*frames-of\.test\.ts:\d+:\d+\)?$/);
    expect(frames.length).toBeLessThanOrEqual(8);
  });

  it("hold nothing of the message, also where that has lines that look like places", () => {
    for (const message of [
      "at canary",
      "a\n  at canary@example.com\n    at canary",
      "at at\nat at",
    ])
      expect(framesOf(new Error(message)).join("\n")).not.toMatch(/canary|^at at$/m);
    expect(framesOf(new Error("")).length).toBeGreaterThan(0);
  });

  it("are none where the stack does not begin with the message, which is then somewhere in it", () => {
    const error = new Error("new");
    error.stack = "Error: old\nat canary";
    expect(framesOf(error)).toEqual([]);
    delete error.stack;
    expect(framesOf(error)).toEqual([]);
  });
});
