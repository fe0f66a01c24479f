/** Who did it. `hint` is for people: the last four characters of a token, the name of a job. */
export interface Actor {
  readonly kind: "token" | "admin" | "job";
  readonly id: string;
  readonly hint: string;
}

/** What may stand in a row; the admin API promises these names. */
export const CHANGE_OPERATIONS = [
  "create",
  "replace",
  "patch",
  "delete",
  "adopt",
  "unadopt",
  "activate",
  "deactivate",
  "reactivate",
  "assign",
  "unassign",
  "merge",
  "rename",
  "retire",
  "invite",
  "import",
  "settings",
  "token",
  "key",
] as const;
export type Operation = (typeof CHANGE_OPERATIONS)[number];

/** One attribute before and after, or the ids that joined and left a multi-valued one. */
export interface AttributeChange {
  readonly attribute: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The values are not told: they do not fit, or nobody is shown them. */
  readonly cut?: true;
}

/** One row of the journal. Append-only; its sequence number is given inside the batch that writes it. */
export interface Change {
  /** Made by us, never taken from the request: after an unknown outcome it tells whether this write is there. */
  readonly requestId: string;
  readonly at: string;
  readonly actor: Actor;
  readonly operation: Operation;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly outcome: "applied" | "refused";
  readonly status: number;
  readonly scimType: string | null;
  /** Why it was refused, or what a person should know about it (an ignored path, the key of an adoption). */
  readonly reason: string | null;
  readonly diff: readonly AttributeChange[];
}
