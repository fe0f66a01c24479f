import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { filterOf, patchOf, type Answer, type Json, type ScimClient } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

class AnswerLost extends Error {}

/** Loses the answer of one call, when all that it asks for is done. */
function losing(tenant: MintedTenant, lost: number) {
  let calls = 0;
  const direct = callWorker();
  const scim = tenant.through(async (request) => {
    calls += 1;
    const isLost = calls === lost;
    const answer = await direct(request);
    if (isLost) throw new AnswerLost();
    return answer;
  });
  return { scim, calls: () => calls };
}

async function found(scim: ScimClient, path: string, filter: string): Promise<string | undefined> {
  const answer = await scim.get(`${path}?${filterOf(filter)}`);
  expect(answer.status).toBe(200);
  expect(answer.resources.length).toBeLessThan(2);
  return answer.resources.map(({ id }) => String(id))[0];
}

const done = ({ status }: Answer, ...expected: readonly number[]) =>
  expect(expected).toContain(status);

interface Wanted {
  readonly people: readonly { userName: string; title: string; active: boolean }[];
  readonly gone: readonly string[];
  readonly group: string;
}

/** As Entra ID does it: look up, then create or change; what is out of scope is disabled or deleted. */
async function cycle(scim: ScimClient, { people, gone, group }: Wanted): Promise<void> {
  const ids: string[] = [];
  for (const { userName, ...person } of people) {
    const known = await found(scim, "/Users", `userName eq "${userName}"`);
    if (known === undefined) {
      const made = await scim.post("/Users", { userName, externalId: userName, ...person });
      done(made, 201);
      ids.push(made.id);
    } else {
      const changes = Object.entries(person).map(([path, value]) => ({
        op: "Replace",
        path,
        value,
      }));
      done(await scim.patch(`/Users/${known}`, patchOf(...changes)), 200);
      ids.push(known);
    }
  }
  for (const userName of gone) {
    const known = await found(scim, "/Users", `userName eq "${userName}"`);
    if (known !== undefined) done(await scim.delete(`/Users/${known}`), 204, 404);
  }
  const known = await found(scim, "/Groups", `displayName eq "${group}"`);
  const made = known === undefined ? await scim.post("/Groups", { displayName: group }) : undefined;
  if (made) done(made, 201);
  const value = ids.map((id) => ({ value: id }));
  const join = patchOf({ op: "Add", path: "members", value });
  done(await scim.patch(`/Groups/${known ?? made?.id}`, join), 204);
}

const FIRST: Wanted = {
  people: [
    { userName: "ana", title: "Nurse", active: true },
    { userName: "ben", title: "Cook", active: true },
    { userName: "cleo", title: "Cook", active: true },
  ],
  gone: [],
  group: "Staff",
};
const SECOND: Wanted = {
  people: [
    { userName: "ana", title: "Doctor", active: true },
    { userName: "ben", title: "Cook", active: false },
    { userName: "dan", title: "Cook", active: true },
  ],
  gone: ["cleo"],
  group: "Crew",
};

/** What a directory holds, without ids and times. */
async function holdings({ scim, key }: MintedTenant): Promise<unknown> {
  const people = (await scim.get("/Users?sortBy=userName")).resources;
  const groups = (await scim.get("/Groups?sortBy=displayName")).resources;
  const names = new Map(people.map(({ id, userName }) => [id, userName]));
  const membersOf = ({ members }: Json) =>
    ((members ?? []) as Json[]).map(({ value }) => names.get(value)).sort();
  const changes = await rowsIn("changes", key);
  return {
    people: people.map(({ userName, title, active, externalId, meta }) => {
      const { version } = meta as Json;
      return { userName, title, active, externalId, version };
    }),
    groups: groups.map((group) => [group["displayName"], membersOf(group)]),
    former: (await rowsIn("former_people", key)).map((row) => row["user_name_key"]),
    // Each change once, however often it was asked for.
    changes: changes
      .filter(({ outcome, operation }) => outcome === "applied" && operation !== "token")
      .map(({ operation, resource_type: type }) => `${String(type)} ${String(operation)}`)
      .sort(),
  };
}

describe("an answer that is lost, whichever it is,", () => {
  it("changes nothing of what a client reaches that asks again", { timeout: 60_000 }, async () => {
    const plain = await mintTenant();
    const counted = losing(plain, 0);
    for (const wanted of [FIRST, SECOND]) await cycle(counted.scim, wanted);
    const expected = await holdings(plain);
    const calls = counted.calls();
    expect(calls).toBeGreaterThan(15);
    for (let lost = 1; lost <= calls; lost++) {
      const tenant = await mintTenant();
      const { scim } = losing(tenant, lost);
      for (const wanted of [FIRST, SECOND]) {
        try {
          await cycle(scim, wanted);
        } catch (error) {
          if (!(error instanceof AnswerLost)) throw error;
          await cycle(scim, wanted);
        }
      }
      expect([lost, await holdings(tenant)]).toEqual([lost, expected]);
    }
  });

  it("of a POST leads to a 409 whose attribute finds the resource that it made", async () => {
    const tenant = await mintTenant();
    const { scim } = losing(tenant, 1);
    const person = { userName: "ana" };
    await expect(scim.post("/Users", person)).rejects.toThrow(AnswerLost);
    const again = await scim.post("/Users", person);
    expect([again.status, again.body]).toMatchObject([409, { scimType: "uniqueness" }]);
    expect(again.body["detail"]).toContain("userName");
    expect(await found(scim, "/Users", 'userName eq "ana"')).toBeDefined();
  });
});
