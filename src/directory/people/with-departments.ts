import type { DirectoryContext } from "../context.ts";
import type { UserRecord } from "../ports.ts";

/** People with the departments that count for them; one query for all. */
export async function withDepartments(
  { departments }: Pick<DirectoryContext, "departments">,
  people: readonly UserRecord[],
): Promise<UserRecord[]> {
  const found = await departments.departmentsOf(people.map(({ id }) => id));
  return people.map((person) => ({ ...person, departments: found.get(person.id) ?? [] }));
}
