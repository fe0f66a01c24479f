import { membersOf, withGroup, withGroupChange, withoutGroup } from "./holdings.ts";
import { freeGroupName, ownGroup, type Pen } from "./pen.ts";
import { hasStatus, idIn, patchBody } from "./user-writes.ts";
import type { Write } from "./write.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:Group";
const MOST_MEMBERS = 6;

export const groupBody = (label: string, displayName: string, members: readonly string[]) => ({
  schemas: [CORE],
  externalId: label,
  displayName,
  members: members.map((value) => ({ value })),
});

const people = ({ holdings, random }: Pen): string[] =>
  random.some([...holdings.people.keys()], MOST_MEMBERS);

export function createGroup(pen: Pen): Write | undefined {
  const displayName = freeGroupName(pen);
  if (displayName === undefined) return undefined;
  const label = pen.newLabel("g");
  const joining = people(pen);
  const made = withGroupChange(withGroup(pen.holdings, label, displayName), label, { joining });
  const group = { displayName, version: 1 };
  return {
    kind: "create group",
    request: {
      method: "POST",
      path: "/Groups",
      body: groupBody(
        label,
        displayName,
        joining.map((name) => pen.idOf(name)),
      ),
    },
    // Its members are part of its first version.
    steps: [{ ...made, groups: new Map(made.groups).set(label, group) }],
    isDone: hasStatus(201),
    repeated: 409,
    idsIn: idIn(label),
  };
}

/** Not a shared one: others have people in it. */
export function deleteGroup(pen: Pen): Write | undefined {
  const label = ownGroup(pen);
  if (label === undefined || pen.shared.includes(label)) return undefined;
  return {
    kind: "delete group",
    request: { method: "DELETE", path: `/Groups/${pen.idOf(label)}` },
    steps: [withoutGroup(pen.holdings, label)],
    isDone: hasStatus(204),
    repeated: 404,
    idsIn: () => [],
  };
}

export function renameGroup(pen: Pen): Write | undefined {
  const label = ownGroup(pen);
  const displayName = freeGroupName(pen);
  if (label === undefined || displayName === undefined) return undefined;
  const operation = pen.random.chance(50)
    ? { op: "Replace", path: "displayName", value: displayName }
    : { op: "replace", value: { id: pen.idOf(label), displayName } };
  return groupPatch(pen, "rename group", label, { displayName }, [operation]);
}

/** The whole membership of a group of the writer's own, and now and then its name. */
export function replaceGroup(pen: Pen): Write | undefined {
  const label = ownGroup(pen);
  if (label === undefined || pen.shared.includes(label)) return undefined;
  const before = pen.holdings.groups.get(label)?.displayName ?? "";
  const displayName = pen.random.chance(30) ? (freeGroupName(pen) ?? before) : before;
  const members = people(pen);
  const leaving = membersOf(pen.holdings, label).filter((name) => !members.includes(name));
  const after = withGroupChange(pen.holdings, label, { displayName, joining: members, leaving });
  return {
    kind: "replace group",
    request: {
      method: "PUT",
      path: `/Groups/${pen.idOf(label)}`,
      body: groupBody(
        label,
        displayName,
        members.map((name) => pen.idOf(name)),
      ),
    },
    steps: [after],
    isDone: hasStatus(200),
    repeated: 200,
    idsIn: () => [],
  };
}

/** The writer's people join and leave a group, a shared one as often as one of the writer's own. */
export function moveMembers(pen: Pen): Write | undefined {
  const label = pen.random.chance(50) ? pen.random.pick(pen.shared) : ownGroup(pen);
  if (label === undefined) return undefined;
  const joining = people(pen);
  const leaving = pen.random
    .some(membersOf(pen.holdings, label), MOST_MEMBERS)
    .filter((name) => !joining.includes(name));
  const operations = [
    ...(joining.length === 0
      ? []
      : [
          {
            op: "Add",
            path: "members",
            value: joining.map((name) => ({ $ref: null, value: pen.idOf(name) })),
          },
        ]),
    ...leaving.map((name, at) =>
      at % 2 === 0
        ? { op: "remove", path: `members[value eq "${pen.idOf(name)}"]` }
        : { op: "Remove", path: "members", value: [{ value: pen.idOf(name) }] },
    ),
  ];
  if (operations.length === 0) return undefined;
  return groupPatch(pen, "members", label, { joining, leaving }, operations);
}

function groupPatch(
  pen: Pen,
  kind: string,
  label: string,
  change: Parameters<typeof withGroupChange>[2],
  operations: readonly unknown[],
): Write {
  return {
    kind,
    request: {
      method: "PATCH",
      path: `/Groups/${pen.idOf(label)}`,
      body: patchBody(...operations),
    },
    steps: [withGroupChange(pen.holdings, label, change)],
    isDone: hasStatus(204),
    repeated: 204,
    idsIn: () => [],
  };
}
