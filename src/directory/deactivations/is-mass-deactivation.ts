/** How many people a window has counted, and how many were active when it began. */
export interface DeactivationCount {
  readonly people: number;
  readonly activeAtStart: number;
}

/** Beyond both of them something went wrong at the identity provider: an assignment, a scope, a filter. */
export interface DeactivationLimit {
  readonly people: number;
  /** Of those who were active at the beginning, 1 to 100. */
  readonly percent: number;
}

/**
 * Whether so many deactivations are too many. Both limits together: 3 of 10 people is a small company's Monday,
 * and 200 of 100,000 a large one's. Storage says the same in SQL (`exceedsLimit`).
 */
export const isMassDeactivation = (count: DeactivationCount, limit: DeactivationLimit): boolean =>
  count.people > limit.people && count.people * 100 > limit.percent * count.activeAtStart;
