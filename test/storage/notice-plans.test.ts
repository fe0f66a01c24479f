import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";

import { sendAlerts } from "../../src/jobs/send-alerts.ts";
import { sendInvitations } from "../../src/jobs/send-invitations.ts";
import { watchTenants } from "../../src/jobs/watch-tenants.ts";
import { alertOutbox } from "../../src/storage/notices/alert-outbox.ts";
import { invitationQueue } from "../../src/storage/notices/invitation-queue.ts";
import { raiseAlertIn } from "../../src/storage/notices/raise-alert.ts";
import { watchStore } from "../../src/storage/notices/watch-store.ts";
import { tenantNames } from "../../src/storage/tenancy/tenant-names.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { callWorker } from "../call-worker.ts";
import { fakeMailer, type FakeMailer } from "../fake-mailer.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Json } from "../scim-client.ts";
import { interceptD1, type Statement } from "./intercept-d1.ts";

let sent: Statement[] = [];
const database = interceptD1(env.DB, ({ statements, send }) => {
  sent.push(...statements);
  return send();
});
const through = callWorker({ DB: database });

let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7(clock, (count) => crypto.getRandomValues(new Uint8Array(count)));
const names = (tenantIds: readonly string[]) => tenantNames(database, tenantIds);

let tenant: MintedTenant;
let people: string[];

beforeAll(async () => {
  tenant = await mintTenant({
    preset: "training",
    settings: {
      invitations: "on-create",
      invitationDelayMinutes: 0,
      notifyEmail: "it@example.com",
      deactivationGuard: { percent: 1, people: 1, windowMinutes: 60 },
    },
  });
  people = [];
  for (let at = 0; at < 8; at++) {
    const value = `p${at}@example.com`;
    const { id } = await tenant.scim.post("/Users", { userName: value, emails: [{ value }] });
    people.push(id);
  }
  await env.DB.prepare("UPDATE users SET created_at = '2020-01-01T00:00:00.000Z'").run();
});

/** What is small: lists that are given, pages that a LIMIT ends, and tables with a row for each job or tenant. */
const SMALL =
  /^SCAN (named|page|home|tenant_states|leases|running|\(|listed)|VIRTUAL TABLE|CONSTANT ROW|moves/;

/** Searched by the tenant alone: everybody of it. */
const OF_A_TENANT = /(users|person|invitations|listed|deactivations|counted) .*\(tenant_key=\?\)$/;

/** The steps of all statements since that walk a whole table, or all of a tenant's rows. */
async function walks(): Promise<string[]> {
  const found: string[] = [];
  for (const { sql, values } of new Map(sent.map((one) => [one.sql, one])).values()) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...values)
      .all<{ detail: string }>();
    for (const { detail } of results) {
      const isWalk = detail.startsWith("SCAN") ? !SMALL.test(detail) : OF_A_TENANT.test(detail);
      if (isWalk) found.push(`${detail}: ${sql}`);
    }
  }
  return found;
}

const sendWith = (mailer: FakeMailer | undefined) =>
  sendInvitations({
    queues: [invitationQueue(database)],
    mailer,
    compose: ({ to }) => ({ to, subject: "", html: "", text: "" }),
    tenantNames: names,
    clock,
    ids,
  });

describe("no statement walks a table", () => {
  it("of those that invite people", async () => {
    sent = [];
    const deactivate = patchOf({ op: "replace", path: "active", value: false });
    await tenant.through(through).patch(`/Users/${people[7]}`, deactivate);
    now = Date.now() + 1000;
    await sendWith(undefined);
    now += 25 * 3_600_000;
    let mail = 0;
    await sendWith(
      fakeMailer(() => {
        mail += 1;
        if (mail % 4 === 0) return { kind: "undeliverable", code: "E_A" };
        if (mail % 4 === 1) return { kind: "failed", code: "E_B" };
        return mail % 4 === 2 ? { kind: "closed", code: "E_C" } : { kind: "accepted" };
      }),
    );
    await admin("GET", `/tenants/${tenant.slug}/invitations?state=queued`, undefined, through);
    const invite = { userIds: people };
    await admin("POST", `/tenants/${tenant.slug}/invitations`, invite, through);
    await admin("POST", `/tenants/${tenant.slug}/invitations/${people[0]}/accept`, {}, through);
    expect(await walks()).toEqual([]);
  });

  it("of those that guard, alert and watch", async () => {
    sent = [];
    const scim = tenant.through(through);
    for (const id of people.slice(0, 4)) await scim.delete(`/Users/${id}`);
    await raiseAlertIn(database, { clock, ids })(tenant.key, {
      kind: "errors",
      subject: "",
      detail: "",
    });
    now = Date.now() + 1000;
    const shared = { clock, ids };
    await watchTenants({ stores: [watchStore(database)], random: () => 0, ...shared });
    await sendAlerts({
      outboxes: [alertOutbox(database)],
      mailer: fakeMailer(),
      compose: ({ notifyEmail }) => ({ to: notifyEmail, subject: "", html: "", text: "" }),
      tenantNames: names,
      ...shared,
    });
    const { body } = await admin("GET", `/tenants/${tenant.slug}/alerts`, undefined, through);
    for (const { id } of body["items"] as Json[]) {
      await admin("POST", `/tenants/${tenant.slug}/alerts/${String(id)}/resolve`, {}, through);
    }
    expect(await walks()).toEqual([]);
  });
});
