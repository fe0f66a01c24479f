import { html } from "hono/html";

import { dataTable } from "./data-table.ts";
import type { Html } from "./html.ts";
import type { JsonSchema } from "./named-schemas.ts";
import { typeWords, withoutNull } from "./type-words.ts";

interface Field {
  /** Dotted; `[]` stands for each entry of a list. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/**
 * The fields of an object, those of objects within it too. What has a name of its own is not taken apart: its
 * type leads to it.
 */
export function fieldsOf(schema: JsonSchema, prefix = ""): Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === "boolean") return [];
    const path = prefix + name;
    return [
      { path, schema: property, required: required.includes(name) },
      ...within(property, path),
    ];
  });
}

function within(schema: JsonSchema, path: string): Field[] {
  const value = withoutNull(schema);
  if (value.type !== "array") return fieldsOf(value, `${path}.`);
  const { items } = value;
  const isOne = typeof items === "object" && !Array.isArray(items);
  return isOne ? within(items, `${path}[]`) : [];
}

/** The fields of what goes in or comes out, as a table; undefined: it has none to show. */
export function schemaTable(
  schema: JsonSchema,
  io: "input" | "output",
  caption: string,
): Html | undefined {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return undefined;
  return dataTable(
    caption,
    ["Field", "Type", "Notes"],
    fields.map(({ path, schema: field, required }) => {
      const need = { input: required && "Required.", output: !required && "May be absent." }[io];
      return [html`<code>${path}</code>`, typeWords(field), notesOn(field, need)];
    }),
  );
}

/** What there is to say of a value beside its type. */
export function notesOn(schema: JsonSchema, need: string | false): Html | "" {
  const notes = [
    need === false ? "" : need,
    sentence(schema.description ?? withoutNull(schema).description ?? ""),
    schema.default === undefined ? "" : `Default: ${JSON.stringify(schema.default)}.`,
  ].filter((note) => note !== "");
  return notes.length === 0 ? "" : html`${notes.join(" ")}`;
}

const sentence = (text: string): string => (text === "" || /[.!?]$/.test(text) ? text : `${text}.`);
