import { payloadTooLarge } from "../scim/error.ts";
import type { JsonObject } from "../scim/json.ts";

/** Far below D1's 2 MB for a row, the folded copy and the journal included. */
const MAX_KIBIBYTES = 256;

const encoder = new TextEncoder();

/** To be asked of every document that a write would store: many small changes add up too. */
export function refuseTooLarge(document: JsonObject): void {
  if (encoder.encode(JSON.stringify(document)).byteLength > MAX_KIBIBYTES * 1024) {
    throw payloadTooLarge(
      `A resource may have up to ${MAX_KIBIBYTES} KiB. Take large values, such as photos, out of the mapping.`,
    );
  }
}
