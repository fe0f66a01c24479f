import { describe, expect, it } from "vitest";

import {
  provisioningState,
  type ProvisioningFacts,
} from "../../../src/directory/stats/provisioning-state.ts";
import cases from "./provisioning-state-cases.json";

const NOW = Date.parse("2026-11-22T10:00:00.000Z");
const UNITS: Readonly<Record<string, number>> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
};

/** A time of today, or so long ago. */
function timeOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, count, unit = ""] = /^-(\d+) (\w+)$/.exec(text) ?? [];
  return count === undefined
    ? `2026-11-22T${text}:00.000Z`
    : new Date(NOW - Number(count) * (UNITS[unit] ?? NaN)).toISOString();
}

describe("the state of a tenant is", () => {
  it.each(cases)("$it", ({ facts, state }) => {
    const given: Record<string, unknown> = facts;
    const text = (name: string) => given[name] as string | undefined;
    const known: ProvisioningFacts = {
      status: (given["status"] ?? "active") as ProvisioningFacts["status"],
      lastRequestAt: timeOf(text("lastRequestAt")),
      firstWriteAt: timeOf(text("firstWriteAt")),
      lastWriteAt: timeOf(text("lastWriteAt")),
      scimUsers: Number(given["scimUsers"] ?? 0),
    };
    expect(provisioningState(known, NOW)).toBe(state);
  });
});
