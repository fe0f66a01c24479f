import type { Change } from "../../journal/change.ts";
import type { Clock } from "../../tenancy/clock.ts";
import type { AskedBy } from "../../tenancy/credentials/credential-entry.ts";

/** The journal's row about a run that an administrator has asked for. What it changes has rows of its own. */
export const reconciliationEntry = (by: AskedBy, runId: string, clock: Clock): Change => ({
  ...by,
  at: new Date(clock.now()).toISOString(),
  operation: "create",
  resourceType: "Reconciliation",
  resourceId: runId,
  outcome: "applied",
  status: 201,
  scimType: null,
  reason: "The departments were reconciled by hand.",
  diff: [],
});
