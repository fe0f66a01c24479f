const text = new TextEncoder();

/**
 * Whether a credential from outside is one of the secrets that we hold. Takes the same time wherever and
 * whether it matches: SHA-256 of both sides gives equal lengths (a comparison that stops at the first
 * difference tells an attacker how much was right), and every secret is compared. No secrets: false.
 */
export async function isOneOf(candidate: string, secrets: readonly string[]): Promise<boolean> {
  const wanted = await sha256(candidate);
  const known = await Promise.all(secrets.map((secret) => sha256(secret)));
  return known.filter((digest) => differenceOf(digest, wanted) === 0).length > 0;
}

async function sha256(value: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text.encode(value)));
}

/** 0 when equal. `timingSafeEqual` of the Workers runtime is not in Node, where this room is tested. */
function differenceOf(left: Uint8Array, right: Uint8Array): number {
  return left.reduce(
    (difference, byte, at) => difference | (byte ^ (right[at] ?? 0xff)),
    left.length ^ right.length,
  );
}
