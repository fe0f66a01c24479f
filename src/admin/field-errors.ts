import type * as z from "zod/mini";

/** One fault of one field. `path` is dotted: `settings.deactivationGuard.percent`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** What a schema finds, one entry per field and, in a closed object, per unknown field. Never holds a value. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          path: dotted([...issue.path, key]),
          message: "There is no such field.",
        }))
      : [{ path: dotted(issue.path), message: issue.message }],
  );
}

const FORMATS: Readonly<Record<string, string>> = {
  email: "Use an email address.",
  datetime: "Use an ISO 8601 date and time, for example 2026-01-31T12:00:00Z.",
  date: "Use a date such as 2026-01-31.",
  safeint: "Use a whole number.",
};

/** For `safeParse`, where the schema has no words of its own: what to send instead. */
export function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "This field is required."
        : (FORMATS[String(issue["format"])] ??
            `Use ${KINDS[String(issue["expected"])] ?? "another type"}.`);
    case "invalid_value": {
      const values: unknown = issue["values"];
      return `Use one of: ${Array.isArray(values) ? values.join(", ") : String(values)}.`;
    }
    case "too_small":
      return `Use at least ${String(issue["minimum"])}${UNITS[String(issue["origin"])] ?? ""}.`;
    case "too_big":
      return `Use at most ${String(issue["maximum"])}${UNITS[String(issue["origin"])] ?? ""}.`;
    case "invalid_format":
      return FORMATS[String(issue["format"])] ?? "This is not in the right form.";
    // A fault of no single value, or one that the schema tells in its own words.
    case "custom":
    case "invalid_element":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
    case "unrecognized_keys":
      return undefined;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

const UNITS: Readonly<Record<string, string>> = {
  string: " characters",
  array: " entries",
};

const dotted = (path: readonly PropertyKey[]) => path.map(String).join(".");
