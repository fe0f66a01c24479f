import type { GroupComparison } from "./compare-groups.ts";
import type { LoadResult } from "./run-load.ts";
import type { SeedPlan } from "./seed-plan.ts";

export const CONNECTIONS = [1, 16] as const;
export const FLOOR = "floor: one KV get, one D1 select";
export const GET_BY_ID = "GET user by id";

export interface ThroughputOptions {
  readonly people: number;
  readonly rounds: number;
  /** How long each kind of request is sent in a round, in slices that take turns. */
  readonly roundMilliseconds: number;
  /** How often one member is added to and removed from each group. */
  readonly memberships: number;
}

export interface ThroughputRun {
  readonly plan: SeedPlan;
  readonly options: ThroughputOptions;
  /** By connections, then by load: one result a round. */
  readonly results: ReadonlyMap<number, ReadonlyMap<string, readonly LoadResult[]>>;
  readonly groups: GroupComparison;
}
