import { effectiveDepartment } from "./departments.ts";
import type { Directory, Group, Person } from "./directory.ts";
import { isPerson } from "./directory.ts";
import { fold, type Json } from "./person-document.ts";
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
  await compareList(directory, system, "/Users", people);
  await compareList(directory, system, "/Groups", groups);
  expectSame("changes in the journal", directory.applied, await system.changes());
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
  const users = await system.admin("GET", "/users?limit=200");
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
  const listed = await system.admin("GET", "/departments?limit=200");
  expectSame("status of the admin API's departments", 200, listed.status);
  const inUse = departments.filter(({ isRetired }) => !isRetired);
  expectSame(
    "departments",
    inUse.map(({ name, isOrphan }) => [fold(name), isOrphan]).toSorted(),
    itemsIn(listed.body)
      .map(({ name, orphanedAt }) => [fold(String(name)), orphanedAt !== null])
      .toSorted(),
  );
}

const departmentsIn = (user: Json | undefined): unknown[] =>
  ((user?.["departments"] ?? []) as Json[]).map(({ name, source }) => [fold(String(name)), source]);
