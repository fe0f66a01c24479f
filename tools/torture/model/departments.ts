import type { Department, Directory, Group, Person } from "./directory.ts";
import { fold } from "./person-document.ts";

/** Begins what no name begins with. */
const NAMELESS = "\u0000";

const keyOf = (name: string): string => fold(name.trim());

/** The department of that name: as it is, back from retirement, or new. */
function use(directory: Directory, name: string): Department {
  const known = named(directory, name);
  if (known !== undefined) {
    known.isOrphan = false;
    known.isRetired = false;
    return known;
  }
  const made = { name: name.trim(), isOrphan: false, isRetired: false, externalId: undefined };
  directory.departments.push(made);
  return made;
}

const named = ({ departments }: Directory, name: string): Department | undefined =>
  departments.find((department) => keyOf(department.name) === keyOf(name));

/** The one that a person's attribute leads to; a new spelling of the same name changes nothing. */
export function departmentFor(
  directory: Directory,
  name: string | undefined,
  person: Person | undefined,
): Department | null {
  if (name === undefined) return null;
  const before = person?.document.department;
  const isSame = before !== undefined && keyOf(before) === keyOf(name);
  return isSame && person ? person.department : use(directory, name);
}

/**
 * Of a new group. One that was deleted and comes back under another name goes on with its department, which takes the new
 * name; unless the name is another one's that is in use, or something else refers to the old one by now.
 */
export function departmentOfNewGroup(
  directory: Directory,
  displayName: string,
  externalId: string | undefined,
): Department {
  const former = directory.departments.find(
    (department) => externalId !== undefined && department.externalId === externalId,
  );
  const isFree = former !== undefined && !isReferredTo(directory, former);
  if (isFree && keyOf(former.name) !== keyOf(displayName)) takeName(directory, former, displayName);
  return use(directory, displayName);
}

/** The department follows the name of its group, unless another one that is in use has that name. */
export function departmentOfRenamedGroup(
  directory: Directory,
  group: Group,
  displayName: string,
): Department {
  const { department } = group;
  if (keyOf(department.name) === keyOf(displayName)) {
    department.name = displayName.trim();
    return department;
  }
  const oldName = department.name;
  if (!takeName(directory, department, displayName)) return use(directory, displayName);
  // People whose attribute still says the old name stay in a department of that name, and change with it.
  const faithful = directory.people.filter((person) => person.department === department);
  if (faithful.length > 0) {
    const kept = use(directory, oldName);
    for (const person of faithful) {
      person.department = kept;
      person.version += 1;
    }
  }
  return department;
}

/** Of a deleted group. By its externalId it will be known again. */
export function leaveDepartment(
  directory: Directory,
  { department, externalId }: Pick<Group, "department" | "externalId">,
): void {
  if (externalId === undefined) return;
  for (const other of directory.departments) {
    if (other.externalId === externalId) other.externalId = undefined;
  }
  department.externalId = externalId;
}

/** One run: who was found before retires, who is found now is marked. */
export function reconcile(directory: Directory): void {
  for (const department of directory.departments) {
    if (department.isRetired) continue;
    const wasOrphan = department.isOrphan;
    department.isOrphan = !isReferredTo(directory, department);
    if (wasOrphan && department.isOrphan) {
      department.isRetired = true;
      directory.applied += 1;
    }
  }
}

/** With one department for each person: of the group that was joined last, else of the attribute. */
export function effectiveDepartment(
  { groups }: Directory,
  person: Person,
): { department: Department; source: "group" | "attribute" } | undefined {
  const memberships = groups
    .flatMap((group) => {
      const since = group.members.get(person);
      return since === undefined ? [] : [{ group, since }];
    })
    .toSorted((a, b) => b.since - a.since || (a.group.id < b.group.id ? 1 : -1));
  const [last] = memberships;
  if (last !== undefined) return { department: last.group.department, source: "group" };
  return person.department === null
    ? undefined
    : { department: person.department, source: "attribute" };
}

/** A retired one gives its name up, and does not come back under it. */
function takeName(directory: Directory, department: Department, name: string): boolean {
  const other = named(directory, name);
  if (other !== undefined && !other.isRetired) return false;
  if (other !== undefined) other.name = `${NAMELESS}${directory.departments.indexOf(other)}`;
  department.name = name.trim();
  return true;
}

const isReferredTo = ({ people, groups }: Directory, department: Department): boolean =>
  people.some((person) => person.department === department) ||
  groups.some((group) => group.department === department);
