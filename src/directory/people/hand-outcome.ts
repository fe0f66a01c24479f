import { ScimError } from "../../scim/error.ts";
import { StorageUnavailable } from "../../tenancy/unavailable.ts";

/** What becomes of something that an administrator does to a person. */
export type HandOutcome<Answer> =
  | { readonly kind: "done"; readonly answer: Answer }
  | { readonly kind: "unknown" }
  | { readonly kind: "conflict"; readonly detail: string };

/**
 * Runs a verb that tells SCIM clients what is wrong, for somebody who is none. Throws `StorageUnavailable` where
 * SCIM would answer 503.
 */
export async function handOutcome<Answer>(
  verb: () => Promise<Answer>,
): Promise<HandOutcome<Answer>> {
  try {
    return { kind: "done", answer: await verb() };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    if (error.status === 404) return { kind: "unknown" };
    if (error.status >= 500) {
      throw new StorageUnavailable(error.retryAfterSeconds ?? 1, { cause: error });
    }
    return { kind: "conflict", detail: error.detail };
  }
}
