import { setTimeout as sleep } from "node:timers/promises";

import type { Fetch, FetchAnswer } from "../../test/scenarios/play-story.ts";
import type { Tally } from "./tally.ts";

/** Nobody answered: the server is not there, or went away. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** The run has used up its time. */
export class TimeIsUp extends Error {
  override readonly name = "TimeIsUp";
}

export interface TransportOptions {
  readonly baseUrl: string;
  readonly rate: number | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly tally: Tally;
}

/** Okta closes its socket after a minute. */
const TIMEOUT_MS = 60_000;
/** Okta gives a task up after its tenth attempt. */
const MOST_ATTEMPTS = 10;

/**
 * A `fetch` for one Tenant URL and nothing else: it keeps to the rate, notes every call, and waits as a
 * 429 or 503 tells it to. Without a whole number of seconds in Retry-After the answer goes to whoever asked:
 * Okta would wait five minutes for it.
 */
export function openTransport({ baseUrl, rate, deadline, tally }: TransportOptions): Fetch {
  const turn = takeTurns(rate);

  async function once(url: string, init: RequestInit): Promise<FetchAnswer> {
    await turn();
    if (Date.now() > deadline) throw new TimeIsUp();
    const begun = performance.now();
    const response = await fetchOrThrow(url, init);
    const text = await response.text();
    tally.latencies.push(performance.now() - begun);
    const method = init.method ?? "GET";
    tally.calls.set(method, (tally.calls.get(method) ?? 0) + 1);
    return {
      status: response.status,
      headers: response.headers,
      text: () => Promise.resolve(text),
    };
  }

  return async (url, init) => {
    if (!url.startsWith(`${baseUrl}/`)) throw new Error(`${url} is not under ${baseUrl}`);
    for (let attempt = 1; ; attempt++) {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      const answer = await once(url, { ...init, redirect: "manual" });
      const wait = answer.status === 429 || answer.status === 503 ? retryAfter(answer) : undefined;
      if (wait === undefined || attempt === MOST_ATTEMPTS) return answer;
      if (answer.status === 429) tally.throttled += 1;
      else tally.unavailable += 1;
      // oxlint-disable-next-line no-await-in-loop -- the pause that the server asked for
      await sleep(Math.min(wait * 1000, Math.max(0, deadline - Date.now()) + 1));
    }
  };
}

async function fetchOrThrow(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new NoAnswer(cause instanceof Error ? cause.message || cause.name : String(cause));
  }
}

function retryAfter(answer: FetchAnswer): number | undefined {
  const text = answer.headers.get("retry-after") ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Hands out starting times at equal distances. */
function takeTurns(rate: number | undefined): () => Promise<void> {
  let next = Date.now();
  return async () => {
    if (rate === undefined) return;
    const mine = Math.max(next, Date.now());
    next = mine + 1000 / rate;
    await sleep(mine - Date.now());
  };
}
