import { effectiveDepartment } from "./department-changes.ts";
import { type Department, type Directory, type Group, isPerson, type Person } from "./directory.ts";
import { canonicalText, fold, type Json } from "./person-document.ts";
import { comparable, showGroup, showPerson, versionTag } from "./show.ts";
import { expectSame, type ModelAnswer, type System } from "./system.ts";

const EVERYTHING = "count=200";

export const pathOf = (resource: Person | Group): string =>
  `/${isPerson(resource) ? "Users" : "Groups"}/${resource.id}`;

export const show = (directory: Directory, resource: Person | Group): Json =>
  isPerson(resource) ? showPerson(directory, resource) : showGroup(resource);

/** An answer that holds one resource, as a whole. */
export function compareOne(
  directory: Directory,
  resource: Person | Group,
  what: string,
  { body, headers }: ModelAnswer,
): void {
  expectSame(what, comparable(show(directory, resource)), comparable(body));
  expectSame(`ETag of ${what}`, versionTag(resource.version), headers.get("ETag"));
}

export async function compareByGet(
  directory: Directory,
  system: System,
  resource: Person | Group,
): Promise<void> {
  const path = pathOf(resource);
  const answer = await system.scim("GET", path);
  expectSame(`status of GET ${path}`, 200, answer.status);
  compareOne(directory, resource, `GET ${path}`, answer);
}

export async function expectGone(system: System, path: string): Promise<void> {
  expectSame(`status of GET ${path}`, 404, (await system.scim("GET", path)).status);
}

/** Everybody and every group in one page each, in the order of creation, the totals, and the length of the journal. */
export async function compareLists(directory: Directory, system: System): Promise<void> {
  const { people, groups } = directory;
  const [, , changes] = await Promise.all([
    compareList(directory, system, "/Users", people),
    compareList(directory, system, "/Groups", groups),
    system.changes(),
  ]);
  expectSame("changes in the journal", directory.applied, changes);
}

async function compareList(
  directory: Directory,
  system: System,
  path: string,
  resources: readonly (Person | Group)[],
): Promise<void> {
  const { status, body } = await system.scim("GET", `${path}?${EVERYTHING}`);
  expectSame(`status of GET ${path}`, 200, status);
  expectSame(`totalResults of ${path}`, resources.length, body["totalResults"]);
  const shown = resourcesIn(body);
  expectSame(
    `ids in ${path}`,
    resources.map(({ id }) => id),
    shown.map(({ id }) => id),
  );
  for (const [at, resource] of resources.entries()) {
    const wanted = comparable(show(directory, resource));
    expectSame(`${pathOf(resource)} in its list`, wanted, comparable(shown[at] ?? {}));
  }
}

export const resourcesIn = (body: Json): readonly Json[] =>
  Array.isArray(body["Resources"]) ? body["Resources"] : [];

const itemsIn = (body: Json): readonly Json[] =>
  Array.isArray(body["items"]) ? body["items"] : [];

/** Whose department each person is in and why, and which departments there are, as the admin API tells. */
export async function compareDepartments(directory: Directory, system: System): Promise<void> {
  const { people, departments } = directory;
  const [users, listed] = await Promise.all([
    system.admin("GET", "/users?limit=200"),
    system.admin("GET", "/departments?limit=200"),
  ]);
  expectSame("status of the admin API's users", 200, users.status);
  const found = new Map(itemsIn(users.body).map((user) => [user["id"], user]));
  for (const person of people) {
    const user = found.get(person.id);
    const wanted = effectiveDepartment(directory, person);
    expectSame(
      `departments of ${person.id}`,
      wanted === undefined ? [] : [[fold(wanted.department.name), wanted.source]],
      departmentsIn(user),
    );
    expectSame(`origin of ${person.id}`, person.manual ? "manual" : "scim", user?.["origin"]);
  }
  expectSame("status of the admin API's departments", 200, listed.status);
  const inUse = departments.filter(({ isRetired }) => !isRetired);
  const shown = itemsIn(listed.body).map(readDepartment);
  expectSame("names of departments", inUse.map(keyOf).toSorted(), shown.map(keyOf).toSorted());
  for (const department of inUse) {
    const there = shown.find(({ name }) => fold(name) === keyOf(department));
    const what = `department ${department.name}`;
    // A department keeps its id, whatever becomes of its name.
    department.id ||= there?.id ?? "";
    expectSame(what, describeDepartment(directory, department), there);
  }
}

const keyOf = ({ name }: { readonly name: string }): string => fold(name);

const readDepartment = ({ id, name, origin, orphanedAt, memberCount, sources }: Json) => ({
  id: String(id),
  name: fold(String(name)),
  isManual: origin === "manual",
  isOrphan: orphanedAt !== null,
  memberCount,
  sources: canonicalText(sources),
});

/** Counts of people: of those who are in it, and of those whom each source links to it. */
function describeDepartment(
  directory: Directory,
  department: Department,
): ReturnType<typeof readDepartment> {
  const { people, groups } = directory;
  const count = (isCounted: (person: Person) => boolean) => people.filter(isCounted).length;
  const fed = groups.filter((group) => group.department === department);
  return {
    id: department.id,
    name: keyOf(department),
    isManual: department.isManual,
    isOrphan: department.isOrphan,
    memberCount: count(
      (person) => effectiveDepartment(directory, person)?.department === department,
    ),
    sources: canonicalText({
      group: count((person) => fed.some(({ members }) => members.has(person))),
      manual: count(({ assigned }) => assigned.has(department)),
      attribute: count((person) => person.department === department),
    }),
  };
}

const departmentsIn = (user: Json | undefined): unknown[] =>
  ((user?.["departments"] ?? []) as Json[]).map(({ name, source }) => [fold(String(name)), source]);
