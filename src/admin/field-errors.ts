import en from "zod/v4/locales/en.js";
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

const IN_ENGLISH = en().localeError;

/** For `safeParse`: zod would say "expected string, received undefined" of a field that is missing. */
export function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type" && issue.input === undefined) return "This field is required.";
  const told = IN_ENGLISH(issue);
  return typeof told === "object" ? told?.message : told;
}

const dotted = (path: readonly PropertyKey[]) => path.map(String).join(".");
