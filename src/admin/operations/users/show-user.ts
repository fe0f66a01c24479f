import type { DirectoryContext } from "../../../directory/context.ts";
import type { HandOutcome } from "../../../directory/people/hand-outcome.ts";
import { withDepartments } from "../../../directory/people/with-departments.ts";
import type { UserRecord } from "../../../directory/ports.ts";
import type * as z from "zod";
import type { Outcome } from "../../operation.ts";
import { type UserView, userView } from "../../user-view.ts";
import { outcomeOf } from "./user-params.ts";

/** The answer of an operation that changes a person: the whole person as they are now. */
export async function showUser(
  directory: DirectoryContext,
  outcome: HandOutcome<UserRecord>,
): Promise<Outcome<z.infer<typeof UserView>>> {
  const people = outcome.kind === "done" ? [outcome.answer] : [];
  const [shown] = await withDepartments(directory, people);
  return outcomeOf(outcome, (user) => userView(shown ?? user, directory.settings));
}
