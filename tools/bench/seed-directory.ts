import { benchPerson, departmentName, NUMBER_CHARACTERS } from "./bench-person.ts";
import { copyRow, type Replacement, type Row } from "./copy-row.ts";
import { rowsHolding } from "./rows-holding.ts";
import { SMALL_GROUP, type SeedPlan, slices, TEN } from "./seed-plan.ts";
import { seededId, seededIdSql } from "./seeded-id.ts";
import { created, deleted, raiseTotals, type SeedingTarget, totalsOf } from "./seeding-target.ts";

/** The groups that the requests name, by their ids. */
export interface SeededGroups {
  readonly large: string;
  readonly ten: string;
}

export const LARGE_NAME = "Everybody";

/** What stands in the model's texts where a copy has a text of its own. As long, so that every row is. */
const NUMBER_MARK = "7310954862";
const DEPARTMENT_MARK = "9264058173";
const MANAGER_MARK = seededId("person", 0xfedcba987654);
const TEAM_SIZE = 8;

interface Models {
  readonly person: string;
  readonly group: string;
  readonly membership: Row;
  /** All rows of the person and of the group, with their tables. */
  readonly personRows: readonly TableRow[];
  readonly groupRows: readonly TableRow[];
}
interface TableRow {
  readonly table: string;
  readonly model: Row;
}
type Copy = (row: TableRow, replacements: readonly Replacement[], count: number) => Promise<void>;

/** How many statements a plan takes. */
export function statementsOf(plan: SeedPlan): number {
  const { people, large, smallGroups, departments } = plan;
  return [people, departments, smallGroups, smallGroups, smallGroups * SMALL_GROUP, large, TEN]
    .map((count) => slices(count).length)
    .reduce((sum, count) => sum + count);
}

/**
 * Fills a new tenant by the plan. The server makes one person and one group with a member; every other row is a
 * copy of theirs with other texts, written by the database itself.
 */
export async function seedDirectory(
  target: SeedingTarget,
  plan: SeedPlan,
  tick: () => void,
): Promise<SeededGroups> {
  const copy: Copy = ({ table, model }, replacements, count) =>
    copyRow(target.database, { table, model, replacements, count }, tick);
  const models = await makeModels(target, plan);
  await copyPeople(target, models, plan, copy);
  await copyGroups(target, models, plan, copy);

  const large = await created(target, "/Groups", { displayName: LARGE_NAME });
  const ten = await created(target, "/Groups", { displayName: "Ten" });
  const { people, smallGroups } = plan;
  const teamOf = seededIdSql("group", `n / ${SMALL_GROUP}`);
  const teamMembers = smallGroups * SMALL_GROUP;
  await copyMemberships(models, copy, teamOf, people - teamMembers, teamMembers);
  await copyMemberships(models, copy, `'${large}'`, 0, plan.large);
  await copyMemberships(models, copy, `'${ten}'`, plan.large, TEN);

  await deleted(target, `/Groups/${models.group}`);
  await deleted(target, `/Users/${models.person}`);
  return { large, ten };
}

/** Makes them, and adds to the totals what their copies will be. */
async function makeModels(target: SeedingTarget, plan: SeedPlan): Promise<Models> {
  const { database, tenantKey } = target;
  const empty = await totalsOf(target);
  const person = await created(
    target,
    "/Users",
    benchPerson({
      number: NUMBER_MARK,
      department: departmentName(DEPARTMENT_MARK),
      managerId: MANAGER_MARK,
    }),
  );
  const withPerson = await totalsOf(target);
  const members = [{ value: person }];
  const group = await created(target, "/Groups", { displayName: `Team ${NUMBER_MARK}`, members });
  await raiseTotals(target, withPerson, await totalsOf(target), plan.smallGroups);
  await raiseTotals(target, empty, withPerson, plan.people);

  const membership = await database
    .prepare("SELECT * FROM group_members WHERE tenant_key = ? AND group_id = ?")
    .bind(tenantKey, group)
    .first<Row>();
  if (membership === null) throw new Error("The model is not a member of its group.");
  const personRows = await rowsHolding(database, tenantKey, person);
  const groupRows = await rowsHolding(database, tenantKey, group);
  return { person, group, membership, personRows, groupRows };
}

async function copyPeople(
  target: SeedingTarget,
  { person, personRows }: Models,
  plan: SeedPlan,
  copy: Copy,
): Promise<void> {
  const department = departmentIn(personRows);
  const number = (of: string) => `printf('%0${NUMBER_CHARACTERS}d', ${of})`;
  const ofDepartment = (of: string): Replacement[] => [
    { text: department, sql: seededIdSql("department", of) },
    { text: DEPARTMENT_MARK, sql: number(of) },
  ];
  const ofPerson: Replacement[] = [
    ...ofDepartment(`n % ${plan.departments}`),
    { text: person, sql: seededIdSql("person", "n") },
    { text: NUMBER_MARK, sql: number("n") },
    { text: MANAGER_MARK, sql: seededIdSql("person", `n / ${TEAM_SIZE}`) },
  ];
  await copy(await departmentRow(target, department), ofDepartment("n"), plan.departments);
  for (const row of personRows) {
    // oxlint-disable-next-line no-await-in-loop -- one writer at a time
    await copy(row, ofPerson, plan.people);
  }
}

/** With the department that each of them feeds. */
async function copyGroups(
  target: SeedingTarget,
  { group, groupRows }: Models,
  plan: SeedPlan,
  copy: Copy,
): Promise<void> {
  const department = departmentIn(groupRows);
  const ofGroup: Replacement[] = [
    { text: group, sql: seededIdSql("group", "n") },
    { text: department, sql: seededIdSql("groupDepartment", "n") },
    { text: NUMBER_MARK, sql: `printf('%0${NUMBER_CHARACTERS}d', n)` },
  ];
  for (const row of [...groupRows, await departmentRow(target, department)]) {
    // oxlint-disable-next-line no-await-in-loop -- one writer at a time
    await copy(row, ofGroup, plan.smallGroups);
  }
}

/** So many memberships of one person each, from a person on, in the group of this id (SQL). */
function copyMemberships(
  { group, person, membership }: Models,
  copy: Copy,
  groupId: string,
  firstPerson: number,
  count: number,
): Promise<void> {
  const replacements = [
    { text: group, sql: groupId },
    { text: person, sql: seededIdSql("person", `n + ${firstPerson}`) },
  ];
  return copy({ table: "group_members", model: membership }, replacements, count);
}

async function departmentRow(
  { database, tenantKey }: SeedingTarget,
  id: string,
): Promise<TableRow> {
  const model = await database
    .prepare("SELECT * FROM departments WHERE tenant_key = ? AND id = ?")
    .bind(tenantKey, id)
    .first<Row>();
  if (model === null) throw new Error("The model's department is not there.");
  return { table: "departments", model };
}

function departmentIn(rows: readonly TableRow[]): string {
  const id = rows.map(({ model }) => model["department_id"]).find((value) => value !== undefined);
  if (typeof id !== "string") throw new Error("The model has no department.");
  return id;
}
