import type { BenchRequest } from "./open-client.ts";
import type { SeedPlan } from "./seed-plan.ts";
import type { Stage } from "./stage.ts";

/** The most that a request may cost; undefined: as much as it takes. */
export interface Limit {
  readonly trips?: number;
  readonly read?: number;
  readonly written?: number;
}

export interface Operation {
  readonly name: string;
  readonly limit: Limit | ((plan: SeedPlan) => Limit);
  /** What the answer has to be. */
  readonly status: number;
  readonly request: (stage: Stage) => BenchRequest | Promise<BenchRequest>;
}

/** A row of the design's table, and the operations that it holds for, in the order in which they are played. */
export interface Budget {
  readonly rule: string;
  readonly operations: readonly Operation[];
}

export function limitOf({ limit }: Operation, plan: SeedPlan): Limit {
  return typeof limit === "function" ? limit(plan) : limit;
}
