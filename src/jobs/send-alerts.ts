import type { AlertOutbox, UnsentAlert } from "../directory/alerts/outbox.ts";
import type { Mail, Mailer } from "../directory/mail/ports.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import { eachDatabase } from "./each-database.ts";

/** What could not be mailed for a day is no news any more; it stands in the console. */
const NEWS_MS = 24 * 60 * 60_000;
const ALERTS_PER_RUN = 100;

export interface SendAlertsDeps {
  /** One for each database. */
  readonly outboxes: readonly AlertOutbox[];
  /** Undefined: the deployment sends no mail, and alerts are seen in the console and the API only. */
  readonly mailer: Mailer | undefined;
  readonly compose: (alert: UnsentAlert & { readonly tenantName: string }) => Mail;
  /** From the control database. */
  readonly tenantNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
  readonly ids: Ids;
}

async function sendFrom(outbox: AlertOutbox, mailer: Mailer, deps: SendAlertsDeps): Promise<void> {
  const { clock, compose, tenantNames } = deps;
  const after = new Date(clock.now() - NEWS_MS).toISOString();
  const alerts = await outbox.unsent(after, ALERTS_PER_RUN);
  if (alerts.length === 0) return;
  const names = await tenantNames([...new Set(alerts.map(({ tenantId }) => tenantId))]);
  const outcomes = await Promise.all(
    alerts.map(async (alert) => {
      const tenantName = names.get(alert.tenantId);
      if (tenantName === undefined) return { alert, isOver: false };
      const { kind } = await mailer.send(compose({ ...alert, tenantName }));
      return { alert, isOver: kind === "accepted" || kind === "undeliverable" };
    }),
  );
  const over = outcomes.flatMap(({ alert, isOver }) => (isOver ? [alert] : []));
  if (over.length > 0) await outbox.markSent(over, new Date(clock.now()).toISOString());
}

/**
 * Mails open alerts to the tenants' `notifyEmail`, under a lease, so that two runs do not both send one. What the
 * sender does not take is tried again by every run for a day; a run that dies behind a mail sends it twice.
 */
export async function sendAlerts(deps: SendAlertsDeps): Promise<void> {
  const { mailer } = deps;
  if (!mailer) return;
  await eachDatabase(deps.outboxes, deps, async (outbox) => {
    await sendFrom(outbox, mailer, deps);
    return undefined;
  });
}
