const text = new TextEncoder();

// Values, not promises: a Worker must not await what another request has begun. As many entries as the
// deployment has peppers.
const keys = new Map<string, CryptoKey>();

/**
 * What is stored of a token: HMAC-SHA-256 under a pepper, in hexadecimal. A token carries 256 random bits, so
 * no slow hash is needed, and whoever copies the database without the pepper cannot even try guesses.
 */
export function digestToken(token: string, pepper: string): Promise<string> {
  return hmac(token, pepper);
}

/**
 * The digest of a deployment's own token (secret SCIM_TOKEN). Differs from `digestToken` of the same token, so
 * that what a cache keeps under it cannot be reached once the secret no longer lists the token; and holds the
 * tenant's slug, so that another DEFAULT_TENANT does not meet the entry of the one before.
 */
export function digestDeploymentToken(
  token: string,
  slug: string,
  pepper: string,
): Promise<string> {
  return hmac(`deployment ${slug} ${token}`, pepper);
}

/**
 * Eight characters that name a pepper beside the digests made with it, so that rows under an old one can be
 * counted. Keyed by the pepper over a fixed text: it says nothing about the pepper that a digest does not.
 */
export async function pepperId(pepper: string): Promise<string> {
  return (await hmac("pepper", pepper)).slice(0, 8);
}

async function hmac(message: string, pepper: string): Promise<string> {
  const key = keys.get(pepper) ?? (await importKey(pepper));
  const signature = await crypto.subtle.sign("HMAC", key, text.encode(message));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

async function importKey(pepper: string): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(pepper), algorithm, false, ["sign"]);
  keys.set(pepper, key);
  return key;
}
