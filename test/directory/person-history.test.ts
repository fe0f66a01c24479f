import { describe, expect, it } from "vitest";

import { mergeHistory, type AssignmentEvent } from "../../src/directory/people/person-history.ts";
import type { RecordedChange } from "../../src/journal/recorded-change.ts";

const change = (seq: number, at: string): RecordedChange => ({
  seq,
  at,
  requestId: "r",
  actor: { kind: "token", id: "t", hint: "abcd" },
  operation: "patch",
  resourceType: "User",
  resourceId: "u",
  outcome: "applied",
  status: 200,
  scimType: null,
  reason: null,
  diff: [],
});
const event = (at: string): AssignmentEvent => ({
  at,
  operation: "assign",
  department: { id: "d", name: "Retail", source: "manual" },
});

describe("mergeHistory", () => {
  const cases: [string, [number, string][], string[], (number | string)[]][] = [
    ["nothing", [], [], []],
    [
      "changes alone",
      [
        [2, "b"],
        [1, "a"],
      ],
      [],
      [2, 1],
    ],
    ["assignments alone", [], ["b", "a"], ["b", "a"]],
    [
      "both, the newest first",
      [
        [2, "d"],
        [1, "b"],
      ],
      ["e", "c", "a"],
      ["e", 2, "c", 1, "a"],
    ],
    ["an assignment before the change that made it", [[1, "a"]], ["a"], ["a", 1]],
    [
      "changes in the order of their numbers, whatever the clocks said",
      [
        [3, "a"],
        [2, "c"],
        [1, "b"],
      ],
      ["b"],
      ["b", 3, 2, 1],
    ],
  ];
  it.each(cases)("puts together %s", (_what, changes, events, expected) => {
    const merged = mergeHistory(
      changes.map(([seq, at]) => change(seq, at)),
      events.map(event),
    );
    const told = merged.map((item) => (item.kind === "change" ? item.change.seq : item.event.at));
    expect(told).toEqual(expected);
  });
});
