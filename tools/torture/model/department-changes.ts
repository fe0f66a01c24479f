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
  const made = {
    id: "",
    name: name.trim(),
    isManual: false,
    isOrphan: false,
    isRetired: false,
    externalId: undefined,
  };
  directory.departments.push(made);
  return made;
}

/** By hand; undefined when one that is in use has the name. */
export function makeDepartment(directory: Directory, name: string): Department | undefined {
  if (named(directory, name)?.isRetired === false) return undefined;
  const department = use(directory, name);
  department.name = name;
  department.isManual = true;
  directory.applied += 1;
  return department;
}

/** By hand: who joins and who leaves, each counted when it is so now. A row in the journal for either. */
export function assign(
  directory: Directory,
  department: Department,
  people: { readonly add: readonly Person[]; readonly remove: readonly Person[] },
): { added: number; removed: number } {
  const joining = [...new Set(people.add)].filter(({ assigned }) => !assigned.has(department));
  const leaving = [...new Set(people.remove)].filter(({ assigned }) => assigned.has(department));
  for (const { assigned } of joining) assigned.set(department, directory.now);
  if (joining.length > 0) department.isOrphan = false;
  for (const { assigned } of leaving) assigned.delete(department);
  directory.applied += Number(joining.length > 0) + Number(leaving.length > 0);
  return { added: joining.length, removed: leaving.length };
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
  const isFree = former !== undefined && !former.isManual && !isNamedBy(directory, former);
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
  if (department.isManual) return use(directory, displayName);
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
    if (department.isRetired || department.isManual) continue;
    const wasOrphan = department.isOrphan;
    department.isOrphan = !isReferredTo(directory, department);
    if (wasOrphan && department.isOrphan) {
      department.isRetired = true;
      directory.applied += 1;
    }
  }
}

export interface Effective {
  readonly department: Department;
  readonly source: "group" | "manual" | "attribute";
}

/** With one department for each person: of the group joined last, else the one chosen last, else of the attribute. */
export function effectiveDepartment({ groups }: Directory, person: Person): Effective | undefined {
  const memberships = groups
    .flatMap((group) => {
      const since = group.members.get(person);
      return since === undefined ? [] : [{ group, since }];
    })
    .toSorted((a, b) => b.since - a.since || (a.group.id < b.group.id ? 1 : -1));
  const [last] = memberships;
  if (last !== undefined) return { department: last.group.department, source: "group" };
  const [chosen] = [...person.assigned]
    .filter(([department]) => !department.isRetired)
    .toSorted(([a, since], [b, other]) => other - since || (a.id < b.id ? 1 : -1));
  if (chosen !== undefined) return { department: chosen[0], source: "manual" };
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

const isReferredTo = (directory: Directory, department: Department): boolean =>
  isNamedBy(directory, department) ||
  directory.people.some(({ assigned }) => assigned.has(department));

const isNamedBy = ({ people, groups }: Directory, department: Department): boolean =>
  people.some((person) => person.department === department) ||
  groups.some((group) => group.department === department);
