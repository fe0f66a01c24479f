import { setTimeout as sleep } from "node:timers/promises";

import type { CleanUps } from "../../bench/clean-ups.ts";
import type { BenchClient } from "../../bench/open-client.ts";
import type { Progress } from "../../simulate/show-progress.ts";
import { findViolations } from "../invariants.ts";
import { type Random, seededRandom } from "../seeded-random.ts";
import { groupBody } from "./group-writes.ts";
import { type Arena, openArena } from "./open-arena.ts";
import { repeatUnanswered, settleWriters } from "./settle-writers.ts";
import { openWriter, type Writer } from "./writer.ts";

export interface CrashReport {
  rounds: number;
  kills: number;
  /** Answers that promised something. */
  acknowledged: number;
  /** Requests that a kill left without an answer: those that had been done, and those that had not. */
  unanswered: { done: number; undone: number };
  violations: string[];
}

/**
 * Departments by groups and by attribute, one for each person; a queue of invitations that never come due, and a guard
 * that counts who leaves and never stops them: as many tables as a write can reach.
 */
const TENANT = {
  preset: "training",
  settings: {
    ssoActive: true,
    deactivationGuard: { percent: 100, people: 1_000_000, windowMinutes: 1440 },
    invitations: "on-create",
    invitationDelayMinutes: 10_080,
  },
};
const SHARED_GROUPS = 3;
/** How long the writers write before the kill: a cold start alone takes a tenth of a second. */
const LEAST_MS = 150;
const MOST_MS = 1100;
const CRON_PAUSE_MS = 120;
const MOST_VIOLATIONS = 20;

export async function playRounds(
  { rounds, seed, writers: count }: { rounds: number; seed: number; writers: number },
  deadline: number,
  ends: CleanUps,
  progress: Progress,
): Promise<CrashReport> {
  const report: CrashReport = {
    rounds: 0,
    kills: 0,
    acknowledged: 0,
    unanswered: { done: 0, undone: 0 },
    violations: [],
  };
  const random = seededRandom(seed);
  const arena = await openArena(TENANT, ends);
  // The first writer names the shared groups too.
  const shared = Array.from({ length: SHARED_GROUPS }, (_, at) => `w0-s${at}`);
  const writers = Array.from({ length: count }, (_, at) =>
    openWriter({ prefix: `w${at}`, seed: random.below(0x1_0000_0000) }, shared),
  );
  await withClient(arena, async (scim) => {
    for (const label of shared) {
      // oxlint-disable-next-line no-await-in-loop -- a handful
      await scim.send({ method: "POST", path: "/Groups", body: groupBody(label, label, []) });
    }
    await settleWriters(scim, writers, shared);
  });

  progress.begin("rounds", rounds);
  while (
    report.rounds < rounds &&
    Date.now() < deadline &&
    report.violations.length < MOST_VIOLATIONS
  ) {
    // oxlint-disable-next-line no-await-in-loop -- one round after the other
    await playRound(arena, { writers, shared, random }, report);
    progress.tick();
  }
  progress.end();
  await arena.runtime.close();
  return report;
}

interface Crew {
  readonly writers: readonly Writer[];
  readonly shared: readonly string[];
  readonly random: Random;
}

async function playRound(
  arena: Arena,
  { writers, shared, random }: Crew,
  report: CrashReport,
): Promise<void> {
  const round = report.rounds + 1;
  const note = (sentences: readonly string[]) =>
    report.violations.push(...sentences.map((sentence) => `round ${round}: ${sentence}`));

  await prepareTime(arena);
  const scim = arena.client(writers.length);
  const turns = writers.map((writer) => writer.write(scim));
  const cron = runCron(arena);
  await sleep(LEAST_MS + random.below(MOST_MS - LEAST_MS));
  await arena.runtime.kill();
  report.kills += 1;
  for (const { acknowledged, surprises } of await Promise.all(turns)) {
    report.acknowledged += acknowledged;
    note(surprises);
  }
  await cron;
  scim.close();

  await arena.restart();
  await withClient(arena, async (client) => {
    const { violations, unanswered } = await settleWriters(client, writers, shared);
    note(violations);
    for (const { step } of unanswered) report.unanswered[step === 0 ? "undone" : "done"] += 1;
    note(await findViolations(arena.runtime.database, arena.tenantKey));
    note(await repeatUnanswered(client, writers, shared, unanswered));
  });
  report.rounds += 1;
}

/** People are old enough for the guard to count them, and a killed job's lease is over, as minutes would do it. */
async function prepareTime({ runtime, tenantKey }: Arena): Promise<void> {
  const { database } = runtime;
  const people = "UPDATE users SET created_at = ?2 WHERE tenant_key = ?1 AND created_at > ?2";
  await database.batch([
    database.prepare(people).bind(tenantKey, "2026-01-01T00:00:00.000Z"),
    database.prepare("UPDATE leases SET expires_at = ''"),
  ]);
}

/** The cron trigger, again and again until the runtime is gone. */
async function runCron({ runtime }: Arena): Promise<void> {
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await runtime.cron();
      // oxlint-disable-next-line no-await-in-loop -- a pause between two
      await sleep(CRON_PAUSE_MS);
    }
  } catch {
    // It was killed.
  }
}

async function withClient(arena: Arena, work: (scim: BenchClient) => Promise<void>): Promise<void> {
  const scim = arena.client(4);
  try {
    await work(scim);
  } finally {
    scim.close();
  }
}
