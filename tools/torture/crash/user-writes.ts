import type { BenchAnswer } from "../../bench/open-client.ts";
import { personOf, withChange, withoutPerson, withPerson, type Person } from "./holdings.ts";
import { departmentFor, displayNameFor, freeUserName, someone, type Pen } from "./pen.ts";
import type { Write } from "./write.ts";

export const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

type Fields = Pick<Person, "userName" | "displayName" | "active" | "department">;

export const patchBody = (...operations: readonly unknown[]) => ({
  schemas: [PATCH_OP],
  Operations: operations,
});

/** Addresses follow from the label: they never clash, whoever gets which userName. */
export const userBody = (label: string, fields: Fields) => ({
  schemas: [CORE, ENTERPRISE],
  externalId: label,
  userName: fields.userName,
  displayName: fields.displayName,
  active: fields.active,
  emails: [{ value: `${label}@mail.example.com`, type: "work", primary: true }],
  ...(fields.department !== null && { [ENTERPRISE]: { department: fields.department } }),
});

export const hasStatus =
  (...statuses: readonly number[]) =>
  ({ status }: BenchAnswer): boolean =>
    statuses.includes(status);

export const idIn =
  (label: string) =>
  ({ text }: BenchAnswer): [string, string][] => [
    [label, String((JSON.parse(text) as { id?: unknown }).id)],
  ];

/** Somebody who is not there yet; undefined when every userName is taken. */
export function newPerson(pen: Pen): { label: string; person: Person } | undefined {
  const userName = freeUserName(pen);
  if (userName === undefined) return undefined;
  const person = {
    userName,
    displayName: displayNameFor(pen),
    active: !pen.random.chance(10),
    department: departmentFor(pen),
    version: 1,
    groups: new Set<string>(),
  };
  return { label: pen.newLabel("p"), person };
}

export function createUser(pen: Pen): Write | undefined {
  const made = newPerson(pen);
  if (made === undefined) return undefined;
  const { label, person } = made;
  return {
    kind: "create",
    request: { method: "POST", path: "/Users", body: userBody(label, person) },
    steps: [withPerson(pen.holdings, label, person)],
    isDone: hasStatus(201),
    // Somebody inactive comes back, as inactive as they are.
    repeated: person.active ? 409 : 201,
    idsIn: idIn(label),
  };
}

export function deleteUser(pen: Pen): Write | undefined {
  const label = someone(pen);
  if (label === undefined) return undefined;
  return {
    kind: "delete",
    request: { method: "DELETE", path: `/Users/${pen.idOf(label)}` },
    steps: [withoutPerson(pen.holdings, label)],
    isDone: hasStatus(204),
    repeated: 404,
    idsIn: () => [],
  };
}

export function replaceUser(pen: Pen): Write | undefined {
  const label = someone(pen);
  if (label === undefined) return undefined;
  const before = personOf(pen.holdings, label);
  const after: Fields = {
    userName: pen.random.chance(30) ? (freeUserName(pen) ?? before.userName) : before.userName,
    displayName: displayNameFor(pen),
    active: pen.random.chance(50),
    department: departmentFor(pen),
  };
  return change(pen, "replace", label, after, "PUT", userBody(label, after));
}

export function patchUser(pen: Pen): Write | undefined {
  const label = someone(pen);
  if (label === undefined) return undefined;
  const { change: fields, operation } = pen.random.pick(SHAPES)?.(pen) ?? nameShape(pen);
  return change(pen, "patch", label, fields, "PATCH", patchBody(operation));
}

function change(
  pen: Pen,
  kind: string,
  label: string,
  fields: Partial<Fields>,
  method: "PUT" | "PATCH",
  body: unknown,
): Write {
  return {
    kind,
    request: { method, path: `/Users/${pen.idOf(label)}`, body },
    steps: [withChange(pen.holdings, label, fields)],
    isDone: hasStatus(200),
    repeated: 200,
    idsIn: () => [],
  };
}

interface Shape {
  readonly change: Partial<Fields>;
  readonly operation: unknown;
}

function nameShape(pen: Pen): Shape {
  const displayName = displayNameFor(pen);
  return {
    change: { displayName },
    operation: { op: "Replace", path: "displayName", value: displayName },
  };
}

/** As Entra sends it, with and without its feature flag, and as Okta does. */
const SHAPES: readonly ((pen: Pen) => Shape)[] = [
  nameShape,
  (pen) => {
    const userName = freeUserName(pen);
    if (userName === undefined) return nameShape(pen);
    return {
      change: { userName },
      operation: { op: "Replace", path: "userName", value: userName },
    };
  },
  (pen) => {
    const active = pen.random.chance(50);
    const value = active ? "True" : "False";
    return { change: { active }, operation: { op: "Replace", path: "active", value } };
  },
  (pen) => {
    const active = pen.random.chance(50);
    return { change: { active }, operation: { op: "replace", value: { active } } };
  },
  (pen) => {
    const department = departmentFor(pen);
    const path = `${ENTERPRISE}:department`;
    return {
      change: { department },
      operation:
        department === null ? { op: "Remove", path } : { op: "Add", path, value: department },
    };
  },
  (pen) => {
    const displayName = displayNameFor(pen);
    const department = departmentFor(pen);
    const value = { displayName, [`${ENTERPRISE}:department`]: department };
    return { change: { displayName, department }, operation: { op: "replace", value } };
  },
];
