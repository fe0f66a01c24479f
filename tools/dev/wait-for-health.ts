import { setTimeout as sleep } from "node:timers/promises";

const DEADLINE_MS = 120_000;
const REFUSAL_DEADLINE_MS = 5000;
const INTERVAL_MS = 150;

/**
 * Waits until `GET /healthz` is really answered with 200: the port is open before the Worker is there, and
 * the first request may be cut. Returns undefined then, or what the Worker says instead: a 503 that stays
 * is its complaint about a secret, and names what to type. "" when it says nothing at all.
 */
export async function waitForHealth(url: string): Promise<string | undefined> {
  const begun = Date.now();
  let refusedSince: number | undefined;
  let last = "";
  while (Date.now() - begun < DEADLINE_MS) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const answer = await ask(`${url}/healthz`);
    if (answer?.status === 200) return undefined;
    if (answer !== undefined) last = `${answer.status} ${answer.text.slice(0, 1000)}`;
    refusedSince = answer === undefined ? undefined : (refusedSince ?? Date.now());
    if (refusedSince !== undefined && Date.now() - refusedSince > REFUSAL_DEADLINE_MS) return last;
    // oxlint-disable-next-line no-await-in-loop -- a pause between two attempts
    await sleep(INTERVAL_MS);
  }
  return last;
}

async function ask(url: string): Promise<{ status: number; text: string } | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "manual" });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}
