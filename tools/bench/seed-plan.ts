/** How many there are of what, in a tenant of so many people. */
export interface SeedPlan {
  readonly people: number;
  /** Members of the large group: the first people. */
  readonly large: number;
  /** Groups of `SMALL_GROUP` members: the last people, each in one. */
  readonly smallGroups: number;
  /** Departments that only the attribute of people names; each group feeds one more. */
  readonly departments: number;
}

export const SMALL_GROUP = 20;
/** Of the group that the large one is compared with. */
export const TEN = 10;
const MOST_LARGE = 100_000;
/** The large group and the group of ten. */
const OTHER_GROUPS = 2;

/** A million people have 5,000 small groups and 10,200 departments; fewer have as many in proportion. */
export function seedPlan(people: number): SeedPlan {
  const smallGroups = Math.round(people / 200);
  return {
    people,
    large: Math.min(MOST_LARGE, Math.floor(people * 0.8)),
    smallGroups,
    departments: Math.max(2, Math.round(people * 0.0102) - smallGroups - OTHER_GROUPS),
  };
}

/** Where page 90 % of the way begins: each of the people from there on is in one small group. */
export function deepPosition({ people }: SeedPlan): number {
  return Math.floor(people * 0.9);
}

const ROWS_PER_STATEMENT = 20_000;

/** The numbers from 0 to `count` (without it), cut into what one statement writes. */
export function slices(count: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(count / ROWS_PER_STATEMENT) }, (_, at) => ({
    from: at * ROWS_PER_STATEMENT,
    to: Math.min(count, (at + 1) * ROWS_PER_STATEMENT),
  }));
}
