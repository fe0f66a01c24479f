import { expiredCursor, invalidCursor, invalidValue } from "../error.ts";
import { printFilter, printPath } from "../filter/print.ts";
import type { JsonValue } from "../json.ts";
import type { ListQuery } from "./list-query.ts";

/** How long a cursor is good for after the page it came with; `cursorTimeout` of RFC 9865 §4. */
export const CURSOR_TTL_SECONDS = 3600;
/** A cursor is a part of a URL. */
export const MAX_CURSOR_CHARACTERS = 4096;
/** The clocks of two places differ; a cursor from further in the future was not made here. */
const CLOCK_SKEW_MILLISECONDS = 60_000;

/** The last resource of a page, by the keys of the order: the next page begins behind it. */
export interface CursorPosition {
  /** What the list is sorted by. `null`: this resource has no value. Undefined: the list has no `sortBy`. */
  readonly sortValue: string | number | null | undefined;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/**
 * The text of a cursor: only unreserved characters (RFC 9865 §2). It holds no rights and no filter, only a place in an
 * order, and is always run inside the tenant of the token that brings it, so that forging one gains nothing (§5.2).
 */
export function encodeCursor(position: CursorPosition, fingerprint: string): string {
  const { sortValue, id, issuedAt } = position;
  const keys = sortValue === undefined ? [id] : [id, sortValue];
  const bytes = new TextEncoder().encode(JSON.stringify([fingerprint, issuedAt, ...keys]));
  // Base64 makes four characters of three bytes.
  if (bytes.length > (MAX_CURSOR_CHARACTERS / 4) * 3) {
    throw invalidValue(
      'A value of the attribute in "sortBy" is too long for a cursor. Sort by another attribute, or page by "startIndex".',
    );
  }
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The position in a cursor that `encodeCursor` made for a query with the same fingerprint. Anything else is 400
 * `invalidCursor`, always in the same words, and an old one is 400 `expiredCursor` (RFC 9865 §2.1). `now` is in
 * milliseconds.
 */
export function decodeCursor(text: string, fingerprint: string, now: number): CursorPosition {
  const fields = readFields(text);
  const position = fields === undefined ? undefined : readPosition(fields);
  if (fields === undefined || position === undefined || fields[0] !== fingerprint) throw unknown();
  if (position.issuedAt > now + CLOCK_SKEW_MILLISECONDS) throw unknown();
  if (position.issuedAt + CURSOR_TTL_SECONDS * 1000 < now) {
    throw expiredCursor(
      `The cursor is older than ${CURSOR_TTL_SECONDS} seconds. Begin again with an empty "cursor".`,
    );
  }
  return position;
}

/**
 * A short text that differs where two lists differ in their order or in what they hold: `scope` names what is listed,
 * such as the resource type. It detects a mistake, not an attack.
 */
export function queryFingerprint(
  scope: string,
  { filter, sortBy, sortOrder }: Pick<ListQuery, "filter" | "sortBy" | "sortOrder">,
): string {
  const condition = filter === undefined ? null : printFilter(filter);
  const order = sortBy === undefined ? null : [printPath(sortBy), sortOrder];
  return hash(JSON.stringify([scope, condition, order]));
}

const unknown = () =>
  invalidCursor(
    'The cursor does not belong to this query. Send the "nextCursor" of the page before with the same parameters, or an empty "cursor" for the first page.',
  );

function readFields(text: string): JsonValue[] | undefined {
  if (text.length > MAX_CURSOR_CHARACTERS || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    // What `JSON.parse` can return is what the type says.
    const json = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    ) as JsonValue;
    return Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function readPosition(fields: readonly JsonValue[]): CursorPosition | undefined {
  const [, issuedAt, id, sortValue, ...rest] = fields;
  if (rest.length > 0 || typeof id !== "string" || id === "") return undefined;
  if (typeof issuedAt !== "number" || !Number.isSafeInteger(issuedAt)) return undefined;
  const isKey =
    sortValue === undefined ||
    sortValue === null ||
    typeof sortValue === "string" ||
    (typeof sortValue === "number" && Number.isFinite(sortValue));
  return isKey ? { sortValue, id, issuedAt } : undefined;
}

/** FNV-1a of 32 bits over UTF-16 code units. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0).toString(36);
}
