import fc from "fast-check";

import { at } from "../at.ts";
import { dialect, enrolled, givenPerson, index, personChange } from "../arbitraries.ts";
import { arePlain, changeAll } from "../change-person.ts";
import { compareByGet, compareOne, expectGone, pathOf } from "../compare.ts";
import type { Directory } from "../directory.ts";
import {
  createPerson,
  deletePerson,
  enrolPerson,
  type Outcome,
  patchPerson,
  replacePerson,
} from "../people.ts";
import {
  emailOf,
  ENTERPRISE,
  type PersonDocument,
  scimDocument,
  USER_SCHEMA,
} from "../person-document.ts";
import { operationOf } from "../person-operation.ts";
import { versionTag } from "../show.ts";
import { expectSame, type ModelAnswer, type System } from "../system.ts";
import { compareStatus, defineCommand, hasPeople, takeId } from "./define-command.ts";

export const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** `If-Match`: none, that of the present version, or that of another one. */
export const condition = fc.oneof(
  { weight: 8, arbitrary: fc.constant("none") },
  { weight: 2, arbitrary: fc.constantFrom("right", "wrong") },
);

const STALE = { status: 412 } as const;

export const headersFor = (chosen: string, version: number): Record<string, string> =>
  chosen === "none" ? {} : { "If-Match": versionTag(chosen === "right" ? version : version + 1) };

const bodyOf = (given: Partial<PersonDocument>) => ({
  schemas: [USER_SCHEMA, ENTERPRISE],
  ...scimDocument(given),
});

async function compareOutcome(
  directory: Directory,
  system: System,
  what: string,
  outcome: Outcome,
  answer: ModelAnswer,
): Promise<void> {
  compareStatus(what, outcome, answer);
  if (!("person" in outcome)) return;
  const { person, status } = outcome;
  if (status === 201 && person.id === "") takeId(directory, person, answer);
  compareOne(directory, person, what, answer);
  await compareByGet(directory, system, person);
}

export const create = defineCommand("POST /Users", givenPerson, {
  async play(directory, system, given) {
    const outcome = createPerson(directory, given);
    const answer = await system.scim("POST", "/Users", bodyOf(given));
    await compareOutcome(directory, system, "POST /Users", outcome, answer);
  },
});

/**
 * POST for somebody who is there, by one of their keys: with the other keys of nobody, so that it is plain who is meant.
 * Somebody enrolled by hand or inactive, if there is anybody.
 */
export const createAgain = defineCommand(
  "POST /Users for somebody who is there",
  fc.record({
    who: index,
    by: fc.constantFrom("userName", "externalId", "address"),
    given: givenPerson,
  }),
  {
    isPossible: hasPeople,
    async play(directory, system, { who, by, given }) {
      const open = directory.people.filter(({ manual, document }) => manual || !document.active);
      const { document } = at(open.length > 0 ? open : directory.people, who);
      const { externalId, emails: _theirs, ...rest } = given;
      const value = emailOf(document);
      const body = {
        ...rest,
        userName: by === "userName" ? document.userName : `stranger-${directory.now}`,
        ...(by === "externalId" && { externalId: document.externalId ?? externalId ?? "e9" }),
        ...(by === "address" &&
          value !== undefined && { emails: [{ value, type: "home" as const }] }),
      };
      const outcome = createPerson(directory, body);
      const answer = await system.scim("POST", "/Users", bodyOf(body));
      await compareOutcome(directory, system, "POST /Users", outcome, answer);
    },
  },
);

export const enrol = defineCommand("enrol", enrolled, {
  async play(directory, system, { email, ...fields }) {
    const { givenName, familyName, department } = fields;
    const displayName = [givenName, familyName].filter((part) => part !== undefined).join(" ");
    const outcome = enrolPerson(directory, {
      userName: fields.userName ?? email,
      ...(displayName !== "" && { displayName }),
      ...(givenName !== undefined && { givenName }),
      ...(familyName !== undefined && { familyName }),
      emails: [{ value: email, type: "work", primary: true }],
      active: true,
      ...(department !== undefined && { department }),
    });
    const answer = await system.admin("POST", "/users", { email, ...fields });
    compareStatus("enrolling", outcome, answer);
    if (outcome.status === 409) return;
    takeId(directory, outcome.person, answer);
    await compareByGet(directory, system, outcome.person);
  },
});

export const replace = defineCommand(
  "PUT /Users",
  fc.record({ who: index, given: givenPerson, condition }),
  {
    isPossible: (directory, { given, condition: chosen }) =>
      hasPeople(directory) && !(given.userName === undefined && chosen === "wrong"),
    async play(directory, system, { who, given, condition: chosen }) {
      const person = at(directory.people, who);
      const path = pathOf(person);
      const headers = headersFor(chosen, person.version);
      const outcome = chosen === "wrong" ? STALE : replacePerson(directory, person, given);
      const answer = await system.scim("PUT", path, bodyOf(given), headers);
      await settle(directory, system, `PUT ${path}`, outcome, answer);
    },
  },
);

const said = fc.array(fc.record({ change: personChange, dialect }), {
  minLength: 1,
  maxLength: 3,
});

export const patch = defineCommand(
  "PATCH /Users",
  fc.record({ who: index, changes: said, condition }),
  {
    isPossible(directory, { who, changes, condition: chosen }) {
      if (!hasPeople(directory)) return false;
      const { document } = at(directory.people, who);
      const all = changes.map(({ change }) => change);
      // Of two reasons to refuse it, either will do.
      const isRefused = typeof changeAll(document, all) === "string";
      return arePlain(document, all) && !(isRefused && chosen === "wrong");
    },
    async play(directory, system, { who, changes, condition: chosen }) {
      const person = at(directory.people, who);
      const path = pathOf(person);
      const headers = headersFor(chosen, person.version);
      const body = {
        schemas: [PATCH_OP],
        Operations: changes.map(({ change, dialect: how }) => operationOf(change, how)),
      };
      const all = changes.map(({ change }) => change);
      const outcome = chosen === "wrong" ? STALE : patchPerson(directory, person, all);
      const answer = await system.scim("PATCH", path, body, headers);
      await settle(directory, system, `PATCH ${path}`, outcome, answer);
    },
  },
);

export const remove = defineCommand("DELETE /Users", fc.record({ who: index, condition }), {
  isPossible: (directory, { who, condition: chosen }) =>
    hasPeople(directory) && !(at(directory.people, who).manual && chosen === "wrong"),
  async play(directory, system, { who, condition: chosen }) {
    const person = at(directory.people, who);
    const headers = headersFor(chosen, person.version);
    const outcome = chosen === "wrong" ? STALE : deletePerson(directory, person);
    const path = pathOf(person);
    const answer = await system.scim("DELETE", path, undefined, headers);
    compareStatus(`DELETE ${path}`, outcome, answer);
    if (outcome.status === 204) await expectGone(system, path);
  },
});

async function settle(
  directory: Directory,
  system: System,
  what: string,
  outcome: Outcome | typeof STALE,
  answer: ModelAnswer,
): Promise<void> {
  if (outcome.status === 412) compareStatus(what, outcome, answer);
  else await compareOutcome(directory, system, what, outcome, answer);
}

const METHODS = ["GET", "PUT", "PATCH", "DELETE"] as const;

/** Who was deleted is not there any more, and stays so. */
export const askGone = defineCommand(
  "ask for what is gone",
  fc.record({ which: index, method: fc.constantFrom(...METHODS) }),
  {
    isPossible: ({ gone }) => gone.length > 0,
    async play({ gone }, system, { which, method }) {
      const { path } = at(gone, which);
      const bodies = {
        GET: undefined,
        DELETE: undefined,
        PUT: { userName: "nobody", displayName: "nobody" },
        PATCH: {
          schemas: [PATCH_OP],
          Operations: [{ op: "replace", path: "externalId", value: "x" }],
        },
      };
      const { status } = await system.scim(method, path, bodies[method]);
      expectSame(`status of ${method} ${path}`, 404, status);
    },
  },
);
