import { describe, expect, it } from "vitest";

import { attributeAt } from "../../tools/simulate/attribute-at.ts";
import { entraAttributes, entraUser } from "../../tools/simulate/entra-user.ts";
import {
  DEMO_PEOPLE,
  type Idp,
  type Person,
  personAt,
  teamAt,
} from "../../tools/simulate/people.ts";

const numbers = Array.from({ length: 5000 }, (_, at) => at + 1);
const idps: Idp[] = ["entra", "okta"];
const everybody = idps.flatMap((idp) => numbers.map((number) => personAt(idp, number)));

describe("the generated people", () => {
  it("are the same in every run", () => {
    expect(personAt("entra", 42)).toEqual(personAt("entra", 42));
  });

  it.each<[string, (person: Person) => string | undefined]>([
    ["user name", ({ userName }) => userName],
    ["address", ({ mail }) => mail],
    ["external id", ({ externalId }) => externalId],
  ])("share no %s", (_, key) => {
    const keys = everybody.map(key).filter((value) => value !== undefined);
    expect(new Set(keys.map((value) => value.toLowerCase())).size).toBe(keys.length);
  });

  it("have addresses of domains that nobody owns", () => {
    for (const { userName, mail } of everybody) {
      expect(userName).toMatch(/^[a-z0-9.+]+@(entra|okta)\.example\.(com|net)$/);
      if (mail !== undefined) expect(mail).toMatch(/^[a-z0-9.+]+@(entra|okta)\.example\.com$/);
    }
  });

  it("are led by somebody with a smaller number, so that a second pass finds every manager", () => {
    for (const { number, managerNumber } of everybody) {
      if (number > 1) expect(managerNumber).toBeLessThan(number);
    }
  });

  it("include, among the first 20, somebody without mailbox, somebody without department and a + in an address", () => {
    const first = numbers.slice(0, 20).map((number) => personAt("entra", number));
    expect(first.filter(({ mail }) => mail === undefined)).toHaveLength(1);
    expect(first.filter(({ department }) => department === undefined)).toHaveLength(1);
    expect(first.filter(({ mail }) => mail?.includes("+"))).toHaveLength(1);
  });

  it("are the ones that npm run dev enrols by hand", () => {
    expect(DEMO_PEOPLE.map(({ email }) => email)).toEqual([
      personAt("entra", 1).mail,
      personAt("entra", 2).mail,
      personAt("okta", 1).mail,
    ]);
  });

  it("hold at each path of Entra's mapping what the mapping keeps in step", () => {
    for (const number of numbers.slice(0, 40)) {
      const person = personAt("entra", number);
      const user = entraUser(person);
      for (const [path, value] of entraAttributes(person)) {
        expect(attributeAt(user, path), path).toBe(path === "active" ? true : value);
      }
    }
  });
});

describe("the generated groups", () => {
  it("hold everybody at least once and nobody twice", () => {
    const teams = [1, 2, 3, 4].map((number) => teamAt("okta", number, 4, 21));
    for (const { members } of teams) expect(new Set(members).size).toBe(members.length);
    expect(new Set(teams.flatMap(({ members }) => members)).size).toBe(21);
  });
});
