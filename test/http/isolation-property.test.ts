import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { captureLog } from "../captured-log.ts";
import { ADMIN_STEPS } from "../isolation/admin-steps.ts";
import { anyChoice, madeUp, type Choice, type Player } from "../isolation/choice.ts";
import { comparableAnswers } from "../isolation/comparable.ts";
import {
  KINDS,
  recordOf,
  settle,
  uuidsIn,
  type Inhabitant,
  type Known,
} from "../isolation/inhabitant.ts";
import { inhabit } from "../isolation/inhabit.ts";
import { removeRows, rowsOf } from "../isolation/rows-of.ts";
import { SCIM_STEPS, type Step } from "../isolation/scim-steps.ts";
import { migrateSpares, type Place } from "../many-databases.ts";
import type { Answer, Json } from "../scim-client.ts";

/** `npm run fuzz -- --tenants 1000` plays more of them. */
const isShort = env.FUZZ_RUNS === "";
const SEQUENCES = isShort ? 30 : Number(env.FUZZ_RUNS);
const SEED = isShort ? 20_261_122 : Number(env.FUZZ_SEED);

const active = { ssoActive: true };
const PRESETS: readonly Json[] = [
  { preset: "generic", settings: active },
  { preset: "training", settings: active },
  { preset: "visitors", settings: active },
  { preset: "phishing", settings: active },
  { preset: "training", settings: { ...active, groups: "plain", unknownMembers: "reject" } },
  {
    preset: "generic",
    settings: { ...active, uniqueEmail: true, adoption: "email", onDelete: "erase" },
  },
];
const NAMED_STEPS = Object.entries({ ...SCIM_STEPS, ...ADMIN_STEPS });

interface Move {
  readonly name: string;
  readonly step: Step;
  readonly choice: Choice;
}
const anyMove: fc.Arbitrary<Move> = fc
  .record({ step: fc.constantFrom(...NAMED_STEPS), choice: anyChoice })
  .map(({ step: [name, step], choice }) => ({
    name,
    step,
    choice,
    [fc.toStringMethod]: () => `${name} ${JSON.stringify(choice)}`,
  }));

/** The first person of SCIM is there from the beginning and stays: until then reads are noted, one in a minute. */
const FIRST: Move = {
  name: "createPerson",
  step: SCIM_STEPS["createPerson"] ?? missing(),
  choice: { name: 0, at: 1, isForeign: false, flag: false },
};
const CANARY = /canary-of-[\w-]+-end/g;

/** Tenants that do nothing, in two databases. Their rows must stay as they are. */
const still: Inhabitant[] = [];
/** Tenants next to them, in the same databases, that do something all the time. */
const busy: Inhabitant[] = [];
/** Whose each id is that was ever given out. */
const owners = new Map<string, Inhabitant>();
let answers = 0;

/** What a tenant has: for somebody else to try. */
const knownOf = (who: Inhabitant): Known =>
  recordOf(KINDS.map((kind) => [kind, who.own[kind][0] ?? ""]));

function claim(who: Inhabitant): void {
  for (const id of [who.tenantId, ...KINDS.flatMap((kind) => who.own[kind])]) {
    if (!owners.has(id)) owners.set(id, who);
  }
}

/** Nobody else's canary is in an answer, and no id of somebody else that the asking tenant has not sent itself. */
function expectNothingForeign(
  who: Inhabitant,
  name: string,
  { status, headers, text }: Answer,
): void {
  answers += 1;
  // 501: there is no /Me.
  expect(status === 501 || status < 500, `${name}: ${status} ${text}`).toBe(true);
  const all = `${text} ${JSON.stringify([...headers])}`;
  const canaries = (all.match(CANARY) ?? []).filter((canary) => canary !== who.canary);
  const ids = uuidsIn(all).filter(
    (id) => owners.has(id) && owners.get(id) !== who && !who.sent.has(id),
  );
  expect([name, canaries, ids]).toEqual([name, [], []]);
}

/** Plays moves one after the other, and returns the answers in a form that can be compared. */
async function play(player: Player, moves: readonly Move[]): Promise<unknown[]> {
  const comparable = comparableAnswers(player.who);
  const played: unknown[] = [];
  for (const { name, step, choice } of moves) {
    const answer = await step(player, choice);
    claim(player.who);
    expectNothingForeign(player.who, name, answer);
    played.push([name, comparable(answer)]);
  }
  return played;
}

describe("tenants next to each other", () => {
  beforeAll(async () => {
    await migrateSpares();
    for (const place of ["DB", "DB_1"] as const) {
      for (const [at, fields] of PRESETS.slice(0, 4).entries()) {
        const who = await inhabit(place, fields);
        (at < 2 ? still : busy).push(who);
        claim(who);
      }
    }
  });

  it("have the same numbers in different databases", () => {
    const numbersIn = (place: Place) =>
      still.filter((who) => who.place === place).map(({ key }) => key);
    expect(numbersIn("DB")).toEqual(numbersIn("DB_1"));
  });

  it("never show each other anything", { timeout: isShort ? 120_000 : 0 }, async () => {
    const sequences = fc.record({
      fields: fc.constantFrom(...PRESETS),
      place: fc.constantFrom("DB", "DB_1"),
      neighbour: fc.nat(still.length - 1),
      moves: fc.array(anyMove, { minLength: 1, maxLength: 24, size: "max" }),
      others: fc.array(anyMove, { minLength: 1, maxLength: 8, size: "max" }),
    });
    const property = fc.asyncProperty(sequences, async (given) => {
      const { fields, place, neighbour, moves, others } = given;
      const known = knownOf(still[neighbour] ?? missing());
      const asked = [FIRST, ...moves];
      const log = captureLog();
      try {
        // In a database of its own, with ids that nobody has.
        const single = await settle("DB_2", fields);
        const alone = await play({ who: single, others: madeUp(known) }, asked);
        await removeRows(single);

        // And among others, with the ids of one of them.
        const before = await rowsOf(still);
        const among = await settle(place, fields);
        const [beside] = await Promise.all([
          play({ who: among, others: known }, asked),
          ...busy.map((who) => play({ who, others: known }, others)),
        ]);
        expect(beside).toEqual(alone);
        expect(await rowsOf(still)).toEqual(before);
        await removeRows(among);
      } finally {
        log.restore();
      }
      const lines = log.lines.join("\n");
      expect(lines.match(CANARY)).toBeNull();
      expect(lines).not.toContain("@example.com");
    });
    await fc.assert(property, {
      seed: SEED,
      numRuns: SEQUENCES,
      // What is found is told in time, if not in its shortest form.
      plugins: isShort ? [fc.interruptAfterTimeLimit(90_000)] : [],
    });
    expect(answers).toBeGreaterThan(500);
  });
});

function missing(): never {
  throw new Error("Not there.");
}
