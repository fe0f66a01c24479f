import { describe, expect, it } from "vitest";

import { chooseWrite } from "../../tools/torture/crash/choose-write.ts";
import { compareHoldings, findState } from "../../tools/torture/crash/compare-holdings.ts";
import {
  type Holdings,
  membersOf,
  NO_HOLDINGS,
  type Person,
  withChange,
  withGroup,
  withGroupChange,
  withoutGroup,
  withoutPerson,
  withPerson,
} from "../../tools/torture/crash/holdings.ts";
import type { Pen } from "../../tools/torture/crash/pen.ts";
import { holdingsIn, oneSided } from "../../tools/torture/crash/read-directory.ts";
import type { Write } from "../../tools/torture/crash/write.ts";
import { seededRandom } from "../../tools/torture/seeded-random.ts";

const ANA: Person = {
  userName: "ana@example.com",
  displayName: "Ana",
  active: true,
  department: null,
  version: 1,
  groups: new Set(),
};

const staffed = withGroupChange(
  withGroup(withPerson(NO_HOLDINGS, "w0-p1", ANA), "w0-g1", "Staff"),
  "w0-g1",
  { joining: ["w0-p1"] },
);

describe("random choices", () => {
  it("are the same for the same seed", () => {
    const numbers = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => random.below(1000));
    };
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
    expect(new Set(numbers(3)).size).toBeGreaterThan(40);
  });

  it("take some of the items, none twice", () => {
    const random = seededRandom(4);
    for (let round = 0; round < 100; round++) {
      const some = random.some(["a", "b", "c"], 5);
      expect(new Set(some).size).toBe(some.length);
      expect(some.length).toBeLessThanOrEqual(3);
    }
  });
});

describe("holdings", () => {
  it("count a version for each change, and none for a request that changes nothing", () => {
    const renamed = withChange(staffed, "w0-p1", { displayName: "Anna" });
    expect(renamed.people.get("w0-p1")).toMatchObject({ displayName: "Anna", version: 2 });
    expect(withChange(renamed, "w0-p1", { displayName: "Anna" })).toBe(renamed);
    expect(staffed.people.get("w0-p1")).toMatchObject({ displayName: "Ana", version: 1 });
  });

  it("count one version of a group for all that a request does to it", () => {
    const ben = withPerson(staffed, "w0-p2", ANA);
    const change = { displayName: "Crew", joining: ["w0-p2"], leaving: ["w0-p1"] };
    const after = withGroupChange(ben, "w0-g1", change);
    expect(after.groups.get("w0-g1")).toEqual({ displayName: "Crew", version: 3 });
    expect(membersOf(after, "w0-g1")).toEqual(["w0-p2"]);
    const again = withGroupChange(after, "w0-g1", change);
    expect(compareHoldings(after, again)).toEqual([]);
  });

  it("know who is in a group of somebody else, and not its version", () => {
    const shared = withGroupChange(staffed, "w9-s0", { joining: ["w0-p1"] });
    expect(membersOf(shared, "w9-s0")).toEqual(["w0-p1"]);
    expect(shared.groups.has("w9-s0")).toBe(false);
  });

  it("lose a person with their memberships, and a group with its own", () => {
    expect(membersOf(withoutPerson(staffed, "w0-p1"), "w0-g1")).toEqual([]);
    expect(withoutPerson(staffed, "w0-p1").groups).toEqual(staffed.groups);
    const without = withoutGroup(staffed, "w0-g1");
    expect(without.people.get("w0-p1")?.groups.size).toBe(0);
    expect(without.groups.size).toBe(0);
  });
});

describe("the comparison after a kill", () => {
  const renamed = withChange(staffed, "w0-p1", { userName: "anna@example.com" });

  it("allows what was promised, and all steps of what was not", () => {
    expect(findState([staffed, renamed], staffed)).toBe(0);
    expect(findState([staffed, renamed], renamed)).toBe(1);
    expect(findState([staffed, staffed], staffed)).toBe(1);
  });

  it("allows nothing in between", () => {
    const half = withChange(staffed, "w0-p1", { displayName: "Other" });
    expect(findState([staffed, renamed], half)).toBeUndefined();
    expect(findState([staffed, renamed], NO_HOLDINGS)).toBeUndefined();
    expect(compareHoldings(staffed, NO_HOLDINGS)).toEqual([
      'w0-p1: expected ["ana@example.com","Ana",true,null,1,["w0-g1"]], found nothing',
      'w0-g1: expected ["Staff",2], found nothing',
    ]);
  });
});

const meta = (version: number) => ({ version: `W/"${version}"` });
const CONTENTS = {
  users: [
    {
      id: "1",
      externalId: "w0-p1",
      userName: "ana@example.com",
      displayName: "Ana",
      active: true,
      groups: [{ value: "2" }],
      meta: meta(1),
    },
    { id: "9", externalId: "w00-p1", userName: "x", displayName: "x", meta: meta(4) },
  ],
  groups: [
    {
      id: "2",
      externalId: "w0-g1",
      displayName: "Staff",
      members: [{ value: "1" }],
      meta: meta(2),
    },
  ],
};

describe("what SCIM shows", () => {
  it("is read as the holdings of one writer", () => {
    expect(compareHoldings(staffed, holdingsIn(CONTENTS, "w0", []))).toEqual([]);
    expect(holdingsIn(CONTENTS, "w0", ["w0-g1"]).groups.get("w0-g1")?.version).toBeUndefined();
  });

  it("has to show each membership from both sides", () => {
    expect(oneSided(CONTENTS)).toEqual([]);
    const [group] = CONTENTS.groups;
    const emptied = { ...CONTENTS, groups: [{ ...group, members: [] }] };
    expect(oneSided(emptied)).toEqual(["only the person or only the group shows 1 in 2"]);
  });
});

/** A writer to whom everything is answered at once. */
function writes(seed: number, count: number): Write[] {
  const random = seededRandom(seed);
  let holdings: Holdings = NO_HOLDINGS;
  let labels = 0;
  return Array.from({ length: count }, () => {
    const pen: Pen = {
      prefix: "w0",
      random,
      holdings,
      shared: ["w0-s0", "w0-s1"],
      idOf: (label) => `id-of-${label}`,
      newLabel: (kind) => `w0-${kind}${++labels}`,
    };
    const write = chooseWrite(pen);
    holdings = write.steps.at(-1) ?? holdings;
    return write;
  });
}

describe("a writer", () => {
  const all = writes(7, 2000);

  it("writes the same for the same seed", () => {
    const texts = (list: readonly Write[]) => list.map(({ request }) => JSON.stringify(request));
    expect(texts(writes(7, 50))).toEqual(texts(all).slice(0, 50));
  });

  it("writes everything that there is to write", () => {
    expect(new Set(all.map(({ kind }) => kind))).toEqual(
      new Set([
        "create",
        "patch",
        "replace",
        "delete",
        "members",
        "create group",
        "rename group",
        "replace group",
        "delete group",
        "bulk",
      ]),
    );
  });

  it("names nobody twice, and never more people than there are names", () => {
    for (const { steps } of all) {
      const people = [...(steps.at(-1)?.people.values() ?? [])];
      expect(new Set(people.map(({ userName }) => userName)).size).toBe(people.length);
      expect(people.length).toBeLessThanOrEqual(24);
    }
  });

  it("never deletes or empties a group that others have people in", () => {
    const shared = all.filter(({ request }) => request.path.includes("id-of-w0-s"));
    expect(shared.every(({ request }) => request.method === "PATCH")).toBe(true);
    expect(shared.length).toBeGreaterThan(100);
  });
});
