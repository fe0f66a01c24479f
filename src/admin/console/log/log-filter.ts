import type { Context } from "hono";

import type { ConsoleEnv } from "../console-env.ts";

/** What the log is filtered by, as it was typed; empty: by nothing. */
export interface LogFilter {
  readonly span: string;
  readonly since: string;
  readonly until: string;
  readonly outcome: string;
  readonly resourceType: string;
  readonly operation: string;
  /** A person's name, or the id of anything. */
  readonly person: string;
  readonly requestId: string;
  readonly q: string;
}

const HOUR_MS = 3_600_000;
const SPANS_MS = new Map([
  ["1h", HOUR_MS],
  ["24h", 24 * HOUR_MS],
  ["30d", 30 * 24 * HOUR_MS],
]);

/** The operation's own default is the week. */
export const SPANS = [
  ["1h", "The last hour"],
  ["24h", "The last 24 hours"],
  ["", "The last 7 days"],
  ["30d", "The last 30 days"],
] as const;

export function readFilter(context: Context<ConsoleEnv>): LogFilter {
  const typed = (name: string) => (context.req.query(name) ?? "").trim();
  return {
    span: typed("span"),
    since: typed("since"),
    until: typed("until"),
    outcome: typed("outcome"),
    resourceType: typed("resourceType"),
    operation: typed("operation"),
    // Or by the name that the API has for it.
    person: typed("person") || typed("resourceId"),
    requestId: typed("requestId"),
    q: typed("q"),
  };
}

/** Whether anything but the time narrows the list. */
export const isNarrow = (filter: LogFilter): boolean =>
  Object.entries({ ...filter, span: "", since: "", until: "" }).some(([, typed]) => typed !== "");

/** A browser gives the time of a field without its zone; the field says that it is UTC. */
const instant = (typed: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(typed) ? `${typed}:00Z` : typed;

/** The filter as the operation takes it. Exact times go before the span. `resourceId`: what the person's name meant. */
export function changesQuery(filter: LogFilter, resourceId: string, now: number) {
  const { span, since, until, person: _, ...others } = filter;
  const spanMs = since === "" && until === "" ? SPANS_MS.get(span) : undefined;
  return {
    ...others,
    resourceId,
    since: spanMs === undefined ? instant(since) : new Date(now - spanMs).toISOString(),
    until: instant(until),
  };
}
