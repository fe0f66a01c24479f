export const INVITATION_STATES = ["queued", "sent", "failed", "accepted", "cancelled"] as const;

/**
 * `queued`: to be sent when it is due, or the product's business where no mail is set up. `sent`: a mail was
 * accepted for delivery. `accepted`: the product says that the person came; for ever.
 */
export type InvitationState = (typeof INVITATION_STATES)[number];

/** There is one per person for ever, and the person's id is its id: nobody is invited twice. */
export interface Invitation {
  readonly userId: string;
  /** Of the person, as it is now; null when they have none or are erased. */
  readonly email: string | null;
  readonly state: InvitationState;
  readonly dueAt: string;
  readonly sentAt: string | null;
  readonly attempts: number;
  /** A code or a sentence of ours; holds nothing of the person. */
  readonly lastError: string | null;
}

/** What an invitation depends on of a person. Undefined stands for somebody who is not there (any more). */
export interface Invitee {
  readonly active: boolean;
  readonly email: string | null;
}
