import type { NewAlert } from "../alerts/alert.ts";
import type { DeactivationCount } from "./is-mass-deactivation.ts";

/** The running window of a tenant's mass-deactivation guard. */
export interface DeactivationWindow extends DeactivationCount {
  readonly startedAt: string;
  /** When the guard first stopped a request of this window. */
  readonly trippedAt: string | null;
  /** An administrator let it finish: nobody is counted. */
  readonly released: boolean;
}

/** Windows are opened, rolled and counted by the guard `few-deactivations` of a plan; this is what is left to do. */
export interface DeactivationWindows {
  /** Undefined: nobody has been counted yet. */
  current(): Promise<DeactivationWindow | undefined>;
  /**
   * Marks the window that began then as tripped, which keeps it from ending, and raises the alert; one
   * transaction. False when it has ended, was released, or is marked already: then nothing is written.
   */
  trip(
    startedAt: string,
    alert: NewAlert & { readonly id: string; readonly raisedAt: string },
  ): Promise<boolean>;
}
