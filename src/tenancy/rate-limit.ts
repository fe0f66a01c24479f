/** What may happen only so often in a minute. Neither of them ever fails. */
export interface RateLimits {
  /** Counts a request that was let in, by whose it is; false: there were too many. */
  maySend(sender: string): Promise<boolean>;
  /** Counts a request that was not, by the address that it came from; false: there were too many. */
  mayFailAgain(address: string): Promise<boolean>;
}

/** The platform's counter: one in each of its locations, and not exact. A shield, no account. */
interface Counter {
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** Nobody waits for a counter that hangs. */
const PATIENCE_MS = 250;

/** For `Retry-After`. Small: Okta doubles what it waits with every attempt, and gives up after the tenth. */
export const SENDER_WAITS_SECONDS = 10;
/** The same for who was refused: nothing valid is kept waiting. */
export const REFUSED_WAITS_SECONDS = 60;

/**
 * Limits by counters; without one, none. A counter that fails or hangs lets everything pass: what is lost then is
 * fairness, while 429s for nothing stop a sync (Entra ID quarantines the job).
 */
export function rateLimits(counters: {
  readonly requests: Counter | undefined;
  readonly refusals: Counter | undefined;
}): RateLimits {
  return {
    maySend: (sender) => admits(counters.requests, sender),
    mayFailAgain: (address) => admits(counters.refusals, networkOf(address)),
  };
}

async function admits(counter: Counter | undefined, key: string): Promise<boolean> {
  if (!counter) return true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<{ success: boolean }>((resolve) => {
    timer = setTimeout(() => resolve({ success: true }), PATIENCE_MS);
  });
  try {
    const { success } = await Promise.race([counter.limit({ key }), patience]);
    return success;
  } catch {
    return true;
  } finally {
    clearTimeout(timer);
  }
}

/** Of an IPv6 address the network (/64): whoever has one address of it has all of them. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array.from({ length: zeros }, () => "0"), ...rest].slice(0, 4).join(":");
}
