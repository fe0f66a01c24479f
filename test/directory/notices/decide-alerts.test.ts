import { describe, expect, it } from "vitest";

import type { AlertKind } from "../../../src/directory/alerts/alert.ts";
import { decideAlerts } from "../../../src/directory/alerts/decide-alerts.ts";
import { readCases } from "./read-cases.ts";

const NOW = Date.parse("2026-06-01T12:00:00.000Z");
const ago = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString();
const agoOrNull = (hours: number | null) => (hours === null ? null : ago(hours));

interface AlertCase {
  readonly name: string;
  readonly facts: {
    readonly writes: { readonly refused: number; readonly total: number };
    readonly lastUsedHoursAgo: number | null;
    readonly hasToken: boolean;
    readonly tokens: readonly {
      readonly id: string;
      readonly createdHoursAgo: number;
      readonly expiresInHours: number | null;
      readonly usedHoursAgo: number | null;
      /** False, unless it says so. */
      readonly isRotated?: boolean;
    }[];
    readonly alerts: readonly {
      readonly kind: AlertKind;
      readonly subject: string;
      readonly raisedHoursAgo: number;
      readonly resolvedHoursAgo: number | null;
    }[];
  };
  /** `kind subject` */
  readonly raises: readonly string[];
  readonly resolves: readonly string[];
}

describe("the watch", () => {
  it.each(readCases<AlertCase>("alert-cases.json"))(
    "$name: raises $raises, resolves $resolves",
    ({ facts, raises, resolves }) => {
      const { raise, resolve } = decideAlerts(
        {
          writes: facts.writes,
          lastUsedAt: agoOrNull(facts.lastUsedHoursAgo),
          hasToken: facts.hasToken,
          tokens: facts.tokens.map((token) => ({
            id: token.id,
            createdAt: ago(token.createdHoursAgo),
            expiresAt: token.expiresInHours === null ? null : ago(-token.expiresInHours),
            lastUsedAt: agoOrNull(token.usedHoursAgo),
            isRotated: token.isRotated ?? false,
          })),
          alerts: facts.alerts.map((alert) => ({
            kind: alert.kind,
            subject: alert.subject,
            raisedAt: ago(alert.raisedHoursAgo),
            resolvedAt: agoOrNull(alert.resolvedHoursAgo),
          })),
        },
        NOW,
      );
      const nameOf = ({ kind, subject }: { kind: AlertKind; subject: string }) =>
        `${kind} ${subject}`;
      expect(raise.map(nameOf)).toEqual(raises);
      expect(resolve.map(nameOf)).toEqual(resolves);
      for (const { detail } of raise) expect(detail).not.toMatch(/undefined|null|NaN/);
    },
  );
});
