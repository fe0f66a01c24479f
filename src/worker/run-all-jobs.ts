import { alertMail } from "../delivery/alert-mail.tsx";
import { invitationLink, invitationMail } from "../delivery/invitation-mail.tsx";
import { mailerOf } from "../delivery/mailer.ts";
import { graceHours } from "../directory/departments/grace-hours.ts";
import { purgeOldRows } from "../jobs/purge-old-rows.ts";
import { purgeTenants } from "../jobs/purge-tenants.ts";
import { recomputePeopleOfTenants } from "../jobs/recompute-people.ts";
import { reconcileDepartments } from "../jobs/reconcile-departments.ts";
import { rollUpTraffic } from "../jobs/roll-up-traffic.ts";
import { runJobs } from "../jobs/run-jobs.ts";
import { sendAlerts } from "../jobs/send-alerts.ts";
import { sendInvitations } from "../jobs/send-invitations.ts";
import { watchTenants } from "../jobs/watch-tenants.ts";
import { purgeStore } from "../storage/deletion/purge-store.ts";
import { alertOutbox } from "../storage/notices/alert-outbox.ts";
import { invitationQueue } from "../storage/notices/invitation-queue.ts";
import { watchStore } from "../storage/notices/watch-store.ts";
import { recomputeStore } from "../storage/recompute/recompute-store.ts";
import { reconciliationStore } from "../storage/reconciliation/reconciliation-store.ts";
import { retentionStore } from "../storage/retention/retention-store.ts";
import { tenantNames } from "../storage/tenancy/tenant-names.ts";
import { trafficStore } from "../storage/traffic/traffic-store.ts";
import { readPublicUrl } from "../tenancy/public-url.ts";
import { meteredDatabases } from "./call.ts";
import { goOnMoving } from "./go-on-moving.ts";
import { clock, ids } from "./surroundings.ts";

/** Below the interval of the cron trigger. */
const MOVE_BY_CRON_MS = 240_000;

/** What the cron trigger starts; each job says in the log how it went. */
export async function runAllJobs(env: Env): Promise<void> {
  const { databases, d1Calls } = meteredDatabases(env);
  const meter = { now: clock.now, d1Calls };
  const all = databases.names.map((name) => databases.named(name));
  await runJobs(meter, {
    moveTenants: () => goOnMoving(databases, MOVE_BY_CRON_MS),
    reconcileDepartments: () =>
      reconcileDepartments({
        stores: all.map((database) => reconciliationStore(database)),
        graceHours: graceHours(env.DEPARTMENT_GRACE_HOURS),
        trigger: "cron",
        clock,
        ids,
      }),
    purgeOldRows: () =>
      purgeOldRows({
        stores: all.map((database) => retentionStore(database, databases.control)),
        clock,
        ids,
      }),
    purgeTenants: () =>
      purgeTenants({
        stores: databases.names.map((name) => purgeStore(databases, name)),
        clock,
        ids,
      }),
    rollUpTraffic: () =>
      rollUpTraffic({ stores: all.map((database) => trafficStore(database)), clock, ids }),
    recomputePeople: () =>
      recomputePeopleOfTenants({
        stores: all.map((database) => recomputeStore(database)),
        clock,
        ids,
      }),
    sendInvitations: () =>
      sendInvitations({
        queues: all.map((database) => invitationQueue(database)),
        mailer: mailerOf(env.EMAIL, env.MAIL_FROM ?? ""),
        compose: ({ to, tenantName, userId }) => {
          const link = invitationLink(env.INVITATION_URL ?? "", userId);
          return invitationMail({ to, tenantName, link });
        },
        tenantNames: (tenantIds) => tenantNames(databases.control, tenantIds),
        clock,
        ids,
      }),
    watchTenants: () =>
      watchTenants({
        stores: all.map((database) => watchStore(database)),
        clock,
        ids,
        random: Math.random,
      }),
    sendAlerts: () =>
      sendAlerts({
        outboxes: all.map((database) => alertOutbox(database)),
        mailer: mailerOf(env.EMAIL, env.MAIL_FROM ?? ""),
        compose: (alert) => alertMail({ ...alert, consoleUrl: consoleUrlOf(env) }),
        tenantNames: (tenantIds) => tenantNames(databases.control, tenantIds),
        clock,
        ids,
      }),
  });
}

/** For mails of jobs, which run also where the configuration has faults. */
function consoleUrlOf(env: Env): string | undefined {
  const publicUrl = readPublicUrl(env.PUBLIC_URL);
  return publicUrl.kind === "url" ? `${publicUrl.url}/console` : undefined;
}
