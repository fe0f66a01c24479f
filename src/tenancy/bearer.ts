/** Node and Workers accept headers of many kilobytes; no credential of ours has more than a hundred characters. */
const MAX_HEADER_CHARACTERS = 8192;

export type BearerRefusal =
  | "no-authorization"
  | "header-too-long"
  | "header-not-ascii"
  | "two-headers"
  | "other-scheme"
  | "empty-bearer";

export type Bearer =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "refused"; readonly reason: BearerRefusal };

const refused = (reason: BearerRefusal): Bearer => ({ kind: "refused", reason });

/**
 * The token of an `Authorization` header. The scheme is case-insensitive (RFC 9110 §11.1); `TOKEN` alone and
 * `Bearer Bearer TOKEN` come from administrators who paste with or without the scheme into an IdP that adds
 * its own. Two headers arrive joined by a comma, which no token holds. The reason is for the log only.
 */
export function readBearer(authorizationHeader: string | null): Bearer {
  if (authorizationHeader === null) return refused("no-authorization");
  if (authorizationHeader.length > MAX_HEADER_CHARACTERS) return refused("header-too-long");
  if (!/^[\t\x20-\x7e]*$/.test(authorizationHeader)) return refused("header-not-ascii");
  if (authorizationHeader.includes(",")) return refused("two-headers");

  const words = authorizationHeader.split(/[\t ]+/).filter((word) => word !== "");
  const token = words.pop();
  if (token === undefined) return refused("no-authorization");
  if (words.length > 2 || !words.every(isBearer)) return refused("other-scheme");
  return isBearer(token) ? refused("empty-bearer") : { kind: "token", token };
}

function isBearer(word: string): boolean {
  return word.toLowerCase() === "bearer";
}
