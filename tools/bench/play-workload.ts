import type { BenchAnswer, BenchClient, BenchRequest } from "./open-client.ts";
import { find, get, groupOf, join, patch, post, put, replace } from "./scim-requests.ts";
import {
  afterAWhile,
  documentOf,
  type WorkloadGroup,
  workloadGroups,
  type WorkloadPerson,
  workloadPeople,
  type WorkloadSize,
} from "./workload.ts";

export interface StepResult {
  readonly step: string;
  requests: number;
  errors: number;
  seconds: number;
  /** The first answer that was not expected. */
  unexpected: string | undefined;
}

export interface WorkloadResult {
  readonly steps: readonly StepResult[];
  /** What the server says afterwards and should not, in words. */
  readonly wrong: readonly string[];
}

/** Ids by what the identity provider knows: numbers of people, names of groups. */
type Ids = Map<number | string, string>;

/**
 * Plays an identity provider's first synchronisation, an incremental cycle and a full one, one request after the
 * other. What the server cannot do is noted, and the rest is played.
 */
export async function playWorkload(
  scim: BenchClient,
  size: WorkloadSize,
  tick: () => void,
): Promise<WorkloadResult> {
  const people = workloadPeople(size);
  const later = people.map(afterAWhile);
  const groups = workloadGroups(size);
  const ids: Ids = new Map();
  const steps: StepResult[] = [];

  async function step(name: string, work: (ask: Ask) => Promise<void>): Promise<void> {
    const result: StepResult = {
      step: name,
      requests: 0,
      errors: 0,
      seconds: 0,
      unexpected: undefined,
    };
    steps.push(result);
    const begun = performance.now();
    await work(async (request, ...statuses) => {
      const answer = await scim.send(request);
      result.requests += 1;
      if (!statuses.includes(answer.status)) {
        result.errors += 1;
        result.unexpected ??= `${request.method} → ${answer.status} ${answer.text.slice(0, 160)}`;
      }
      return answer;
    });
    result.seconds = (performance.now() - begun) / 1000;
    tick();
  }

  await step("first sync: look up and POST people", async (ask) => {
    for (const person of people) {
      await ask(byUserName(person), 200);
      note(ids, person.number, await ask(post("/Users", documentOf(person)), 201));
    }
  });
  await step("first sync: look up and POST groups", async (ask) => {
    for (const { displayName } of groups) {
      await ask(byDisplayName(displayName), 200);
      note(ids, displayName, await ask(post("/Groups", groupOf(displayName, [])), 201));
    }
  });
  await step("first sync: PATCH one member at a time", async (ask) => {
    for (const group of groups) {
      for (const member of memberIds(group, ids)) {
        await ask(join(idOf(ids, group.displayName), member), 200, 204);
      }
    }
  });
  await step("incremental: look up everything, PATCH 3 %", async (ask) => {
    for (const [at, person] of later.entries()) {
      await ask(byUserName(person), 200);
      const before = people[at] ?? person;
      const path = `/Users/${idOf(ids, person.number)}`;
      if (person.title !== before.title)
        await ask(patch(path, replace("title", person.title)), 200, 204);
      if (person.active !== before.active)
        await ask(patch(path, replace("active", person.active)), 200, 204);
    }
    for (const { displayName } of groups) await ask(byDisplayName(displayName), 200);
  });
  await step("full resync: PATCH or PUT people with what is there", async (ask) => {
    for (const person of later) {
      await ask(byUserName(person), 200);
      await ask(resent(person, idOf(ids, person.number)), 200, 204);
    }
  });
  await step("full resync: PATCH or PUT members with what is there", async (ask) => {
    for (const [at, group] of groups.entries()) {
      await ask(byDisplayName(group.displayName), 200);
      const id = idOf(ids, group.displayName);
      const members = memberIds(group, ids);
      if (at % 2 === 0) for (const member of members) await ask(join(id, member), 200, 204);
      else await ask(put(`/Groups/${id}`, groupOf(group.displayName, members)), 200, 204);
    }
  });
  return { steps, wrong: await examine(scim, ids, later, groups) };
}

type Ask = (request: BenchRequest, ...statuses: number[]) => Promise<BenchAnswer>;

const byUserName = ({ userName }: WorkloadPerson) => find("/Users", `userName eq "${userName}"`);
const byDisplayName = (name: string) =>
  find("/Groups", `displayName eq "${name}"`, "&excludedAttributes=members");

function resent(person: WorkloadPerson, id: string): BenchRequest {
  const document = documentOf(person);
  if (person.number % 2 === 1) return put(`/Users/${id}`, document);
  const { schemas: _schemas, ...attributes } = document;
  return patch(`/Users/${id}`, { op: "Replace", value: attributes });
}

function note(ids: Ids, key: number | string, { status, text }: BenchAnswer): void {
  if (status === 201) ids.set(key, String((JSON.parse(text) as { id?: unknown }).id));
}

/** An id that nobody has stands for what the server did not create. */
const idOf = (ids: Ids, key: number | string): string => ids.get(key) ?? "none";

const memberIds = ({ members }: WorkloadGroup, ids: Ids): string[] =>
  members.map((number) => idOf(ids, number));

/** Not part of the time. */
async function examine(
  scim: BenchClient,
  ids: Ids,
  people: readonly WorkloadPerson[],
  groups: readonly WorkloadGroup[],
): Promise<string[]> {
  const read = async (path: string): Promise<Record<string, unknown>> => {
    const { status, text } = await scim.send(get(path));
    return status === 200 ? (JSON.parse(text) as Record<string, unknown>) : {};
  };
  let wrongPeople = 0;
  for (const person of people.filter(({ number }) => number % 10 < 3)) {
    const { title, active, userName } = await read(`/Users/${idOf(ids, person.number)}`);
    if (title !== person.title || active !== person.active || userName !== person.userName) {
      wrongPeople += 1;
    }
  }
  let wrongGroups = 0;
  for (const group of groups) {
    const { members } = await read(`/Groups/${idOf(ids, group.displayName)}`);
    const values = Array.isArray(members) ? members.map((one: { value: string }) => one.value) : [];
    if (values.toSorted().join() !== memberIds(group, ids).toSorted().join()) wrongGroups += 1;
  }
  return [
    ...(wrongPeople === 0 ? [] : [`${wrongPeople} people are not as they were sent`]),
    ...(wrongGroups === 0 ? [] : [`${wrongGroups} groups do not hold each member once`]),
  ];
}
