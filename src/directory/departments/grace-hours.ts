const DEFAULT_GRACE_HOURS = 24;

/** The variable DEPARTMENT_GRACE_HOURS: how long a department stays orphaned before it may be retired. */
export function graceHours(text: string | undefined): number {
  const hours = Number(text?.trim() || DEFAULT_GRACE_HOURS);
  return hours >= 0 && Number.isFinite(hours) ? hours : DEFAULT_GRACE_HOURS;
}
