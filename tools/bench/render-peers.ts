import type { Contender, PeerComparison } from "./compare-peers.ts";
import { median } from "./median.ts";
import { row } from "./render-budgets.ts";

/** The comparison as Markdown. */
export function renderPeers({ size, contenders }: PeerComparison): string {
  const [ours, ...peers] = contenders;
  const rounds = Math.max(...contenders.map(({ runs }) => runs.length));
  const steps = ours?.runs[0]?.steps ?? [];
  return [
    `${size.people} people and ${size.groups} groups, one request after the other on one connection; ${rounds === 1 ? "one run" : `the median of ${rounds} runs`},`,
    "against an empty server each time. Seconds, and in parentheses how many times as long as this server takes.",
    "",
    ...contenders.map(({ name, setup }) => `- **${name}**: ${setup}`),
    "",
    row(["step", "requests", ...contenders.map(({ name }) => name)]),
    row(["---", "--:", ...contenders.map(() => "--:")]),
    ...steps.map(({ step, requests }, at) =>
      row([step, String(requests), ...contenders.map((one) => stepCell(one, ours, at))]),
    ),
    row(["together", "", ...contenders.map((one) => totalCell(one, ours))]),
    row(["state afterwards", "", ...contenders.map(stateCell)]),
    ...notes([...(ours === undefined ? [] : [ours]), ...peers]),
  ].join("\n");
}

function secondsOf({ runs }: Contender, step: number): number {
  return median(runs.map(({ steps }) => steps[step]?.seconds ?? Number.NaN));
}

function stepCell(one: Contender, ours: Contender | undefined, step: number): string {
  const result = one.runs[0]?.steps[step];
  if (result === undefined) return "not run";
  if (result.errors === result.requests) return "not supported";
  const seconds = secondsOf(one, step);
  const errors = result.errors === 0 ? "" : `, ${result.errors} errors`;
  return (
    compared(seconds, one === ours || ours === undefined ? undefined : secondsOf(ours, step)) +
    errors
  );
}

/** Of the steps that a server can do, against the same steps of ours. */
function totalCell(one: Contender, ours: Contender | undefined): string {
  const done = (one.runs[0]?.steps ?? []).flatMap(({ errors, requests }, step) =>
    errors === requests ? [] : [step],
  );
  if (done.length === 0) return "not run";
  const sum = (contender: Contender) =>
    done.reduce((seconds, step) => seconds + secondsOf(contender, step), 0);
  return compared(sum(one), one === ours || ours === undefined ? undefined : sum(ours));
}

function stateCell({ runs }: Contender): string {
  const [run] = runs;
  if (run === undefined) return "";
  return run.wrong.length === 0 ? "as sent" : run.wrong.join("; ");
}

function compared(seconds: number, ours: number | undefined): string {
  const time = seconds.toFixed(2);
  return ours === undefined ? time : `${time} (${(seconds / ours).toFixed(2)} ×)`;
}

function notes(contenders: readonly Contender[]): string[] {
  const lines = contenders.flatMap(({ name, runs, problem }) => [
    ...(problem === undefined ? [] : [`- ${name}: ${problem}`]),
    ...(runs[0]?.steps ?? []).flatMap(({ step, unexpected }) =>
      unexpected === undefined ? [] : [`- ${name}, ${step}: ${unexpected}`],
    ),
  ]);
  return lines.length === 0 ? [] : ["", ...lines];
}
