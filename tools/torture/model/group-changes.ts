import {
  departmentOfNewGroup,
  departmentOfRenamedGroup,
  leaveDepartment,
} from "./department-changes.ts";
import { type Directory, type Group, groupsOf, type Person } from "./directory.ts";
import { fold } from "./person-document.ts";

export type Member = Person | Group;

/** One thing that a PATCH does to a group. Members that nobody knows were left out before. */
export type GroupChange =
  | { readonly kind: "join" | "leave" | "set members"; readonly members: readonly Member[] }
  | { readonly kind: "clear members" }
  /** To nothing: refused, a group has a name. */
  | { readonly kind: "rename"; readonly displayName: string | null }
  | { readonly kind: "external id"; readonly externalId: string | null };

export type GroupOutcome =
  | { readonly status: 200 | 201; readonly group: Group }
  | { readonly status: 204 }
  | { readonly status: 400 | 409; readonly scimType: string };

const TAKEN = { status: 409, scimType: "uniqueness" } as const;
const WITHOUT_NAME = { status: 400, scimType: "invalidValue" } as const;

export interface GivenGroup {
  readonly displayName: string | undefined;
  readonly externalId: string | undefined;
  readonly members: readonly Member[];
}

/** POST. */
export function createGroup(
  directory: Directory,
  { displayName, externalId, members }: GivenGroup,
): GroupOutcome {
  if (displayName === undefined) return WITHOUT_NAME;
  if (isTaken(directory, displayName, undefined)) return TAKEN;
  const department = departmentOfNewGroup(directory, displayName, externalId);
  const group: Group = {
    id: "",
    displayName,
    externalId,
    members: new Map(members.map((member) => [member, directory.now])),
    version: 1,
    department,
  };
  directory.groups.push(group);
  directory.applied += 1;
  return { status: 201, group };
}

/** PUT: name, external id and the whole membership. Who is in it already has been in it since. */
export function replaceGroup(
  directory: Directory,
  group: Group,
  { displayName, externalId, members }: GivenGroup,
): GroupOutcome {
  if (displayName === undefined) return WITHOUT_NAME;
  const outcome = patchGroup(directory, group, [
    { kind: "rename", displayName },
    { kind: "external id", externalId: externalId ?? null },
    { kind: "set members", members },
  ]);
  return outcome.status === 204 ? { status: 200, group } : outcome;
}

/** PATCH: all of the changes in their order, or none. */
export function patchGroup(
  directory: Directory,
  group: Group,
  changes: readonly GroupChange[],
): GroupOutcome {
  let { displayName, externalId } = group;
  let members = [...group.members.keys()];
  for (const change of changes) {
    switch (change.kind) {
      case "join":
        members = [...new Set([...members, ...change.members])];
        break;
      case "leave":
        members = members.filter((member) => !change.members.includes(member));
        break;
      case "set members":
        members = [...new Set(change.members)];
        break;
      case "clear members":
        members = [];
        break;
      case "rename":
        if (change.displayName === null) return WITHOUT_NAME;
        ({ displayName } = change);
        break;
      case "external id":
        externalId = change.externalId ?? undefined;
    }
  }
  if (isTaken(directory, displayName, group)) return TAKEN;
  write(directory, group, { displayName, externalId, members });
  return { status: 204 };
}

/** The people stay. Groups that it was a member of have changed. */
export function deleteGroup(directory: Directory, group: Group): GroupOutcome {
  for (const parent of groupsOf(directory, group)) {
    parent.members.delete(group);
    parent.version += 1;
  }
  directory.groups = directory.groups.filter((other) => other !== group);
  leaveDepartment(directory, group);
  directory.gone.push({ path: `/Groups/${group.id}` });
  directory.applied += 1;
  return { status: 204 };
}

function write(
  directory: Directory,
  group: Group,
  after: { displayName: string; externalId: string | undefined; members: readonly Member[] },
): void {
  const { displayName, externalId, members } = after;
  const leaving = [...group.members.keys()].filter((member) => !members.includes(member));
  const joining = members.filter((member) => !group.members.has(member));
  const isRenamed = displayName !== group.displayName;
  if (!isRenamed && externalId === group.externalId && leaving.length + joining.length === 0)
    return;
  if (isRenamed) group.department = departmentOfRenamedGroup(directory, group, displayName);
  group.displayName = displayName;
  group.externalId = externalId;
  for (const member of leaving) group.members.delete(member);
  for (const member of joining) group.members.set(member, directory.now);
  group.version += 1;
  directory.applied += 1;
}

/** Two groups of one name cannot be told apart by an identity provider. */
const isTaken = ({ groups }: Directory, displayName: string, self: Group | undefined): boolean =>
  groups.some((other) => other !== self && fold(other.displayName) === fold(displayName));
