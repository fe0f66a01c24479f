import { describe, expect, it } from "vitest";
import * as z from "zod/mini";

import {
  mayByHand,
  provenanceOf,
  type HandAct,
  type Provenance,
} from "../../src/directory/people/may-by-hand.ts";
import { PersonChange } from "../../src/directory/people/person-fields.ts";
import cases from "./may-by-hand-cases.json" with { type: "json" };

/** The guarantee of the cast: the test below compares the table with the acts that there are. */
const acts = cases.map(({ act, ...verdicts }) => [act as HandAct, verdicts] as const);

describe("mayByHand", () => {
  it.each(acts)("says who may change %s", (act, verdicts) => {
    const provenances: Provenance[] = ["manual", "adopted", "provisioned"];
    expect(Object.fromEntries(provenances.map((of) => [of, mayByHand(of, act)]))).toEqual(verdicts);
  });

  it("is asked about everything that can be changed", () => {
    const all = [...z.keyof(PersonChange).options, "adopt", "unadopt"];
    expect(cases.map(({ act }) => act).sort()).toEqual(all.sort());
  });
});

describe("provenanceOf", () => {
  it.each([
    [{ origin: "manual", adoptedAt: null }, "manual"],
    [{ origin: "scim", adoptedAt: "2026-01-01T00:00:00.000Z" }, "adopted"],
    [{ origin: "scim", adoptedAt: null }, "provisioned"],
  ] as const)("of %j is %s", (person, expected) => {
    expect(provenanceOf(person)).toBe(expected);
  });
});
