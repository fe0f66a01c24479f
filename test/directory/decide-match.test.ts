import { describe, expect, it } from "vitest";

import { decideMatch } from "../../src/directory/people/decide-match.ts";
import type { UserRecord } from "../../src/directory/ports.ts";
import { userKeys } from "../../src/directory/people/user-keys.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { settingsOf, type PresetName } from "../../src/tenancy/presets.ts";
import type { Settings } from "../../src/tenancy/settings.ts";

const at = "2026-01-01T00:00:00.000Z";
let made = 0;

function person(
  document: JsonObject,
  how: Partial<Pick<UserRecord, "origin" | "deactivatedByHand">> = {},
  settings: Settings = settingsOf("training", {}),
): UserRecord {
  const keys = userKeys(document, settings);
  return {
    id: `person-${++made}`,
    document,
    keys,
    email: keys.email,
    active: keys.active,
    departmentId: null,
    origin: "scim",
    adoptedAt: null,
    adoptedBy: null,
    deactivatedByHand: false,
    predecessorId: null,
    version: 1,
    createdAt: at,
    updatedAt: at,
    groups: undefined,
    ...how,
  };
}

const enrolled = (document: JsonObject) => person(document, { origin: "manual" });
const inactive = (document: JsonObject) => person({ ...document, active: false });
const byHand = (document: JsonObject) =>
  person({ ...document, active: false }, { deactivatedByHand: true });
const work = (value: string) => ({ emails: [{ value, type: "work" }] });

const request: JsonObject = { userName: "ana", externalId: "e1", ...work("ana@example.com") };

function decide(people: readonly UserRecord[], preset: PresetName = "training") {
  const settings = settingsOf(preset, {});
  const decision = decideMatch(people, userKeys(request, settings), settings);
  switch (decision.kind) {
    case "adopt":
    case "reactivate":
      return [decision.kind, decision.person.id, decision.by];
    case "taken":
      return [decision.kind, decision.attribute];
    case "ambiguous":
      return [decision.kind, ...decision.by];
    case "create":
    case "deactivated-by-hand":
      return [decision.kind];
  }
}

describe("decideMatch with adoption", () => {
  const cases: [string, UserRecord[], (people: readonly UserRecord[]) => unknown[]][] = [
    ["nobody", [], () => ["create"]],
    [
      "somebody else whom the search brought along",
      [enrolled({ userName: "x" })],
      () => ["create"],
    ],
    [
      "an enrolled person with the email",
      [enrolled({ userName: "x", ...work("ANA@example.com") })],
      ([one]) => ["adopt", one?.id, "email"],
    ],
    [
      "an enrolled person with the userName",
      [enrolled({ userName: "ANA" })],
      ([one]) => ["adopt", one?.id, "userName"],
    ],
    [
      "an enrolled person with every key",
      [enrolled(request)],
      ([one]) => ["adopt", one?.id, "externalId"],
    ],
    [
      "an inactive person with the externalId",
      [inactive({ userName: "x", externalId: "e1" })],
      ([one]) => ["reactivate", one?.id, "externalId"],
    ],
    [
      "an inactive person with the userName",
      [inactive({ userName: "ana" })],
      ([one]) => ["reactivate", one?.id, "userName"],
    ],
    [
      "an active person with the userName",
      [person({ userName: "ana" })],
      () => ["taken", "userName"],
    ],
    [
      "an active person with the email",
      [person({ userName: "x", ...work("ana@example.com") })],
      () => ["taken", "emails"],
    ],
    [
      "an active person with the externalId alone",
      [person({ userName: "x", externalId: "e1" })],
      () => ["create"],
    ],
    [
      "an active person with the userName before an enrolled one",
      [enrolled({ userName: "x", ...work("ana@example.com") }), person({ userName: "ana" })],
      () => ["taken", "userName"],
    ],
    [
      "an enrolled and an inactive person",
      [enrolled({ userName: "ana" }), inactive({ userName: "x", externalId: "e1" })],
      () => ["ambiguous", "userName", "externalId"],
    ],
    ["somebody deactivated by hand", [byHand({ userName: "ana" })], () => ["deactivated-by-hand"]],
    [
      "somebody deactivated by hand, and another one",
      [byHand({ userName: "ana" }), enrolled({ userName: "x", ...work("ana@example.com") })],
      () => ["deactivated-by-hand"],
    ],
  ];
  it.each(cases)("meets %s", (_who, people, expected) => {
    expect(decide(people)).toEqual(expected(people));
  });
});

describe("decideMatch without adoption", () => {
  const cases: [string, UserRecord[], unknown[]][] = [
    ["nobody", [], ["create"]],
    [
      "an enrolled person with the userName",
      [enrolled({ userName: "ana" })],
      ["taken", "userName"],
    ],
    [
      "an inactive person with the userName",
      [inactive({ userName: "ana" })],
      ["taken", "userName"],
    ],
    [
      "somebody with the email, which may be shared",
      [inactive({ userName: "x", ...work("ana@example.com") })],
      ["create"],
    ],
    [
      "somebody with the externalId, which may be shared",
      [inactive({ userName: "x", externalId: "e1" })],
      ["create"],
    ],
    ["somebody deactivated by hand", [byHand({ userName: "ana" })], ["taken", "userName"]],
  ];
  it.each(cases)("meets %s", (_who, people, expected) => {
    expect(decide(people, "generic")).toEqual(expected);
  });
});
