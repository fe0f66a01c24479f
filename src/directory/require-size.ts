import { payloadTooLarge } from "../scim/error.ts";
import type { JsonObject } from "../scim/json.ts";

const MAX_BYTES = 256 * 1024;
/** A UTF-16 code unit is at most three bytes of UTF-8: shorter texts need not be counted. */
const SURELY_SMALL_CHARACTERS = MAX_BYTES / 3;

const encoder = new TextEncoder();

/**
 * Refuses a document that would not fit beside its folded copy and its row in the journal: D1 takes 2 MB for a
 * row. Checked on what would be stored, since a PATCH lets a resource grow beyond any single request.
 */
export function requireSize(document: JsonObject): JsonObject {
  const text = JSON.stringify(document);
  if (text.length <= SURELY_SMALL_CHARACTERS) return document;
  if (encoder.encode(text).byteLength <= MAX_BYTES) return document;
  throw payloadTooLarge(
    `A resource may have up to ${MAX_BYTES / 1024} KiB (${MAX_BYTES} bytes). Take large values, such as photos, out of the mapping.`,
  );
}
