import { describe, expect, it } from "vitest";

import { adviceFor } from "../../src/journal/advice.ts";
import cases from "./advice-cases.json";

const REFUSAL = { outcome: "refused", resourceType: "User", scimType: null } as const;

describe("the advice", () => {
  it.each(cases)("for: $failure", ({ row, says }) => {
    const { outcome = "refused", ...rest } = row;
    const advice = adviceFor({
      ...REFUSAL,
      ...rest,
      outcome: outcome === "applied" ? "applied" : "refused",
    });
    if (says === null) expect(advice).toBeNull();
    else expect(advice).toContain(says);
  });

  it("is another one for each of these failures", () => {
    const parts = cases.flatMap(({ says }) => says ?? []);
    expect(new Set(parts).size).toBe(parts.length);
  });

  it("never repeats what the row says: it may hold a name", () => {
    const reason = 'The value of "canary@example.com" must be a string.';
    const advice = adviceFor({ ...REFUSAL, status: 400, scimType: "invalidValue", reason });
    expect(advice).not.toContain("canary");
  });
});
