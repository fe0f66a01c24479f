import { describe, expect, it } from "vitest";

import type { Budget, Limit, Operation } from "../../tools/bench/budget.ts";
import { BUDGETS } from "../../tools/bench/budgets.ts";
import type { Contender } from "../../tools/bench/compare-peers.ts";
import type { BudgetRun, Measured } from "../../tools/bench/measure-budgets.ts";
import { isMet, missedBudgets, renderBudgets } from "../../tools/bench/render-budgets.ts";
import { renderPeers } from "../../tools/bench/render-peers.ts";
import { renderReport } from "../../tools/bench/render-report.ts";
import { missedThroughput, renderThroughput } from "../../tools/bench/render-throughput.ts";
import type { LoadResult } from "../../tools/bench/run-load.ts";
import { seedPlan } from "../../tools/bench/seed-plan.ts";
import { FLOOR, GET_BY_ID, type ThroughputRun } from "../../tools/bench/throughput-run.ts";

const NOTHING = { trips: 0, read: 0, written: 0 };
const cost = (trips: number, read: number, written: number, later = NOTHING): Measured => ({
  kind: "cost",
  answered: { trips, read, written },
  later,
});
const operation = (name: string, limit: Operation["limit"]): Operation => ({
  name,
  limit,
  status: 200,
  request: () => ({ method: "GET", path: "/" }),
});
const run = (people: number, measured: [Operation, Measured][]): BudgetRun => ({
  plan: seedPlan(people),
  seedSeconds: 1.25,
  bytes: people * 1700,
  measured: new Map(measured),
});

describe("a budget", () => {
  it.each<[Measured | undefined, Limit, boolean]>([
    [cost(1, 2, 0), { trips: 1, read: 2, written: 0 }, true],
    [cost(2, 2, 0), { trips: 1, read: 2, written: 0 }, false],
    [cost(1, 3, 0), { trips: 1, read: 2, written: 0 }, false],
    [cost(1, 2, 1), { trips: 1, read: 2, written: 0 }, false],
    [cost(40, 900, 1), {}, true],
    [cost(1, 1, 0, { trips: 1, read: 50, written: 2 }), { trips: 1, read: 2, written: 0 }, true],
    [{ kind: "failure", reason: "500" }, {}, false],
    [undefined, {}, false],
  ])("%j within %j: %s", (measured, limit, met) => {
    expect(isMet(measured, limit)).toBe(met);
  });

  it("of the design has a name of its own and a limit at every size", () => {
    for (const { operations } of BUDGETS) {
      const names = operations.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("the table of budgets", () => {
  const cheap = operation("cheap", { trips: 1, read: 2, written: 0 });
  const dear = operation("dear", ({ large }) => ({ read: large, written: 0 }));
  const broken = operation("broken", {});
  const budgets: Budget[] = [
    { rule: "GET by id: 1 round trip", operations: [cheap] },
    { rule: "PUT of the large group", operations: [dear, broken] },
  ];
  const small = run(1000, [
    [cheap, cost(1, 2, 0)],
    [dear, cost(4, 801, 0, { trips: 1, read: 1, written: 2 })],
    [broken, cost(1, 1, 1)],
  ]);
  const large = run(100_000, [
    [cheap, cost(1, 2, 0)],
    [dear, cost(12, 80_000, 0)],
    [broken, { kind: "failure", reason: "500 oh" }],
  ]);

  it("marks what costs more than it may, at which size, and says what failed", () => {
    const lines = renderBudgets(budgets, [small, large]).split("\n");
    expect(lines).toContain("| operation | budget | 1,000 | 100,000 |  |");
    expect(lines).toContain("| **GET by id: 1 round trip** |  |  |  |  |");
    expect(lines).toContain("| cheap | 1 / 2 / 0 | 1 / 2 / 0 | 1 / 2 / 0 | ✔ |");
    expect(lines).toContain(
      "| dear | – / 800 / 0; – / 80,000 / 0 | 4 / 801 / 0 ✘ | 12 / 80,000 / 0 | ✘ |",
    );
    expect(lines).toContain("| broken | – / – / – | 1 / 1 / 1 | failed ✘ | ✘ |");
    expect(lines).toContain("**2 of 3 operations cost more than their budgets.**");
    expect(lines).toContain("- dear, 1,000 people: 1 / 1 / 2 after the answer");
    expect(lines).toContain("- broken, 100,000 people: 500 oh");
  });

  it("is summed up by what was missed", () => {
    expect(missedBudgets(budgets, [small, large])).toEqual([
      "PUT of the large group: dear: – / 800 / 0, but 4 / 801 / 0 at 1,000",
      "PUT of the large group: broken: – / – / –, but failed at 100,000",
    ]);
    expect(missedBudgets(budgets.slice(0, 1), [small, large])).toEqual([]);
  });
});

describe("the table of throughput", () => {
  const rounds = (...rates: number[]): LoadResult[] =>
    rates.map((answers) => ({ answers, errors: 0, milliseconds: 1000 }));
  const runOf = (ours: number[], add: { ten: number; large: number }): ThroughputRun => ({
    plan: seedPlan(125_000),
    options: { people: 125_000, rounds: 3, roundMilliseconds: 2000, memberships: 500 },
    results: new Map([
      [
        1,
        new Map([
          [FLOOR, rounds(1000, 1000, 1000)],
          [GET_BY_ID, rounds(...ours)],
        ]),
      ],
    ]),
    groups: { add, remove: { ten: 4, large: 4 }, errors: 0 },
  });

  it("judges GET by id against the floor, and the large group against the one of ten", () => {
    const good = runOf([840, 850, 990], { ten: 4, large: 4.8 });
    expect(missedThroughput(good)).toEqual([]);
    const text = renderThroughput(good);
    expect(text).toContain(
      "| 1 | GET user by id | 850 (840 – 990) | 85 % (84 % – 99 %) | ≥ 85 % | 0 | ✔ |",
    );
    expect(text).toContain("| add 1 member | 4.00 | 4.80 | 1.200 | ≤ 1.2 | ✔ |");
  });

  it("says what is too slow", () => {
    const bad = runOf([840, 800, 990], { ten: 4, large: 5 });
    expect(missedThroughput(bad)).toEqual([
      "GET user by id, 1 at a time: 84 % of the floor",
      "add 1 member: 1.25 × the group of 10",
    ]);
    expect(renderThroughput(bad)).toContain("84 % (80 % – 99 %) | ≥ 85 % | 0 | ✘ |");
  });
});

describe("the table of peers", () => {
  const step = (seconds: number, errors = 0) => ({
    step: "sync",
    requests: 10,
    errors,
    seconds,
    unexpected: errors === 0 ? undefined : "POST → 501 no",
  });
  const contender = (
    name: string,
    times: number[],
    fields: Partial<Contender> = {},
  ): Contender => ({
    name,
    setup: "here",
    runs: times.map((seconds) => ({ steps: [step(seconds)], wrong: [] })),
    problem: undefined,
    ...fields,
  });
  const size = { people: 5, groups: 1 };

  it("compares the middle of the runs with ours", () => {
    const contenders = [contender("ours", [2, 9, 2]), contender("theirs", [4, 3, 3])];
    expect(renderPeers({ size, contenders })).toContain("| sync | 10 | 2.00 | 3.00 (1.50 ×) |");
  });

  it("says what a peer cannot do, what it got wrong, and why it did not run", () => {
    const unable = { steps: [step(1, 10)], wrong: ["1 groups do not hold each member once"] };
    const contenders = [
      contender("ours", [2]),
      contender("unable", [], { runs: [unable] }),
      contender("absent", [], { problem: "not installed" }),
    ];
    const text = renderPeers({ size, contenders });
    expect(text).toContain("| sync | 10 | 2.00 | not supported | not run |");
    expect(text).toContain("| together |  | 2.00 | not run | not run |");
    expect(text).toContain("as sent | 1 groups do not hold each member once |");
    expect(text).toContain("- unable, sync: POST → 501 no");
    expect(text).toContain("- absent: not installed");
  });
});

describe("the report", () => {
  it("gives the command and the verdict of all its parts", () => {
    const budgets = { part: "budgets", text: "table", missed: ["too dear"] } as const;
    const peers = { part: "peers", text: "other", missed: [] } as const;
    const run = { command: "npm run bench -- --full", seconds: 61.4, load: 0.25 };
    const report = renderReport(run, [budgets, peers]);
    expect(report).toContain("Made by `npm run bench -- --full` on ");
    expect(report).toContain("Load average when it began: 0.3.");
    expect(report).toContain("Production D1 was not measured.");
    expect(report).toMatch(/## Budgets\n\ntable\n\n## Peers\n\nother\n/);
    expect(report).toContain("Not as required (1):\n\n- too dear\n");
    expect(renderReport(run, [peers])).toContain("Everything is as required.");
  });
});
