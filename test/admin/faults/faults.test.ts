import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { OPERATIONS } from "../../../src/admin/operations/operations.ts";
import { D1_MESSAGES } from "../../storage/d1-messages.ts";
import { beginningOf, FAULT_TABLE, type FaultCase } from "./fault-table.ts";
import { faultsOf, isInvisible, isUnknowable } from "./fault-kinds.ts";
import type { Fault, Trip } from "./faulty-databases.ts";
import { expectUnavailable, openTheatre, withoutWaiting, type Theatre } from "./theatre.ts";

let theatre: Theatre;
let resume: () => void;
beforeAll(async () => {
  theatre = await openTheatre();
});
beforeEach(async () => {
  await theatre.reset();
  resume = withoutWaiting();
});
afterEach(() => resume());

/** What a request answers and leaves, the first time and the second. */
interface Control {
  readonly trips: readonly Trip[];
  readonly once: string;
  readonly twice: string;
}

async function controlOf(one: FaultCase, status: number): Promise<Control> {
  const first = await theatre.play(one);
  expect([first.answer.status, first.answer.text]).toEqual([status, first.answer.text]);
  const once = await theatre.outcome(first.answer, one);
  const second = await theatre.play(one);
  expect([second.answer.status, second.answer.text]).toEqual([
    one.again ?? status,
    second.answer.text,
  ]);
  const twice = await theatre.outcome(second.answer, one);
  await theatre.reset();
  return { trips: first.trips, once, twice };
}

async function expectSound(
  one: FaultCase,
  { once, twice, trips }: Control,
  at: number,
  fault: Fault,
): Promise<void> {
  const { answer, trips: made } = await theatre.play(one, at, fault);
  const where = `${JSON.stringify(fault)} at round trip ${at} of ${trips.join()} (${made.join()})`;
  if (answer.status !== 503) {
    const isOther = one.tellsOfFaults === true && !isInvisible(fault);
    const seen = isOther ? await theatre.rows() : await theatre.outcome(answer, one);
    expect(seen, where).toBe(isOther ? theatre.beginning : once);
    return;
  }
  expectUnavailable(answer);
  if (one.resumes === undefined) {
    expect(isInvisible(fault), where).toBe(false);
    if (!isUnknowable(fault)) {
      expect(await theatre.rows(), where).toBe(theatre.beginning);
      // Where nothing has happened, the same request does what it did the first time: seen at the end is enough.
      if (at < trips.length) return;
    }
  }
  const again = await theatre.play(one);
  const outcome = await theatre.outcome(again.answer, one);
  expect(isUnknowable(fault) ? [once, twice] : [once], where).toContain(outcome);
}

describe("a database that fails or hangs once", () => {
  it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
    "at any round trip of %s leaves it done once, or not at all with a 503 after which it can be sent again",
    { timeout: 30_000 },
    async (id, operation) => {
      const one = FAULT_TABLE[id];
      if (!one) throw new Error(`The operation ${id} has no row in fault-table.ts.`);
      const control = await controlOf(one, operation.status);
      const beginning = beginningOf(id, one, theatre.scene);
      for (const [index, trip] of control.trips.entries()) {
        if (index < beginning) continue;
        for (const fault of faultsOf(trip)) {
          await expectSound(one, control, index + 1, fault);
          await theatre.reset();
        }
      }
    },
  );

  it.each(D1_MESSAGES)(
    "with '$text' is retried, looked up or passed on as it deserves",
    async (message) => {
      const { text, ran, retried } = message;
      const read = FAULT_TABLE["listUsers"];
      const write = FAULT_TABLE["enrolUser"];
      if (!read || !write) throw new Error("Two rows of the table have gone.");
      const listed = await theatre.play(read, 1, { kind: "fails", when: "before", message: text });
      expect(listed.answer.status).toBe(retried ? 200 : 503);
      const { trips, once } = await controlOf(write, 201);
      for (const when of ["before", "after"] as const) {
        if (when === "after" && !ran) continue;
        const fault = { kind: "fails", when, message: text } as const;
        const { answer } = await theatre.play(write, trips.length, fault);
        if (retried || when === "after") expect(await theatre.outcome(answer, write)).toBe(once);
        else expectUnavailable(answer);
        await theatre.reset();
      }
    },
  );

  it("is looked for in operations that there are", () => {
    const ids = OPERATIONS.map(({ id }) => id).toSorted();
    expect(Object.keys(FAULT_TABLE).toSorted()).toEqual(ids);
  });
});
