import type { AlertKind, NewAlert } from "./alert.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const REFUSED_PERCENT = 25;
/** Fewer are nobody's fault: a mapping is being tried out. */
export const REFUSED_AT_LEAST = 20;
/** An IdP with nothing to do says nothing for hours; one that runs asks at least once a day. */
export const SILENT_MS = DAY_MS;
/** Days before its end at which a token is announced to expire, the nearest first. */
const EXPIRY_STEPS_DAYS = [1, 7, 30] as const;

/** A token as the watch sees it. */
export interface WatchedToken {
  readonly id: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  /** It has a successor, and ends with the overlap. */
  readonly isRotated: boolean;
}

/** What the watch job knows of one tenant. */
export interface TenantFacts {
  /** Rows of the journal in the last hour, the newest thousands at most; none where few are refused. */
  readonly writes: { readonly refused: number; readonly total: number };
  /** The last request by any token, revoked ones included. */
  readonly lastUsedAt: string | null;
  /** Whether any token is left that is not revoked. */
  readonly hasToken: boolean;
  /** Those that are not revoked and were made for more than a day. */
  readonly tokens: readonly WatchedToken[];
  /** Of the kinds that the job raises. */
  readonly alerts: readonly RaisedAlert[];
}

export interface RaisedAlert {
  readonly kind: AlertKind;
  readonly subject: string;
  readonly raisedAt: string;
  readonly resolvedAt: string | null;
}

export interface AlertDecision {
  readonly raise: readonly NewAlert[];
  readonly resolve: readonly Pick<NewAlert, "kind" | "subject">[];
}

const isOpen = ({ resolvedAt }: RaisedAlert): boolean => resolvedAt === null;
const of = (kind: AlertKind, { alerts }: TenantFacts) =>
  alerts.filter((alert) => alert.kind === kind);

/** Refusals pile up. One that a person resolved is not raised again by the same hour. */
function errors(facts: TenantFacts, now: number): AlertDecision {
  const { refused, total } = facts.writes;
  const isSo = refused >= REFUSED_AT_LEAST && refused * 100 > REFUSED_PERCENT * total;
  const known = of("errors", facts);
  const open = known.some(isOpen);
  const isOld = known.some(
    ({ resolvedAt }) => resolvedAt !== null && now - Date.parse(resolvedAt) < HOUR_MS,
  );
  const detail = `${refused} of the newest ${total} changes of the last hour were refused. The log of the tenant says which and why.`;
  return {
    raise: isSo && !open && !isOld ? [{ kind: "errors", subject: "", detail }] : [],
    resolve: !isSo && open ? [{ kind: "errors", subject: "" }] : [],
  };
}

/** A sync that ran does not run any more. Each silence is told once, also when a person resolves the alert. */
function silence(facts: TenantFacts, now: number): AlertDecision {
  const { lastUsedAt, hasToken } = facts;
  // Without a token nothing can come: whoever revoked the last one knows.
  const isSo = lastUsedAt !== null && hasToken && now - Date.parse(lastUsedAt) >= SILENT_MS;
  const known = of("silence", facts);
  const isTold = known.some(({ raisedAt }) => lastUsedAt !== null && raisedAt > lastUsedAt);
  const detail = `The identity provider has sent nothing since ${lastUsedAt ?? "ever"}. Check that provisioning still runs there and that its token is the one of this tenant.`;
  return {
    raise: isSo && !isTold && !known.some(isOpen) ? [{ kind: "silence", subject: "", detail }] : [],
    resolve: !isSo && known.some(isOpen) ? [{ kind: "silence", subject: "" }] : [],
  };
}

/**
 * The step that a token has come to. A token that was made for a shorter time than a step never comes to it; who
 * has rotated one knows that it ends, and is told once more on its last day.
 */
function stepOf(
  { createdAt, expiresAt, isRotated }: WatchedToken,
  now: number,
): number | undefined {
  if (expiresAt === null) return undefined;
  const end = Date.parse(expiresAt);
  if (end <= now) return undefined;
  return EXPIRY_STEPS_DAYS.slice(0, isRotated ? 1 : undefined).find(
    (days) => end - now <= days * DAY_MS && end - Date.parse(createdAt) > days * DAY_MS,
  );
}

/** Whether a newer token, still valid, has taken its place: used since this one last was. */
const isReplaced = (token: WatchedToken, tokens: readonly WatchedToken[], now: number): boolean =>
  tokens.some(
    ({ createdAt, expiresAt, lastUsedAt }) =>
      createdAt > token.createdAt &&
      (expiresAt === null || Date.parse(expiresAt) > now) &&
      lastUsedAt !== null &&
      lastUsedAt > (token.lastUsedAt ?? ""),
  );

function expiryDetail({ id, expiresAt, isRotated }: WatchedToken, step: number): string {
  const end = `${expiresAt ?? ""}, in ${step === 1 ? "less than a day" : `less than ${step} days`}`;
  return isRotated
    ? `The token ${id}, which was rotated, ends at ${end}, and the identity provider has not used its successor since. Give it the new token, or provisioning stops then.`
    : `The token ${id} expires at ${end}. Make a new one and give it to the identity provider, or provisioning stops then.`;
}

/**
 * Each step of a token is told once. An alert ends with its token's revocation, at the next step, or when a newer
 * token is in use.
 */
function expiringTokens(facts: TenantFacts, now: number): AlertDecision {
  const known = of("expiring-token", facts);
  const subjectOf = (token: WatchedToken) => `${token.id}:${stepOf(token, now) ?? ""}`;
  const raise = facts.tokens.flatMap((token): NewAlert[] => {
    const step = stepOf(token, now);
    if (step === undefined || isReplaced(token, facts.tokens, now)) return [];
    const subject = subjectOf(token);
    if (known.some((alert) => alert.subject === subject)) return [];
    return [{ kind: "expiring-token", subject, detail: expiryDetail(token, step) }];
  });
  const resolve = known.filter(isOpen).filter(({ subject }) => {
    const token = facts.tokens.find(({ id }) => subject.startsWith(`${id}:`));
    if (!token || isReplaced(token, facts.tokens, now)) return true;
    return stepOf(token, now) !== undefined && subject !== subjectOf(token);
  });
  return { raise, resolve: resolve.map(({ kind, subject }) => ({ kind, subject })) };
}

/** What the watch job raises for a tenant, and what is over. */
export function decideAlerts(facts: TenantFacts, now: number): AlertDecision {
  const decisions = [errors(facts, now), silence(facts, now), expiringTokens(facts, now)];
  return {
    raise: decisions.flatMap(({ raise }) => raise),
    resolve: decisions.flatMap(({ resolve }) => resolve),
  };
}
