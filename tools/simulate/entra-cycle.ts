import { attributeAt } from "./attribute-at.ts";
import { ask, type Cycle, lastBody, play } from "./cycle.ts";
import { ENTERPRISE, entraAttributes, entraUser } from "./entra-user.ts";
import { inParallel } from "./in-parallel.ts";
import { type Person, personAt, type Team, teamAt } from "./people.ts";

const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const MANAGER = `${ENTERPRISE}:manager`;

interface Operation {
  readonly op: "Add" | "Replace";
  readonly path: string;
  readonly value: string | { readonly $ref: null; readonly value: string }[];
}

/**
 * An initial cycle, or after "restart provisioning" the same again: users first, then references, then
 * groups with one member per request, because the client for custom applications does not batch.
 */
export async function entraCycle(cycle: Cycle): Promise<ReadonlyMap<number, string>> {
  const { users, groups, concurrency } = cycle.options;
  const people = Array.from({ length: users }, (_, at) => personAt("entra", at + 1));
  const teams = Array.from({ length: groups }, (_, at) => teamAt("entra", at + 1, groups, users));
  const known = new Map<number, { id: string; managerId: unknown }>();

  cycle.progress.begin("people", people.length);
  await inParallel(people, concurrency, async (person) => {
    const resource = await provisionPerson(cycle, person);
    const id = attributeAt(resource, "id");
    if (typeof id === "string") {
      known.set(person.number, { id, managerId: attributeAt(resource, `${MANAGER}.value`) });
    }
    cycle.progress.tick();
  });
  cycle.progress.end();

  const led = people.filter(({ managerNumber }) => managerNumber !== undefined);
  cycle.progress.begin("managers", led.length);
  await inParallel(led, concurrency, async ({ number, managerNumber = 0 }) => {
    const person = known.get(number);
    const manager = known.get(managerNumber);
    if (person !== undefined && manager !== undefined && person.managerId !== manager.id) {
      await patchUser(cycle, person.id, [{ op: "Add", path: MANAGER, value: manager.id }], {
        [ENTERPRISE]: { manager: { value: manager.id } },
      });
    }
    cycle.progress.tick();
  });
  cycle.progress.end();

  const ids = new Map([...known].map(([number, { id }]) => [number, id]));
  cycle.progress.begin("groups", teams.length);
  await inParallel(teams, concurrency, async (team) => {
    await provisionTeam(cycle, team, ids);
    cycle.progress.tick();
  });
  cycle.progress.end();
  return ids;
}

async function provisionPerson(cycle: Cycle, person: Person): Promise<unknown> {
  const played = await play(cycle, "user-match-or-create", {
    user: entraUser(person),
    externalId: person.externalId,
    userName: person.userName,
    ...(person.mail === undefined ? {} : { mail: person.mail }),
  });
  if (played === undefined) return undefined;
  const { created, found } = played.variables;
  if (created !== undefined) {
    cycle.tally.users.created += 1;
    return created;
  }
  const operations = differences(person, found);
  if (operations.length === 0) {
    cycle.tally.users.unchanged += 1;
    return found;
  }
  cycle.tally.users.updated += 1;
  return patchUser(cycle, String(attributeAt(found, "id")), operations, {
    userName: person.userName,
  });
}

/** Only what differs, one path per operation: an attribute that our answer lacks is added in every cycle. */
function differences(person: Person, found: unknown): Operation[] {
  return entraAttributes(person).flatMap(([path, value]): Operation[] => {
    const current = attributeAt(found, path);
    const same = path === "active" ? current === true : current === value;
    return same ? [] : [{ op: current === undefined ? "Add" : "Replace", path, value }];
  });
}

async function patchUser(
  cycle: Cycle,
  id: string,
  operations: Operation[],
  body: object,
): Promise<unknown> {
  const answer = await ask(
    cycle,
    "updates a person",
    { method: "PATCH", path: `/Users/${id}`, body: patchOf(operations) },
    { status: 200, body: { id, ...body } },
  );
  return lastBody(answer);
}

async function provisionTeam(
  cycle: Cycle,
  team: Team,
  ids: ReadonlyMap<number, string>,
): Promise<void> {
  const { tally } = cycle;
  const played = await play(cycle, "group-match-or-create", { ...team });
  if (played === undefined) return;
  const { groupId, created } = played.variables;
  let sent = 0;
  for (const number of team.members) {
    const id = ids.get(number);
    // oxlint-disable-next-line no-await-in-loop -- one group's members are sent one after the other
    if (
      id !== undefined &&
      (created !== undefined || !(await hasMember(cycle, String(groupId), id)))
    ) {
      // oxlint-disable-next-line no-await-in-loop -- see above
      await addMember(cycle, String(groupId), id);
      sent += 1;
    }
  }
  tally.memberships += sent;
  tally.groups[created !== undefined ? "created" : sent > 0 ? "updated" : "unchanged"] += 1;
}

/** The reference check of older engines: nothing but the id, and a membership as a term of the filter. */
async function hasMember(cycle: Cycle, groupId: string, id: string): Promise<boolean> {
  const filter = `id+eq+%22${groupId}%22+and+members+eq+%22${id}%22`;
  const answer = await ask(
    cycle,
    "asks whether a member is there",
    { method: "GET", path: `/Groups?attributes=id&filter=${filter}` },
    { status: 200, body: { totalResults: { $oneOf: [0, 1] } } },
  );
  return attributeAt(lastBody(answer), "totalResults") === 1;
}

async function addMember(cycle: Cycle, groupId: string, id: string): Promise<void> {
  const operation: Operation = { op: "Add", path: "members", value: [{ $ref: null, value: id }] };
  await ask(
    cycle,
    "adds a member",
    { method: "PATCH", path: `/Groups/${groupId}`, body: patchOf([operation]) },
    { status: 204 },
  );
}

function patchOf(operations: Operation[]) {
  return { schemas: [PATCH_OP], Operations: operations.map((operation) => ({ ...operation })) };
}
