export type AlertKind = "guard" | "errors" | "silence" | "expiring-token" | "reconcile-brake";

/** Something that an administrator of the tenant has to see. */
export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  /** What it is about where a tenant may have several of a kind; else "". */
  readonly subject: string;
  /** What happened and what to do, in words. Holds ids at most, no names and no addresses. */
  readonly detail: string;
  readonly raisedAt: string;
  /** Null: it is open. */
  readonly resolvedAt: string | null;
}

export type NewAlert = Pick<Alert, "kind" | "subject" | "detail">;
