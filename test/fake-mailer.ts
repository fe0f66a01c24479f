import type { Mail, Mailer, MailOutcome } from "../src/directory/mail/ports.ts";

export interface FakeMailer extends Mailer {
  /** All that it was asked to send, taken or not. */
  readonly asked: Mail[];
  /** Whom it took a mail for. */
  readonly taken: string[];
}

/** A mailer that sends nothing and remembers everything; `outcome` says what it answers. */
export function fakeMailer(
  outcome: (mail: Mail) => MailOutcome | Promise<MailOutcome> = () => ({ kind: "accepted" }),
): FakeMailer {
  const asked: Mail[] = [];
  const taken: string[] = [];
  return {
    asked,
    taken,
    async send(mail) {
      asked.push(mail);
      const answer = await outcome(mail);
      if (answer.kind === "accepted") taken.push(mail.to);
      return answer;
    },
  };
}
