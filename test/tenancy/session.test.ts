import { describe, expect, it } from "vitest";

import { newSession, parseSession } from "../../src/tenancy/sessions/session.ts";

const clock = { now: () => 1_000_000 };
const later = (hours: number) => ({ now: () => clock.now() + hours * 3_600_000 - 1 });
const OWNERS = [
  ["the operator's", { kind: "operator", keyPrint: "p" }, 10],
  ["an administrator's", { kind: "admin", tenantId: "t", credentialId: "c" }, 10],
  ["a set-up link's", { kind: "setup", tenantId: "t", credentialId: "c" }, 1],
] as const;

describe("parseSession", () => {
  it.each(OWNERS)("reads %s session until it has expired", (_, owner, hours) => {
    const session = newSession("s", owner, clock);
    const text = JSON.stringify(session);
    expect(parseSession(text, later(hours))).toEqual(session);
    expect(parseSession(text, later(hours + 0.001))).toBeUndefined();
  });

  it.each([
    ["nonsense", "x"],
    ["another kind", JSON.stringify({ id: "s", owner: { kind: "reader" }, expiresAt: 1e12 })],
    ["no time", JSON.stringify({ id: "s", owner: OWNERS[0][1] })],
    ["a time that is none", JSON.stringify({ id: "s", owner: OWNERS[0][1], expiresAt: "never" })],
  ])("takes %s for no session", (_, text) => {
    expect(parseSession(text, clock)).toBeUndefined();
  });
});
