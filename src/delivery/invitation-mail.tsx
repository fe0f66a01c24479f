import type { Mail } from "../directory/mail/ports.ts";
import { renderMail } from "./mail-page.tsx";
import { oneLine } from "./one-line.ts";

/**
 * Where an invited person goes: the operator's `INVITATION_URL` with the invitation's id in place of `{id}`.
 * Undefined when none is configured, or it is no web address.
 */
export function invitationLink(template: string, userId: string): string | undefined {
  const link = template.trim().replaceAll("{id}", encodeURIComponent(userId));
  return /^https?:\/\//i.test(link) && URL.canParse(link) ? link : undefined;
}

/** Invites a person to the tenant's product. Names the tenant and nothing of the person. */
export function invitationMail({
  to,
  tenantName,
  link,
}: {
  readonly to: string;
  readonly tenantName: string;
  readonly link: string | undefined;
}): Mail {
  const subject = oneLine(`You are invited to ${tenantName}`);
  const sentence = `An administrator has set up an account for you at ${tenantName}.`;
  const next = link
    ? "Open this link to begin:"
    : "Sign in as your organisation has told you to begin.";
  const why = "If you did not expect this mail, you can ignore it.";
  return {
    to,
    subject,
    html: renderMail(
      subject,
      <>
        <p>{sentence}</p>
        <p>
          {next} {link && <a href={link}>{link}</a>}
        </p>
        <p>{why}</p>
      </>,
    ),
    text: `${[sentence, link ? `${next}\n${link}` : next, why].join("\n\n")}\n`,
  };
}
