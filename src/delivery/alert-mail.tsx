import type { AlertKind } from "../directory/alerts/alert.ts";
import type { Mail } from "../directory/mail/ports.ts";
import { renderMail } from "./mail-page.tsx";
import { oneLine } from "./one-line.ts";

const HEADLINES: Record<AlertKind, string> = {
  guard: "Provisioning was stopped: too many people would be deactivated",
  errors: "Provisioning: many changes are refused",
  silence: "Provisioning has gone silent",
  "expiring-token": "A provisioning token is about to expire",
  "reconcile-brake": "Departments were not tidied up: too many would go",
};

/** Tells a tenant's administrator of an alert, and where to look at it. */
export function alertMail(alert: {
  readonly notifyEmail: string;
  readonly tenantName: string;
  readonly kind: AlertKind;
  readonly detail: string;
  readonly raisedAt: string;
  readonly consoleUrl: string | undefined;
}): Mail {
  const headline = HEADLINES[alert.kind];
  const subject = oneLine(`${headline} (${alert.tenantName})`);
  const when = `Tenant ${alert.tenantName}, ${alert.raisedAt}.`;
  const link = alert.consoleUrl;
  return {
    to: alert.notifyEmail,
    subject,
    html: renderMail(
      subject,
      <>
        <h1 style="font-size: 1.25rem;">{headline}</h1>
        <p>{alert.detail}</p>
        <p>{when}</p>
        {link && (
          <p>
            <a href={link}>{link}</a>
          </p>
        )}
      </>,
    ),
    text: `${[headline, alert.detail, when, ...(link ? [link] : [])].join("\n\n")}\n`,
  };
}
