import { describe, expect, it } from "vitest";

import { decideImport } from "../../src/directory/people/decide-import.ts";
import {
  documentOf,
  withFields,
  type PersonFields,
} from "../../src/directory/people/person-fields.ts";
import type { Origin, UserRecord } from "../../src/directory/ports.ts";
import { userKeys } from "../../src/directory/people/user-keys.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { USER } from "../../src/scim/schema/resource-types.ts";
import { settingsOf } from "../../src/tenancy/presets.ts";
import cases from "./decide-import-cases.json" with { type: "json" };

interface Somebody extends PersonFields {
  readonly origin?: Origin;
}

const settings = settingsOf("training", {});

const documentFor = ({ email, ...fields }: PersonFields): JsonObject =>
  withFields(
    email === undefined ? {} : { emails: [{ value: email, type: "work" }] },
    { ...fields, active: true },
    USER,
  );

function person({ origin = "manual", ...fields }: Somebody, at: number): UserRecord {
  const document = documentFor(fields);
  const keys = userKeys(document, settings);
  return {
    id: `person-${at}`,
    document,
    keys,
    email: keys.email,
    active: true,
    departmentId: null,
    origin,
    adoptedAt: null,
    adoptedBy: null,
    deactivatedByHand: false,
    predecessorId: null,
    version: 1,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    groups: undefined,
  };
}

/** The guarantee of the cast: the table is our own file. */
const rows = cases as {
  name: string;
  row: PersonFields;
  people: Somebody[];
  earlier?: (PersonFields & { line: number })[];
  /** Whether addresses may be shared. */
  shared?: boolean;
  is: string;
  of?: number;
  document?: JsonObject;
  says?: string;
}[];

describe("decideImport", () => {
  it.each(rows)("meets $name: $is", ({ row, shared = false, ...expected }) => {
    const people = expected.people.map(person);
    const earlier = (expected.earlier ?? []).map(({ line, ...fields }, at) => ({
      id: `earlier-${at}`,
      line,
      keys: userKeys(documentFor(fields), settings),
    }));
    const decision = decideImport(row, { people, earlier }, { uniqueEmail: !shared }, USER);
    expect(decision).toMatchObject({
      kind: expected.is,
      ...(expected.of !== undefined && { person: { id: `person-${expected.of}` } }),
      ...(expected.document && { document: expected.document }),
      ...(expected.says !== undefined && { message: expect.stringContaining(expected.says) }),
    });
    if (expected.says === undefined) expect(decision).not.toHaveProperty("message");
  });

  it("has nothing left to say of what it has done", () => {
    for (const { row, people, shared = false } of rows) {
      const here = people.map(person);
      const unique = { uniqueEmail: !shared };
      const decision = decideImport(row, { people: here, earlier: [] }, unique, USER);
      if (decision.kind !== "create" && decision.kind !== "update") continue;
      const keys = userKeys(decision.document, settings);
      const { document } = decision;
      const email = keys.email;
      const done =
        decision.kind === "create"
          ? { ...person({ userName: "new" }, 9), document, keys, email }
          : { ...decision.person, document, keys, email };
      const others = here.filter(({ id }) => id !== done.id);
      const again = decideImport(row, { people: [...others, done], earlier: [] }, unique, USER);
      expect(again).toMatchObject({ kind: "skip", person: { id: done.id } });
    }
  });
});

describe("withFields", () => {
  const document = documentOf(
    { email: "ana@x.example", givenName: "Ana", department: "Retail" },
    USER,
  );

  it("replaces the address that the product uses and keeps the others", () => {
    const emails = [
      { value: "home@x.example", type: "home", primary: true },
      { value: "work@x.example", type: "Work" },
    ];
    const changed = withFields({ ...document, emails }, { email: "new@x.example" }, USER);
    expect(changed["emails"]).toEqual([
      { value: "home@x.example", type: "home", primary: true },
      { value: "new@x.example", type: "Work" },
    ]);
    const primary = withFields(
      { ...document, emails: [{ value: "a@x.example" }, { value: "b@x.example", primary: true }] },
      { email: "new@x.example" },
      USER,
    );
    expect(primary["emails"]).toEqual([
      { value: "a@x.example" },
      { value: "new@x.example", primary: true },
    ]);
  });

  it("takes away what is null and leaves what is not named", () => {
    const changed = withFields(document, { email: null, department: null, givenName: null }, USER);
    expect(changed).toEqual({ userName: "ana@x.example", displayName: "Ana", active: true });
    expect(withFields(document, {}, USER)).toEqual(document);
  });

  it("keeps what only SCIM can say", () => {
    const urn = "urn:acme:1.0:User";
    const full = { ...document, title: "Nurse", [urn]: { badge: [1] } };
    const changed = withFields(full, { displayName: "Ana R." }, USER);
    expect(changed).toMatchObject({ title: "Nurse", [urn]: { badge: [1] }, displayName: "Ana R." });
  });
});
