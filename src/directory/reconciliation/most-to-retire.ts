/** At most 5 % of a tenant's departments, or ten of them, go in one run: more looks like a broken sync. */
const BRAKE_PERCENT = 5;
const BRAKE_DEPARTMENTS = 10;

/** How many departments may go in one run, of so many that are not retired. */
export const mostToRetire = (live: number): number =>
  Math.max(BRAKE_DEPARTMENTS, Math.floor((live * BRAKE_PERCENT) / 100));
