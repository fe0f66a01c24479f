import type { JsonObject } from "../scim/json.ts";

/** The guarantee of the cast: only commit.ts writes the column, and it writes an object's JSON. */
export const parseStoredDocument = (text: string): JsonObject => JSON.parse(text) as JsonObject;
