import type { CredentialKind } from "./credential.ts";

/**
 * Lets secret scanners, and people, recognise what has leaked; and what was pasted into the wrong field is refused
 * without asking any store.
 */
const PREFIXES: Record<CredentialKind, string> = {
  token: "scim_",
  access: "scim_",
  "client-secret": "scimsecret_",
  admin: "scimkey_",
  reader: "scimkey_",
  "setup-link": "scimlink_",
};

/** How many random bytes a token carries: more than anybody can guess, and few enough for Entra's US
 * Government cloud, which shares 1 KB between the token and the notification addresses. */
export const TOKEN_RANDOM_BYTES = 32;

const BODY_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// The 43rd character carries 4 bits, so only these 16 can stand there: one token has one spelling.
const SHAPE = /^[\w-]{42}[AEIMQUYcgkosw048][0-9A-Za-z]{6}$/;

/**
 * The prefix of its kind (`scim_` for SCIM tokens), 43 base64url characters of randomness, 6 base62 characters of
 * CRC32 over everything before. The caller brings the randomness, so that this stays a pure function.
 */
export function mintToken(random: Uint8Array, kind: CredentialKind = "token"): string {
  if (random.length !== TOKEN_RANDOM_BYTES) {
    throw new RangeError(
      `A token is made of ${TOKEN_RANDOM_BYTES} random bytes, not of ${random.length}.`,
    );
  }
  const body = PREFIXES[kind] + base64url(random);
  return body + checksum(body);
}

/**
 * Whether a string can be a token of this kind at all. Says nothing about whether it was ever issued: it lets
 * garbage be refused without asking any store. No secret is compared here, so time may leak.
 */
export function isWellFormedToken(token: string, kind: CredentialKind = "token"): boolean {
  const prefix = PREFIXES[kind];
  if (!token.startsWith(prefix) || !SHAPE.test(token.slice(prefix.length))) return false;
  const end = prefix.length + BODY_LENGTH;
  return token.slice(end) === checksum(token.slice(0, end));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** CRC32 of ASCII text as six base62 digits, zeros in front: 62^6 is more than 2^32. */
function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** The CRC of ISO 3309 and zlib (reflected, polynomial 0xEDB88320), bit by bit: 48 characters need no table. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
