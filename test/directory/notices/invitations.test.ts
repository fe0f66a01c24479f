import { describe, expect, it } from "vitest";

import {
  decideChange,
  type InvitationAction,
  type InvitationDecision,
} from "../../../src/directory/invitations/decide-change.ts";
import {
  isStillInvited,
  MAX_ATTEMPTS,
  nextAttemptAt,
  settlementOf,
} from "../../../src/directory/invitations/decide-delivery.ts";
import { decideQueueing } from "../../../src/directory/invitations/decide-queueing.ts";
import type { InvitationState, Invitee } from "../../../src/directory/invitations/invitation.ts";
import {
  inviteOnCreate,
  isInvitedOnCreate,
} from "../../../src/directory/invitations/invite-on-create.ts";
import type { Settlement } from "../../../src/directory/invitations/queue.ts";
import { withdrawInvitation } from "../../../src/directory/invitations/withdraw-invitation.ts";
import type { MailOutcome } from "../../../src/directory/mail/ports.ts";
import type { Origin } from "../../../src/directory/ports.ts";
import { settingsOf } from "../../../src/tenancy/presets.ts";
import type { Settings } from "../../../src/tenancy/settings.ts";
import { readCases } from "./read-cases.ts";

const AT = "2026-06-01T12:00:00.000Z";
const minutesAfter = (minutes: number) => new Date(Date.parse(AT) + minutes * 60_000).toISOString();

describe("who is invited on creation", () => {
  it.each(
    readCases<{
      name: string;
      setting: Settings["invitations"];
      person: Invitee & { origin: Origin };
      invited: boolean;
    }>("invite-on-create-cases.json"),
  )("$name: $invited", ({ setting, person, invited }) => {
    expect(isInvitedOnCreate(person, setting)).toBe(invited);
  });

  it("waits as long as the tenant says", () => {
    const settings = settingsOf("training", {
      invitations: "on-create",
      invitationDelayMinutes: 25,
    });
    const person = { id: "ana", origin: "scim", active: true, email: "ana@example.com" } as const;
    expect(inviteOnCreate({ settings, at: AT }, person)).toEqual([
      { kind: "queue-invitation", userId: "ana", dueAt: minutesAfter(25) },
    ]);
    expect(inviteOnCreate({ settings, at: AT }, { ...person, email: null })).toEqual([]);
  });
});

describe("who leaves", () => {
  it.each([
    ["off", "inactive", 0],
    ["off", "former", 0],
    ["off", "erased", 1],
    ["manual", "inactive", 1],
    ["on-create", "former", 1],
  ] as const)(
    "costs with the setting %s, when they become %s, %i writes",
    (setting, becomes, writes) => {
      const settings = settingsOf("training", { invitations: setting });
      expect(withdrawInvitation(settings, "ana", becomes)).toHaveLength(writes);
    },
  );
});

describe("who is invited by hand", () => {
  it.each(
    readCases<{
      name: string;
      person?: Invitee;
      state?: InvitationState;
      decision: ReturnType<typeof decideQueueing>;
    }>("queueing-cases.json"),
  )("$name: $decision", ({ person, state, decision }) => {
    expect(decideQueueing({ userId: "ana", person, state })).toBe(decision);
  });
});

describe("what may be done to an invitation", () => {
  it.each(
    readCases<{
      name: string;
      action: InvitationAction;
      state: InvitationState;
      person?: Invitee;
      result: InvitationDecision;
    }>("invitation-change-cases.json"),
  )("$name", ({ action, state, person, result }) => {
    expect(decideChange(action, state, person)).toEqual(result);
  });
});

describe("what becomes of a mail", () => {
  it.each(
    readCases<{ name: string; outcome: MailOutcome; attempt: number; settlement: Settlement }>(
      "settlement-cases.json",
    ),
  )("$name", ({ outcome, attempt, settlement }) => {
    expect(settlementOf(outcome, attempt)).toEqual(settlement);
  });

  it("is waited for longer and longer", () => {
    const pauses = Array.from({ length: MAX_ATTEMPTS }, (_, at) =>
      nextAttemptAt(at + 1, Date.parse(AT)),
    );
    expect(pauses).toEqual([5, 30, 120, 720, 720].map(minutesAfter));
  });

  it.each([
    ["somebody active with an address", { active: true, email: "a@example.com" }, "manual", true],
    ["somebody inactive by now", { active: false, email: "a@example.com" }, "manual", false],
    ["somebody without an address by now", { active: true, email: null }, "manual", false],
    ["somebody who is gone", undefined, "on-create", false],
    ["a tenant that has switched it off", { active: true, email: "a@example.com" }, "off", false],
  ] as const)("matters to %s: %s", (_who, person, setting, wanted) => {
    expect(isStillInvited(person, setting)).toBe(wanted);
  });
});
