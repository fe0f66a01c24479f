import { ratios, type Spread, spread } from "./median.ts";
import { row, thousands } from "./render-budgets.ts";
import { type LoadResult, perSecond } from "./run-load.ts";
import { FLOOR, GET_BY_ID, type ThroughputRun } from "./throughput-run.ts";

/** Of the floor's requests per second, in the middle of the rounds. */
const LEAST_OF_FLOOR = 0.85;
/** Of the time for the group of ten. */
const MOST_OF_TEN = 1.2;

/** What the design asks of the throughput and this run did not reach, in words. */
export function missedThroughput({ results, groups }: ThroughputRun): string[] {
  const slow = [...results].flatMap(([connections, loads]) => {
    const ratio = ratioToFloor(loads, GET_BY_ID).median;
    return ratio >= LEAST_OF_FLOOR
      ? []
      : [`${GET_BY_ID}, ${connections} at a time: ${percent(ratio)} of the floor`];
  });
  const group = groups.add.large / groups.add.ten;
  return group <= MOST_OF_TEN
    ? slow
    : [...slow, `add 1 member: ${group.toFixed(2)} × the group of 10`];
}

export function renderThroughput(run: ThroughputRun): string {
  const { plan, options, results, groups } = run;
  const large = `group of ${thousands(plan.large)}`;
  const ratio = (kind: "add" | "remove") => groups[kind].large / groups[kind].ten;
  return [
    `${thousands(plan.people)} people; ${options.rounds} rounds of ${options.roundMilliseconds / 1000} s for each row, in slices that take turns, after a`,
    "warm-up. Requests per second as the median of the rounds; the share of the floor is taken within each round (least",
    "– most). The floor is a bare Hono route with one KV get and one D1 select by primary key in the same workerd, on",
    "the same data. Whoever remembers what KV said is to be compared with the second row too. The client and workerd",
    "share the processors of this machine.",
    "",
    row(["connections", "request", "per second", "share of the floor", "required", "errors", ""]),
    row(["---", "---", "--:", "--:", "--:", "--:", "---"]),
    ...[...results].flatMap(([connections, loads]) =>
      [...loads.keys()].map((name) => throughputRow(connections, loads, name)),
    ),
    "",
    `One member more or less, ${options.memberships} times each in turns on one connection, median in milliseconds:`,
    "",
    row(["request", "group of 10", large, "ratio", "required", ""]),
    row(["---", "--:", "--:", "--:", "--:", "---"]),
    row([
      "add 1 member",
      groups.add.ten.toFixed(2),
      groups.add.large.toFixed(2),
      ratio("add").toFixed(3),
      `≤ ${MOST_OF_TEN}`,
      mark(ratio("add") <= MOST_OF_TEN),
    ]),
    row([
      "remove 1 member",
      groups.remove.ten.toFixed(2),
      groups.remove.large.toFixed(2),
      ratio("remove").toFixed(3),
      "",
      "",
    ]),
    ...(groups.errors === 0 ? [] : ["", `${groups.errors} of these requests failed.`]),
  ].join("\n");
}

function throughputRow(
  connections: number,
  loads: ReadonlyMap<string, readonly LoadResult[]>,
  name: string,
): string {
  const results = loads.get(name) ?? [];
  const rate = spread(results.map(perSecond));
  const share = ratioToFloor(loads, name);
  const judged = name === GET_BY_ID;
  const errors = results.reduce((sum, result) => sum + result.errors, 0);
  return row([
    String(connections),
    name,
    `${thousands(Math.round(rate.median))} (${thousands(Math.round(rate.least))} – ${thousands(Math.round(rate.most))})`,
    name === FLOOR
      ? ""
      : `${percent(share.median)} (${percent(share.least)} – ${percent(share.most)})`,
    judged ? `≥ ${percent(LEAST_OF_FLOOR)}` : "",
    String(errors),
    judged ? mark(share.median >= LEAST_OF_FLOOR) : "",
  ]);
}

function ratioToFloor(loads: ReadonlyMap<string, readonly LoadResult[]>, name: string): Spread {
  const rates = (of: string) => (loads.get(of) ?? []).map(perSecond);
  return spread(ratios(rates(name), rates(FLOOR)));
}

const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`;
const mark = (met: boolean): string => (met ? "✔" : "✘");
