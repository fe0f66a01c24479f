import { type Outcomes, percentile, type Tally } from "./tally.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const MOST_SHOWN = 10;

/** What a run did, in words and numbers. */
export function summary(tally: Tally, seconds: number): string {
  const total = tally.latencies.length;
  const calls = METHODS.map((method) => `${method} ${tally.calls.get(method) ?? 0}`).join(", ");
  const rank = (percent: number): string =>
    `p${percent} ${Math.round(percentile(tally.latencies, percent))} ms`;
  const lines = [
    "",
    `  people     ${outcomes(tally.users)}`,
    `  groups     ${outcomes(tally.groups)}; ${tally.memberships} memberships sent`,
    `  stories    ${tally.stories} went as told`,
    `  calls      ${calls}: ${total} in ${seconds.toFixed(1)} s, ${Math.round(total / Math.max(seconds, 0.001))} per second`,
    `  latency    ${rank(50)}, ${rank(95)}, ${rank(99)}`,
    `  waits      ${tally.throttled} after a 429 (too many requests), ${tally.unavailable} after a 503`,
    "",
  ];
  const { failures } = tally;
  if (failures.length === 0) return [...lines, "No unexpected answer."].join("\n");
  const shown = failures.slice(0, MOST_SHOWN).map((failure, at) => `${at + 1}. ${failure}`);
  const heading = `${failures.length} unexpected ${failures.length === 1 ? "answer" : "answers"}:`;
  const more = failures.length > MOST_SHOWN ? [`… and ${failures.length - MOST_SHOWN} more.`] : [];
  return [...lines, heading, ...shown, ...more].join("\n");
}

function outcomes({ created, updated, unchanged }: Outcomes): string {
  return `${created} created, ${updated} updated, ${unchanged} unchanged`;
}
