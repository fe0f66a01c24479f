import type { HandOutcome } from "../../../directory/people/hand-outcome.ts";
import type { Outcome, Refusal } from "../../operation.ts";
import { TenantParams } from "../tenant-params.ts";
import * as z from "zod/mini";

export const UserParams = z.extend(TenantParams, { id: z.string() });

export const noSuchUser: Refusal = {
  kind: "not-found",
  detail: "This tenant has no person of this id.",
};

/** The outcome of a verb as that of an operation. */
export function outcomeOf<Result, Answer>(
  outcome: HandOutcome<Result>,
  show: (result: Result) => Answer,
): Outcome<Answer> {
  switch (outcome.kind) {
    case "done":
      return { kind: "done", answer: show(outcome.answer) };
    case "unknown":
      return noSuchUser;
    case "conflict":
      return outcome;
  }
}
