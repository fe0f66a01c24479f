import path from "node:path";

import type { Progress } from "../simulate/show-progress.ts";
import type { Operation } from "./budget.ts";
import { BUDGETS } from "./budgets.ts";
import { bundleWorker } from "./bundle-worker.ts";
import type { CleanUps } from "./clean-ups.ts";
import type { Cost } from "./meter-d1.ts";
import type { BenchAnswer } from "./open-client.ts";
import { openDirectory } from "./open-directory.ts";
import { type SeedPlan, seedPlan } from "./seed-plan.ts";
import { setStage, type Stage } from "./stage.ts";

/** What an operation cost, or why nobody knows. */
export type Measured =
  | { readonly kind: "cost"; readonly answered: Cost; readonly later: Cost }
  | { readonly kind: "failure"; readonly reason: string };

/** One size of the tenant. */
export interface BudgetRun {
  readonly plan: SeedPlan;
  readonly seedSeconds: number;
  readonly bytes: number;
  readonly measured: ReadonlyMap<Operation, Measured>;
}

const WORKER = path.join(import.meta.dirname, "metered-worker.ts");

/** Plays every operation once in a tenant of so many people. */
export async function measureBudgets(
  people: number,
  ends: CleanUps,
  progress: Progress,
): Promise<BudgetRun> {
  const plan = seedPlan(people);
  const scripts = { metered: bundleWorker(WORKER) };
  const directory = await openDirectory(scripts, plan, ends, progress);
  const { runtime, tenant, groups, seedSeconds, bytes } = directory;
  const scim = tenant.clientOf("metered", 1);
  const measured = new Map<Operation, Measured>();
  try {
    const stage = await setStage(scim, tenant.issueToken, plan, groups);
    const operations = BUDGETS.flatMap((budget) => budget.operations);
    progress.begin(`budgets ${people}`, operations.length);
    for (const operation of operations) {
      // oxlint-disable-next-line no-await-in-loop -- what one costs must not be billed to another
      measured.set(operation, await measure(operation, stage));
      progress.tick();
    }
    progress.end();
  } finally {
    scim.close();
    await runtime.close();
  }
  return { plan, seedSeconds, bytes, measured };
}

async function measure(operation: Operation, stage: Stage): Promise<Measured> {
  try {
    const request = await operation.request(stage);
    const answer = await stage.scim.send(request);
    if (answer.status !== operation.status) {
      return { kind: "failure", reason: `${answer.status} ${answer.text.slice(0, 200)}` };
    }
    return { kind: "cost", answered: costIn(answer, ""), later: costIn(answer, "later-") };
  } catch (error) {
    return { kind: "failure", reason: error instanceof Error ? error.message : String(error) };
  }
}

function costIn(answer: BenchAnswer, prefix: "" | "later-"): Cost {
  const count = (name: string) => {
    const text = answer.header(`x-d1-${prefix}${name}`);
    if (text === undefined) throw new Error("The answer does not say what it cost.");
    return Number(text);
  };
  return { trips: count("trips"), read: count("read"), written: count("written") };
}
