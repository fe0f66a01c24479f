import type { Mail, Mailer, MailOutcome } from "../directory/mail/ports.ts";

const DEADLINE_MS = 20_000;

/** As much of Cloudflare's binding `send_email` as is used here (Email Service, Workers API). */
export interface EmailBinding {
  send(message: {
    readonly to: string;
    readonly from: string;
    readonly subject: string;
    readonly html: string;
    readonly text: string;
  }): Promise<unknown>;
}

// The codes of Email Service's Workers API, on `error.code`; its messages may repeat the address.
const UNDELIVERABLE = ["E_RECIPIENT_SUPPRESSED", "E_RECIPIENT_NOT_ALLOWED"];
const CLOSED = [
  "E_RATE_LIMIT_EXCEEDED",
  "E_DAILY_LIMIT_EXCEEDED",
  "E_SENDER_NOT_VERIFIED",
  "E_SENDER_DOMAIN_NOT_AVAILABLE",
];

/**
 * What an error of the binding means. Everything else is tried again, what is wrong with the address included:
 * the binding has one code for a malformed address and for our own mistakes.
 */
export function outcomeOfError(error: unknown): MailOutcome {
  const given: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  const code = typeof given === "string" && /^E_[A-Z_]{1,60}$/.test(given) ? given : "E_UNKNOWN";
  if (UNDELIVERABLE.includes(code)) return { kind: "undeliverable", code };
  if (CLOSED.includes(code)) return { kind: "closed", code };
  return { kind: "failed", code };
}

/** Mail through Cloudflare's binding, from one address; `deadlineMs` for each mail. */
export function cloudflareMailer(
  binding: EmailBinding,
  from: string,
  deadlineMs: number = DEADLINE_MS,
): Mailer {
  async function send({ to, subject, html, text }: Mail): Promise<MailOutcome> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<MailOutcome>((resolve) => {
      timer = setTimeout(() => resolve({ kind: "failed", code: "TIMEOUT" }), deadlineMs);
    });
    const sent = Promise.resolve()
      .then(() => binding.send({ to, from, subject, html, text }))
      .then((): MailOutcome => ({ kind: "accepted" }), outcomeOfError);
    try {
      return await Promise.race([sent, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }
  return { send };
}

/** The mailer of a deployment; none unless it binds `EMAIL` and says who the sender is. */
export const mailerOf = (binding: EmailBinding | undefined, from: string): Mailer | undefined =>
  binding === undefined || from.trim() === "" ? undefined : cloudflareMailer(binding, from.trim());
