/** What a run has done so far, and what went wrong. */
export interface Tally {
  /** How many calls of each method. */
  readonly calls: Map<string, number>;
  readonly latencies: number[];
  /** Answers 429 that said how long to wait, and were obeyed. */
  throttled: number;
  /** The same of 503. */
  unavailable: number;
  readonly users: Outcomes;
  readonly groups: Outcomes;
  memberships: number;
  stories: number;
  /** Unexpected answers in words. */
  readonly failures: string[];
}

export interface Outcomes {
  created: number;
  updated: number;
  unchanged: number;
}

export function newTally(): Tally {
  return {
    calls: new Map(),
    latencies: [],
    throttled: 0,
    unavailable: 0,
    users: { created: 0, updated: 0, unchanged: 0 },
    groups: { created: 0, updated: 0, unchanged: 0 },
    memberships: 0,
    stories: 0,
    failures: [],
  };
}

/** Nearest rank: the value that so many per cent do not exceed; 0 of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}
