import { describe, expect, it } from "vitest";

import { graceHours } from "../../src/directory/departments/grace-hours.ts";
import { ownerOf } from "../../src/directory/departments/owner-of.ts";
import type { DepartmentRecord } from "../../src/directory/departments/ports.ts";
import {
  decideGroupLinks,
  decidePeopleLinks,
} from "../../src/directory/reconciliation/decide-links.ts";
import { mostToRetire } from "../../src/directory/reconciliation/most-to-retire.ts";
import { settingsOf } from "../../src/tenancy/presets.ts";

describe("the owner of a department", () => {
  const department: DepartmentRecord = {
    id: "d",
    name: "Sales",
    nameKey: "sales",
    origin: "manual",
    groupId: null,
    memberCount: 0,
    sources: { group: 0, attribute: 0, manual: 0 },
    createdAt: "2026-01-01T00:00:00.000Z",
    orphanedAt: null,
  };
  const attribute = { ...department.sources, attribute: 1 };
  it.each<[string, Partial<DepartmentRecord>, string]>([
    ["nobody else where a hand made it", {}, "hand"],
    ["a hand, also with people", { memberCount: 3 }, "hand"],
    ["the group that feeds it, whoever made it", { groupId: "g" }, "group"],
    ["the group before the attribute", { groupId: "g", sources: attribute }, "group"],
    ["the attribute that names it, whoever made it", { sources: attribute }, "attribute"],
    ["the synchronisation that left it", { origin: "group" }, "synchronisation"],
    ["the synchronisation, by the attribute", { origin: "attribute" }, "synchronisation"],
  ])("is %s", (_what, fields, owner) => {
    expect(ownerOf({ ...department, ...fields })).toBe(owner);
  });
});

describe("the most that is retired in one run", () => {
  it.each([
    [0, 10],
    [10, 10],
    [219, 10],
    [220, 11],
    [239, 11],
    [3_000, 150],
  ])("of %i departments is %i", (live, most) => {
    expect(mostToRetire(live)).toBe(most);
  });
});

describe("the grace of an orphaned department", () => {
  it.each([
    ["24", 24],
    ["0", 0],
    [" 0.5 ", 0.5],
    [undefined, 24],
    ["", 24],
    ["-1", 24],
    ["a day", 24],
    ["Infinity", 24],
  ])("given as %j is %d hours", (text, hours) => {
    expect(graceHours(text)).toBe(hours);
  });
});

describe("links to repair", () => {
  let made = 0;
  const nextId = () => `new-${++made}`;
  const settings = settingsOf("training", { ignoredGroups: ["All staff"] });
  const group = (displayName: string, isLinked = false) => ({
    id: displayName,
    displayName,
    isLinked,
  });

  it("lead a group to the department of its name, and an ignored one nowhere", () => {
    const groups = [group(" Café "), group("ALL STAFF ", true), group("all staff"), group("  ")];
    expect(decideGroupLinks(groups, settings, nextId)).toEqual([
      {
        group: groups[0],
        department: { id: expect.any(String), name: "Café", nameKey: "café", origin: "group" },
      },
      { group: groups[1], department: null },
    ]);
  });

  it("lead nowhere where groups are no departments, and stay", () => {
    const plain = settingsOf("training", { groups: "plain" });
    expect(decideGroupLinks([group("Sales")], plain, nextId)).toEqual([]);
  });

  it("lead people to the department that their documents name", () => {
    const people = [
      { id: "a", department: " ÉCOLE " },
      { id: "b", department: " " },
      { id: "c", department: null },
    ];
    const links = decidePeopleLinks(people, nextId);
    expect(links.map(({ department }) => department?.nameKey)).toEqual([
      "école",
      undefined,
      undefined,
    ]);
    expect(links[0]?.department).toMatchObject({ name: "ÉCOLE", origin: "attribute" });
  });
});
