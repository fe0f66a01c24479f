import type { AlertKind } from "../../../directory/alerts/alert.ts";
import type { OperationId } from "../../permissions.ts";

interface AlertWords {
  readonly title: string;
  /** What to do beside what the alert itself says, and how it ends. */
  readonly next: string;
  /** Where to look, below the tenant, and what whoever looks there has to be allowed. */
  readonly place: string;
  readonly operation: OperationId;
  /** What follows when it is resolved. */
  readonly resolved: string;
}

export const ALERT_WORDS: Record<AlertKind, AlertWords> = {
  guard: {
    title: "Many people would have been deactivated at once, so it was stopped.",
    next: "Find out in the log who was deactivated, and in the identity provider why.",
    place: "log",
    operation: "listChanges",
    resolved:
      "Deactivations and deletions go on, without a limit for as long as the guard's window is (setting deactivationGuard). The identity provider tries again by itself. Then the limit is in force again.",
  },
  errors: {
    title: "Many requests are refused.",
    next: "Each line of the log says what to do about it. The alert ends by itself when fewer are refused.",
    place: "log?outcome=refused",
    operation: "listChanges",
    resolved: "It is not raised again for the same hour.",
  },
  silence: {
    title: "Nothing is heard of the identity provider.",
    next: "Provisioning may be stopped there, or in quarantine. The alert ends by itself with the next request.",
    place: "tokens",
    operation: "listTokens",
    resolved: "It is not raised again for this silence.",
  },
  "expiring-token": {
    title: "A token expires soon.",
    next: "Rotate it here and paste the successor there. The alert ends when the token is revoked.",
    place: "tokens",
    operation: "listTokens",
    resolved: "You hear of it again when the end is nearer.",
  },
  "reconcile-brake": {
    title: "Many departments would have been retired at once, so it was stopped.",
    next: "See which are orphaned. One that shall go for good is kept first, and then deleted or merged.",
    place: "departments?orphaned=true",
    operation: "listDepartments",
    resolved: "The next reconciliation raises it again while there are as many.",
  },
};
