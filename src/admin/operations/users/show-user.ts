import type { DirectoryContext } from "../../../directory/context.ts";
import type { HandOutcome } from "../../../directory/people/hand-outcome.ts";
import { withDepartments } from "../../../directory/people/with-departments.ts";
import type { UserRecord } from "../../../directory/ports.ts";
import { readBack } from "../../../directory/read-back.ts";
import type * as z from "zod/mini";
import type { Outcome } from "../../operation.ts";
import { type UserView, userView } from "../../user-view.ts";
import { noSuchUser } from "./user-params.ts";

/**
 * The answer of an operation that changes a person: the whole person as it left them. Departments are read only where
 * nothing was written, or where the answer of the transaction was lost.
 */
export async function showUser(
  directory: DirectoryContext,
  outcome: HandOutcome<UserRecord>,
): Promise<Outcome<z.infer<typeof UserView>>> {
  if (outcome.kind !== "done") return outcome.kind === "unknown" ? noSuchUser : outcome;
  const { answer } = outcome;
  const user = answer.departments
    ? answer
    : await readBack(async () => (await withDepartments(directory, [answer]))[0]);
  return { kind: "done", answer: userView(user, directory.settings) };
}
