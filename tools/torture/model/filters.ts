import { type Directory, type Group, groupsOf, isPerson, type Person } from "./directory.ts";
import { ENTERPRISE, fold } from "./person-document.ts";

const OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type Operator = (typeof OPERATORS)[number];
export { OPERATORS };

/** A filter of RFC 7644 §3.4.2.2 over texts and booleans. */
export type Filter =
  | {
      readonly kind: "compare";
      readonly attribute: string;
      readonly operator: Operator;
      readonly value: string;
    }
  | { readonly kind: "active"; readonly value: boolean }
  | { readonly kind: "present"; readonly attribute: string }
  /** `emails[type eq "work" and value co "x"]`. */
  | {
      readonly kind: "address";
      readonly type: string;
      readonly operator: Operator;
      readonly value: string;
    }
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly inner: Filter };

/** What an attribute holds, and whether its letter case counts. Several values, where it is a list. */
interface Attribute {
  readonly caseExact?: true;
  readonly values: (
    resource: Person | Group,
    directory: Directory,
  ) => readonly (string | undefined)[];
}

const ofPerson = (read: (person: Person) => readonly (string | undefined)[]): Attribute => ({
  values: (resource) => (isPerson(resource) ? read(resource) : []),
});

export const PERSON_ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  id: { caseExact: true, values: ({ id }) => [id] },
  userName: ofPerson(({ document }) => [document.userName]),
  externalId: { ...ofPerson(({ document }) => [document.externalId]), caseExact: true },
  displayName: ofPerson(({ document }) => [document.displayName]),
  title: ofPerson(({ document }) => [document.title]),
  "name.givenName": ofPerson(({ document }) => [document.givenName]),
  "name.familyName": ofPerson(({ document }) => [document.familyName]),
  emails: ofPerson(({ document }) => (document.emails ?? []).map(({ value }) => value)),
  "emails.value": ofPerson(({ document }) => (document.emails ?? []).map(({ value }) => value)),
  "emails.type": ofPerson(({ document }) => (document.emails ?? []).map(({ type }) => type)),
  [`${ENTERPRISE}:department`]: ofPerson(({ document }) => [document.department]),
  "groups.value": {
    caseExact: true,
    values: (resource, directory) => groupsOf(directory, resource).map(({ id }) => id),
  },
};

export const GROUP_ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  id: { caseExact: true, values: ({ id }) => [id] },
  displayName: { values: (group) => (isPerson(group) ? [] : [group.displayName]) },
  externalId: { caseExact: true, values: (group) => (isPerson(group) ? [] : [group.externalId]) },
  members: { caseExact: true, values: (group) => (isPerson(group) ? [] : idsIn(group)) },
  "members.value": { caseExact: true, values: (group) => (isPerson(group) ? [] : idsIn(group)) },
};

const idsIn = ({ members }: Group): string[] => [...members.keys()].map(({ id }) => id);

export function filterText(filter: Filter): string {
  switch (filter.kind) {
    case "compare":
      return `${filter.attribute} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case "active":
      return `active eq ${filter.value}`;
    case "present":
      return `${filter.attribute} pr`;
    case "address":
      return `emails[type eq "${filter.type}" and value ${filter.operator} ${JSON.stringify(filter.value)}]`;
    case "and":
    case "or":
      return `(${filterText(filter.left)} ${filter.kind} ${filterText(filter.right)})`;
    case "not":
      return `not (${filterText(filter.inner)})`;
  }
}

export function isMatch(filter: Filter, resource: Person | Group, directory: Directory): boolean {
  const attributes = isPerson(resource) ? PERSON_ATTRIBUTES : GROUP_ATTRIBUTES;
  const valuesOf = (name: string) =>
    (attributes[name]?.values(resource, directory) ?? []).filter((value) => value !== undefined);
  switch (filter.kind) {
    case "compare":
      return compareAny(
        valuesOf(filter.attribute),
        filter.operator,
        filter.value,
        attributes[filter.attribute]?.caseExact === true ? (text) => text : fold,
      );
    case "active":
      return isPerson(resource) && resource.document.active === filter.value;
    case "present":
      return valuesOf(filter.attribute).length > 0;
    case "address": {
      const emails = isPerson(resource) ? (resource.document.emails ?? []) : [];
      // In brackets, "ne" is asked of each element.
      return emails.some(
        ({ type, value }) =>
          type === filter.type && compareAny([value], filter.operator, filter.value, fold),
      );
    }
    case "and":
      return (
        isMatch(filter.left, resource, directory) && isMatch(filter.right, resource, directory)
      );
    case "or":
      return (
        isMatch(filter.left, resource, directory) || isMatch(filter.right, resource, directory)
      );
    case "not":
      return !isMatch(filter.inner, resource, directory);
  }
}

/** One of the values is enough; `ne` is the opposite of `eq`, so that it fits who has no value. */
function compareAny(
  values: readonly string[],
  operator: Operator,
  wanted: string,
  normal: (text: string) => string,
): boolean {
  if (operator === "ne") return !compareAny(values, "eq", wanted, normal);
  const right = normal(wanted);
  return values.map(normal).some((left) => {
    switch (operator) {
      case "eq":
        return left === right;
      case "co":
        return left.includes(right);
      case "sw":
        return left.startsWith(right);
      case "ew":
        return left.endsWith(right);
      case "gt":
        return left > right;
      case "ge":
        return left >= right;
      case "lt":
        return left < right;
      case "le":
        return left <= right;
    }
  });
}
