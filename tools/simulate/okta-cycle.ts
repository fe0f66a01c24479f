import type { Step } from "../../test/scenarios/story.ts";
import { isRecord } from "../../test/scenarios/fill-template.ts";
import { attributeAt } from "./attribute-at.ts";
import { ask, type Cycle, lastBody, play } from "./cycle.ts";
import { ENTERPRISE } from "./entra-user.ts";
import { inParallel } from "./in-parallel.ts";
import { oktaProfile, oktaUser } from "./okta-user.ts";
import { type Person, personAt, type Team, teamAt } from "./people.ts";

type Body = NonNullable<Step["request"]["body"]>;

const CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/**
 * Everybody assigned and every group pushed: people are read, merged and put. Groups with an even number are
 * pushed by a catalogue application (PATCH), those with an odd one by a custom application (PUT).
 */
export async function oktaCycle(cycle: Cycle): Promise<ReadonlyMap<number, string>> {
  const { users, groups, concurrency } = cycle.options;
  const people = Array.from({ length: users }, (_, at) => personAt("okta", at + 1));
  const known = new Map<number, Record<string, unknown>>();

  cycle.progress.begin("people", people.length);
  await inParallel(people, concurrency, async (person) => {
    const resource = await provisionPerson(cycle, person);
    if (isRecord(resource)) known.set(person.number, resource);
    cycle.progress.tick();
  });
  cycle.progress.end();

  const led = people.filter(({ managerNumber }) => managerNumber !== undefined);
  cycle.progress.begin("managers", led.length);
  await inParallel(led, concurrency, async ({ number, managerNumber = 0 }) => {
    const person = known.get(number);
    const managerId = known.get(managerNumber)?.["id"];
    if (person !== undefined && typeof managerId === "string")
      await setManager(cycle, person, managerId);
    cycle.progress.tick();
  });
  cycle.progress.end();

  const ids = new Map([...known].map(([number, { id }]) => [number, String(id)]));
  const numbers = Array.from({ length: groups }, (_, at) => at + 1);
  cycle.progress.begin("groups", groups);
  await inParallel(numbers, concurrency, async (number) => {
    await provisionTeam(cycle, number, teamAt("okta", number, groups, users), ids);
    cycle.progress.tick();
  });
  cycle.progress.end();
  return ids;
}

async function provisionPerson(cycle: Cycle, person: Person): Promise<unknown> {
  const { userName } = person;
  const played = await play(cycle, "user-match-or-create", { user: oktaUser(person), userName });
  if (played === undefined) return undefined;
  const { created, found } = played.variables;
  if (created !== undefined || !isRecord(found)) {
    cycle.tally.users.created += 1;
    return created;
  }
  const profile = oktaProfile(person);
  // The manager, which a later call writes, is not Okta's to lose here.
  const enterprise = { ...asRecord(found[ENTERPRISE]), ...asRecord(profile[ENTERPRISE]) };
  const put = await putUser(cycle, { ...found, ...profile, [ENTERPRISE]: enterprise });
  if (put !== undefined) cycle.tally.users[isSame(found, put) ? "unchanged" : "updated"] += 1;
  return put;
}

async function setManager(
  cycle: Cycle,
  person: Record<string, unknown>,
  managerId: string,
): Promise<void> {
  if (attributeAt(person, `${ENTERPRISE}:manager.value`) === managerId) return;
  const enterprise = { ...asRecord(person[ENTERPRISE]), manager: { value: managerId } };
  await putUser(cycle, { ...person, [ENTERPRISE]: enterprise });
}

async function putUser(cycle: Cycle, resource: Record<string, unknown>): Promise<unknown> {
  const { id, userName } = resource;
  const answer = await ask(
    cycle,
    "puts a person",
    { method: "PUT", path: `/Users/${String(id)}`, body: asBody(resource) },
    { status: 200, body: asBody({ id, userName, active: true }) },
  );
  return lastBody(answer);
}

async function provisionTeam(
  cycle: Cycle,
  number: number,
  team: Team,
  ids: ReadonlyMap<number, string>,
): Promise<void> {
  const played = await play(cycle, "group-match-or-create", { displayName: team.displayName });
  if (played === undefined) return;
  const { groupId: id, created, group } = played.variables;
  const members = team.members.flatMap((member) => {
    const value = ids.get(member);
    return value === undefined ? [] : [{ value, display: null }];
  });
  const push =
    number % 2 === 0
      ? await patchGroup(cycle, String(id), team.displayName, members)
      : await putGroup(cycle, String(id), team.displayName, members);
  if (push === undefined) return;
  const after = await ask(
    cycle,
    "reads the group afterwards",
    { method: "GET", path: `/Groups/${String(id)}` },
    {
      status: 200,
      body: asBody({
        displayName: team.displayName,
        members: members.length === 0 ? { $empty: true } : { $length: members.length },
      }),
    },
  );
  const outcome =
    created !== undefined ? "created" : isSame(group, lastBody(after)) ? "unchanged" : "updated";
  cycle.tally.groups[outcome] += 1;
  cycle.tally.memberships += members.length;
}

/** "Push now" of a catalogue application: the name without a path, then all members. */
function patchGroup(cycle: Cycle, id: string, displayName: string, members: object[]) {
  const operations = [
    { op: "replace", value: { id, displayName } },
    { op: "replace", path: "members", value: members },
  ];
  const body = asBody({ schemas: [PATCH_OP], Operations: operations });
  return ask(
    cycle,
    "pushes a group",
    { method: "PATCH", path: `/Groups/${id}`, body },
    { status: 204 },
  );
}

function putGroup(cycle: Cycle, id: string, displayName: string, members: object[]) {
  const body = asBody({ schemas: [CORE_GROUP], id, displayName, members });
  return ask(
    cycle,
    "puts a group",
    { method: "PUT", path: `/Groups/${id}`, body },
    { status: 200 },
  );
}

/** A write that changed nothing leaves version and time alone. */
function isSame(before: unknown, after: unknown): boolean {
  return ["meta.version", "meta.lastModified"].every(
    (path) => attributeAt(before, path) === attributeAt(after, path),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The guarantee: it was parsed from JSON, or is written in JSON's types here. */
function asBody(value: object): Body {
  return value as Body;
}
