import type { Context } from "hono";

import type { ConsoleEnv } from "./console-env.ts";

/** The fields of the form that was sent. */
export interface Form {
  has(name: string): boolean;
  /** Trimmed; empty when the field is not there. */
  text(name: string): string;
  /** Every value of a field that may be there more than once, such as checkboxes. */
  all(name: string): readonly string[];
  /** The content of an uploaded file, or what a text area of that name holds. */
  file(name: string): Promise<string>;
}

export async function readForm(context: Context<ConsoleEnv>): Promise<Form> {
  const fields = await context.req.parseBody({ all: true });
  const valuesOf = (name: string) => {
    const value = fields[name];
    return value === undefined ? [] : Array.isArray(value) ? value : [value];
  };
  const texts = (name: string) =>
    valuesOf(name).filter((value): value is string => typeof value === "string");
  return {
    has: (name) => fields[name] !== undefined,
    text: (name) => (texts(name)[0] ?? "").trim(),
    all: (name) => texts(name).filter((value) => value !== ""),
    async file(name) {
      const [value] = valuesOf(name);
      if (value === undefined) return "";
      return typeof value === "string" ? value : value.text();
    },
  };
}
