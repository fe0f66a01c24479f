import { describe, expect, it } from "vitest";

import {
  countsAsDeactivation,
  deactivationGuard,
  type Departure,
} from "../../../src/directory/deactivations/deactivation-guard.ts";
import {
  isMassDeactivation,
  type DeactivationCount,
  type DeactivationLimit,
} from "../../../src/directory/deactivations/is-mass-deactivation.ts";
import type { Actor } from "../../../src/journal/change.ts";
import { settingsOf } from "../../../src/tenancy/presets.ts";
import { readCases } from "./read-cases.ts";

const AT = "2026-06-01T12:00:00.000Z";
const hoursBefore = (hours: number) => new Date(Date.parse(AT) - hours * 3_600_000).toISOString();

interface MassCase {
  readonly name: string;
  readonly count: DeactivationCount;
  readonly limit: DeactivationLimit;
  readonly trips: boolean;
}

interface DepartureCase {
  readonly name: string;
  readonly becomes: Departure["becomes"];
  readonly wasActive: boolean;
  readonly hoursOld: number;
  readonly actor: Actor["kind"];
  readonly counts: boolean;
}

describe("too many deactivations", () => {
  it.each(readCases<MassCase>("mass-deactivation-cases.json"))(
    "$name: $trips",
    ({ count, limit, trips }) => {
      expect(isMassDeactivation(count, limit)).toBe(trips);
    },
  );
});

describe("what counts", () => {
  const cases = readCases<DepartureCase>("departure-cases.json");
  const departureOf = ({ becomes, wasActive, hoursOld }: DepartureCase): Departure => ({
    userId: "ana",
    createdAt: hoursBefore(hoursOld),
    wasActive,
    becomes,
  });
  const contextOf = (actor: Actor["kind"], settings = settingsOf("training", {})) => ({
    settings,
    actor: { kind: actor, id: "", hint: "" },
    at: AT,
  });

  it.each(cases)("$name: $counts", (row) => {
    expect(countsAsDeactivation(departureOf(row), row.actor, AT)).toBe(row.counts);
    expect(deactivationGuard(contextOf(row.actor), departureOf(row))).toHaveLength(
      row.counts ? 1 : 0,
    );
  });

  it("is nothing where the tenant has no guard", () => {
    const settings = settingsOf("training", { deactivationGuard: null });
    for (const row of cases) {
      expect(deactivationGuard(contextOf(row.actor, settings), departureOf(row))).toEqual([]);
    }
  });

  it("is compared with the setting, in a window of its minutes", () => {
    const departure = { userId: "ana", createdAt: hoursBefore(48), wasActive: true } as const;
    expect(deactivationGuard(contextOf("token"), { ...departure, becomes: "deleted" })).toEqual([
      {
        kind: "few-deactivations",
        userId: "ana",
        limit: { people: 10, percent: 20 },
        windowsEndedBefore: hoursBefore(1),
      },
    ]);
  });
});
