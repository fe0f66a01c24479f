export interface Mail {
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/**
 * What became of a mail. `code` is the sender's own code, or a word of ours: never its message, which may repeat
 * the address.
 */
export type MailOutcome =
  /** Taken over for delivery; more can never be known here. */
  | { readonly kind: "accepted" }
  /** This address gets no mail from us, today or later. */
  | { readonly kind: "undeliverable"; readonly code: string }
  /** This once. Whether it was sent is not known. */
  | { readonly kind: "failed"; readonly code: string }
  /** The sender takes nothing at all now: a quota is used up, or its set-up is wrong. */
  | { readonly kind: "closed"; readonly code: string };

/** Sends mail. Failures are outcomes; `send` does not throw. */
export interface Mailer {
  send(mail: Mail): Promise<MailOutcome>;
}
