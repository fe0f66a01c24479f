/** `npm run simulate`: a provisioning cycle against any Tenant URL, as Entra or Okta plays it. */
import { randomUUID } from "node:crypto";

import { type Cycle, play } from "./simulate/cycle.ts";
import { entraCycle } from "./simulate/entra-cycle.ts";
import { fetchAccessToken } from "./simulate/fetch-access-token.ts";
import { findTarget } from "./simulate/find-target.ts";
import { oktaCycle } from "./simulate/okta-cycle.ts";
import { NoAnswer, openTransport, TimeIsUp } from "./simulate/open-transport.ts";
import { HELP, parseArguments, type SimulateOptions } from "./simulate/parse-arguments.ts";
import { playStories } from "./simulate/play-stories.ts";
import { readStories } from "./simulate/read-stories.ts";
import { showProgress } from "./simulate/show-progress.ts";
import { summary } from "./simulate/summary.ts";
import { newTally } from "./simulate/tally.ts";
import { readTotals, verifyCycle } from "./simulate/verify-cycle.ts";

/** What each client sends besides the token. Entra names no agent. */
const HEADERS = {
  entra: {},
  okta: {
    "User-Agent": "Okta SCIM Client 1.0.0",
    Accept: "application/scim+json",
    "Accept-Charset": "utf-8",
  },
};

async function playEverything(cycle: Cycle): Promise<void> {
  const { idp, stories } = cycle.options;
  const guid = randomUUID();
  // Whoever cannot connect provisions nothing.
  const connected = await play(cycle, idp === "entra" ? "test-connection" : "test-credentials", {
    guid,
  });
  if (connected === undefined) return;
  const before = await readTotals(cycle);
  const ids = idp === "entra" ? await entraCycle(cycle) : await oktaCycle(cycle);
  await verifyCycle(cycle, before, ids);
  if (stories) await playStories(cycle);
}

async function simulate(options: SimulateOptions, baseUrl: string, token: string): Promise<number> {
  const tally = newTally();
  const begun = Date.now();
  const deadline = begun + options.minutes * 60_000;
  const cycle: Cycle = {
    options,
    stage: {
      fetch: openTransport({ baseUrl, rate: options.rate, deadline, tally }),
      baseUrl,
      headers: { ...HEADERS[options.idp], Authorization: `Bearer ${token}` },
      variables: { token },
    },
    stories: readStories(options.idp),
    tally,
    progress: showProgress(process.stdout),
  };
  console.log(`${options.idp} → ${baseUrl}`);
  try {
    await playEverything(cycle);
  } catch (error) {
    if (error instanceof NoAnswer) {
      console.error(
        `Nobody answers at ${baseUrl} (${error.message}). Start the server with npm run dev.`,
      );
      return 1;
    }
    if (!(error instanceof TimeIsUp)) throw error;
    tally.failures.push(`the time was up after ${options.minutes} minutes (--minutes)`);
  }
  console.log(summary(tally, (Date.now() - begun) / 1000));
  return tally.failures.length === 0 ? 0 : 1;
}

function refuse(sentence: string): number {
  console.error(`${sentence}\nnpm run simulate -- --help lists the flags.`);
  return 2;
}

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  if (typeof options === "string") return refuse(options);
  const target = findTarget(options);
  if (typeof target === "string") return refuse(target);
  const { baseUrl } = target;
  const granted = "token" in target ? target : await fetchAccessToken(baseUrl, target.client);
  if (typeof granted === "string") {
    console.error(granted);
    return 1;
  }
  return simulate(options, baseUrl, granted.token);
}

process.exitCode = await main();
