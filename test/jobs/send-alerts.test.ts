import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";

import { sendAlerts } from "../../src/jobs/send-alerts.ts";
import { alertOutbox } from "../../src/storage/notices/alert-outbox.ts";
import { raiseAlertIn } from "../../src/storage/notices/raise-alert.ts";
import { tenantNames } from "../../src/storage/tenancy/tenant-names.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import { fakeMailer, type FakeMailer } from "../fake-mailer.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import type { Json } from "../scim-client.ts";

let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7({ now: () => Date.now() }, (count) =>
  crypto.getRandomValues(new Uint8Array(count)),
);
const raise = (tenant: MintedTenant, subject = "") =>
  raiseAlertIn(env.DB, { clock, ids })(tenant.key, { kind: "silence", subject, detail: "Quiet." });

const send = (mailer: FakeMailer | undefined) =>
  sendAlerts({
    outboxes: [alertOutbox(env.DB)],
    mailer,
    compose: ({ notifyEmail, tenantName, kind, detail }) => ({
      to: notifyEmail,
      subject: tenantName,
      html: kind,
      text: detail,
    }),
    tenantNames: (tenantIds) => tenantNames(env.DB, tenantIds),
    clock,
    ids,
  });

const notified = (notifyEmail: string | null = "it@example.com") =>
  mintTenant({ settings: { notifyEmail } });

beforeEach(async () => {
  now = Date.now();
  await env.DB.prepare("DELETE FROM alerts").run();
});

describe("an alert", () => {
  it("is mailed once, to the address that the tenant names", async () => {
    const tenant = await notified();
    await raise(tenant);
    const mailer = fakeMailer();
    await send(mailer);
    await send(mailer);
    expect(mailer.asked).toEqual([
      { to: "it@example.com", subject: tenant.slug, html: "silence", text: "Quiet." },
    ]);
  });

  it("is mailed once by two runs at the same time", async () => {
    await raise(await notified());
    const mailer = fakeMailer();
    await Promise.all([send(mailer), send(mailer)]);
    expect(mailer.taken).toHaveLength(1);
  });

  it("is mailed to nobody where nobody is named", async () => {
    await raise(await notified(null));
    await raise(await mintTenant());
    const mailer = fakeMailer();
    await send(mailer);
    expect(mailer.asked).toEqual([]);
  });

  it("is tried again for a day when the sender does not take it", async () => {
    await raise(await notified());
    const failing = fakeMailer(() => ({ kind: "failed", code: "E_DELIVERY_FAILED" }));
    await send(failing);
    await send(failing);
    expect(failing.asked).toHaveLength(2);
    now += 23 * 3_600_000;
    const mailer = fakeMailer();
    await send(mailer);
    expect(mailer.taken).toEqual(["it@example.com"]);
  });

  it("is no news after a day", async () => {
    await raise(await notified());
    now += 25 * 3_600_000;
    const mailer = fakeMailer();
    await send(mailer);
    expect(mailer.asked).toEqual([]);
  });

  it("is not tried again where the address takes no mail", async () => {
    await raise(await notified());
    const mailer = fakeMailer(() => ({ kind: "undeliverable", code: "E_RECIPIENT_SUPPRESSED" }));
    await send(mailer);
    await send(mailer);
    expect(mailer.asked).toHaveLength(1);
  });

  it("does not keep others that fail", async () => {
    const tenant = await notified();
    await raise(tenant, "bad");
    await raise(tenant, "good");
    let asked = 0;
    const mailer = fakeMailer(() =>
      asked++ === 0 ? { kind: "failed", code: "E_UNKNOWN" } : { kind: "accepted" },
    );
    await send(mailer);
    await send(mailer);
    expect(mailer.asked).toHaveLength(3);
    expect(mailer.taken).toHaveLength(2);
  });

  it("is not mailed any more when it is resolved, or the tenant is suspended", async () => {
    const [resolved, suspended] = [await notified(), await notified()];
    await raise(resolved);
    await raise(suspended);
    const { body } = await admin("GET", `/tenants/${resolved.slug}/alerts`);
    const [alert] = body["items"] as Json[];
    await admin("POST", `/tenants/${resolved.slug}/alerts/${String(alert?.["id"])}/resolve`);
    await suspended.change({ status: "suspended" });
    const mailer = fakeMailer();
    await send(mailer);
    expect(mailer.asked).toEqual([]);
  });

  it("waits where no mail is set up", async () => {
    await raise(await notified());
    await send(undefined);
    const mailer = fakeMailer();
    await send(mailer);
    expect(mailer.taken).toHaveLength(1);
  });
});
