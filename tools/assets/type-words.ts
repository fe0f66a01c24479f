import { html } from "hono/html";
import type * as z from "zod";

import { type Html, joined } from "./html.ts";
import { IN_DOCUMENT, type JsonSchema } from "./named-schemas.ts";

/** zod's way to say "any whole number". */
const GREATEST = Number.MAX_SAFE_INTEGER;
/** A longer pattern explains nothing to a person. */
const READABLE_PATTERN = 40;

const FORMATS: Readonly<Record<string, string>> = {
  email: "email address",
  "date-time": "time (ISO 8601, UTC)",
  uri: "URL",
};

/** Without `null`, and with the one other choice in place of the choice. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const choices = (schema.anyOf ?? []).filter(({ type }) => type !== "null");
  const [only] = choices;
  return only !== undefined && choices.length === 1 ? only : schema;
}

/** What a value may be, in words. */
export function typeWords(schema: JsonSchema): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(IN_DOCUMENT.length);
    return html`<a href="#object-${name}">${name}</a>`;
  }
  if (schema.anyOf !== undefined) return html`${joined(schema.anyOf.map(typeWords), " or ")}`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) {
    const values = schema.enum.map((value) => html`<code>${String(value)}</code>`);
    return html`${values.length > 1 ? "one of " : ""}${joined(values, ", ")}`;
  }
  const types = [schema.type].flat();
  return html`${joined(
    types.map((type) => plainWords(type, schema)),
    " or ",
  )}`;
}

function plainWords(type: z.core.JSONSchema.SchemaType | undefined, schema: JsonSchema): Html {
  switch (type) {
    case "null":
      return html`null`;
    case "boolean":
      return html`true or false`;
    case "array":
      return html`list${limits(undefined, schema.maxItems)} of ${elementWords(schema)}`;
    case "object":
      return html`object`;
    case "integer":
      return html`whole number${limits(schema.minimum, schema.maximum)}`;
    case "number":
      return html`number${limits(schema.minimum, schema.maximum)}`;
    case "string":
      return html`${stringWords(schema)}${limits(undefined, schema.maxLength, " characters")}`;
    case undefined:
      return html`anything`;
  }
}

const elementWords = ({ items }: JsonSchema): Html =>
  typeof items === "object" && !Array.isArray(items) ? typeWords(items) : html`anything`;

function limits(minimum = -GREATEST, maximum = GREATEST, of = ""): string {
  const least = minimum > -GREATEST ? minimum.toLocaleString("en") : undefined;
  const most = maximum < GREATEST ? maximum.toLocaleString("en") : undefined;
  if (least !== undefined && most !== undefined) return ` (${least} to ${most}${of})`;
  if (least !== undefined) return ` (at least ${least}${of})`;
  return most === undefined ? "" : ` (at most ${most}${of})`;
}

function stringWords({ format = "", pattern }: JsonSchema): Html {
  const words = FORMATS[format];
  if (words !== undefined) return html`${words}`;
  return pattern === undefined || pattern.length > READABLE_PATTERN
    ? html`text`
    : html`text like <code>${pattern}</code>`;
}
