import type { AttributeChange } from "../../journal/change.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import type { Plan } from "../ports.ts";
import { lifecycleEvents, type Transition } from "./lifecycle-events.ts";

/** The rows of the journal that a change of one person leaves: the first tells all that changed. */
export function lifecycleChanges(
  context: DirectoryContext,
  what: {
    readonly transition: Transition;
    readonly resourceId: string;
    readonly status: number;
    readonly diff: readonly AttributeChange[];
    readonly reason: string | undefined;
  },
): Pick<Plan, "change" | "further"> {
  const { transition, reason, ...rest } = what;
  const { wasActive: before, isActive: after } = transition;
  const [first, ...others] = lifecycleEvents(transition);
  const facts = { ...rest, resourceType: "User", ...(reason !== undefined && { reason }) };
  return {
    change: changeBy(context, { ...facts, operation: first }),
    further: others.map((operation) =>
      changeBy(context, { ...facts, operation, diff: [{ attribute: "active", before, after }] }),
    ),
  };
}
