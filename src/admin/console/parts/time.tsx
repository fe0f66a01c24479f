/** A time in UTC; the console's script shows it in the time zone of the browser. */
export function Time({ at, none = "never" }: { at: string | null | undefined; none?: string }) {
  if (at === null || at === undefined) return <>{none}</>;
  return <time datetime={at}>{`${at.slice(0, 16).replace("T", " ")} UTC`}</time>;
}
