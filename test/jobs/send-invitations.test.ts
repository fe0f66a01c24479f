import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";

import { sendInvitations, type SendInvitationsDeps } from "../../src/jobs/send-invitations.ts";
import { invitationQueue } from "../../src/storage/notices/invitation-queue.ts";
import { tenantNames } from "../../src/storage/tenancy/tenant-names.ts";
import { StorageUnavailable } from "../../src/tenancy/unavailable.ts";
import { uuidV7 } from "../../src/tenancy/uuid-v7.ts";
import worker from "../../src/worker.ts";
import { workerEnv } from "../call-worker.ts";
import { fakeMailer, type FakeMailer } from "../fake-mailer.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Json } from "../scim-client.ts";
import { interceptD1, type Statement } from "../storage/intercept-d1.ts";
import { rowsIn } from "../tenant-rows.ts";

const MINUTE_MS = 60_000;

/** The job's clock: never behind the Worker's when somebody was made. */
let now = Date.now();
const clock = { now: () => now };
const ids = uuidV7({ now: () => Date.now() }, (count) =>
  crypto.getRandomValues(new Uint8Array(count)),
);

function runWith(
  mailer: FakeMailer | undefined,
  fields: Partial<SendInvitationsDeps> = {},
): Promise<void> {
  return sendInvitations({
    queues: [invitationQueue(env.DB)],
    mailer,
    compose: ({ to, tenantName, userId }) => ({ to, subject: tenantName, html: "", text: userId }),
    tenantNames: (tenantIds) => tenantNames(env.DB, tenantIds),
    clock,
    ids,
    ...fields,
  });
}

let made = 0;
const inviting = (settings: Json = {}) =>
  mintTenant({
    preset: "training",
    settings: { invitations: "on-create", invitationDelayMinutes: 0, ...settings },
  });

async function create({ scim }: MintedTenant): Promise<{ id: string; email: string }> {
  const email = `invitee-${++made}@example.com`;
  const { status, id } = await scim.post("/Users", {
    userName: email,
    emails: [{ value: email, type: "work" }],
  });
  expect(status).toBe(201);
  now = Math.max(now, Date.now());
  return { id, email };
}

async function invitationOf({ slug }: MintedTenant, id: string): Promise<Json | undefined> {
  const { body } = await admin("GET", `/tenants/${slug}/invitations`);
  return (body["items"] as Json[]).find((invitation) => invitation["id"] === id);
}

async function journalOf({ key }: MintedTenant, id: string): Promise<Json[]> {
  const rows = await rowsIn("changes", key);
  return rows
    .filter((row) => row["operation"] === "invite" && row["resource_id"] === id)
    .toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]));
}

const isClaim = ({ sql }: Statement) => sql.includes("named") && sql.includes("RETURNING");

const statesIn = (rows: readonly Json[]) =>
  rows.map((row) => (JSON.parse(String(row["diff"])) as Json[])[0]?.["after"]);

afterEach(async () => {
  await env.DB.prepare("DELETE FROM invitations").run();
  await env.DB.prepare("DELETE FROM leases").run();
  now = Date.now();
});

describe("an invitation that is due", () => {
  it("is mailed once, and marked as sent with a row in the journal", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    const mailer = fakeMailer();
    await runWith(mailer);
    await runWith(mailer);
    expect(mailer.asked).toEqual([{ to: email, subject: tenant.slug, html: "", text: id }]);
    expect(await invitationOf(tenant, id)).toMatchObject({
      state: "sent",
      attempts: 1,
      sentAt: new Date(now).toISOString(),
      lastError: null,
    });
    expect(await journalOf(tenant, id)).toMatchObject([
      {
        actor_kind: "job",
        actor_id: "send-invitations",
        resource_type: "User",
        outcome: "applied",
      },
    ]);
    expect(statesIn(await journalOf(tenant, id))).toEqual(["sent"]);
  });

  it("waits until its delay is over", async () => {
    const tenant = await inviting({ invitationDelayMinutes: 10 });
    const { email } = await create(tenant);
    const mailer = fakeMailer();
    now += 9 * MINUTE_MS;
    await runWith(mailer);
    expect(mailer.asked).toEqual([]);
    now += 2 * MINUTE_MS;
    await runWith(mailer);
    expect(mailer.taken).toEqual([email]);
  });

  it("is sent to the address that the person has by then", async () => {
    const tenant = await inviting();
    const { id } = await create(tenant);
    const moved = `moved-${made}@example.com`;
    const emails = [{ value: moved, type: "work" }];
    await tenant.scim.patch(`/Users/${id}`, patchOf({ op: "replace", value: { emails } }));
    const mailer = fakeMailer();
    await runWith(mailer);
    expect(mailer.taken).toEqual([moved]);
  });

  it("is one of many: several chunks, several tenants, each journal without a gap", async () => {
    const tenants = await Promise.all([inviting(), inviting()]);
    const people = await Promise.all(
      Array.from({ length: 60 }, (_, at) => create(tenants[at % 2] ?? tenants[0])),
    );
    const mailer = fakeMailer();
    await runWith(mailer);
    expect(mailer.taken.toSorted()).toEqual(people.map(({ email }) => email).toSorted());
    for (const { key } of tenants) {
      const seqs = (await rowsIn("changes", key)).map(({ seq }) => Number(seq));
      expect(seqs.toSorted((a, b) => a - b)).toEqual(seqs.map((_, at) => at + 1));
    }
  });
});

describe("a mail that fails", () => {
  it("is tried five times, later each time, and then failed", async () => {
    const tenant = await inviting();
    const { id } = await create(tenant);
    const mailer = fakeMailer(() => ({ kind: "failed", code: "E_DELIVERY_FAILED" }));
    for (const [attempt, minutes] of [5, 30, 120, 720].entries()) {
      await runWith(mailer);
      await runWith(mailer);
      expect(mailer.asked).toHaveLength(attempt + 1);
      expect(await invitationOf(tenant, id)).toMatchObject({
        state: "queued",
        attempts: attempt + 1,
        lastError: "E_DELIVERY_FAILED",
        dueAt: new Date(now + minutes * MINUTE_MS).toISOString(),
      });
      now += minutes * MINUTE_MS;
    }
    await runWith(mailer);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "failed", attempts: 5 });
    now += 10_000 * MINUTE_MS;
    await runWith(mailer);
    expect(mailer.asked).toHaveLength(5);
    const rows = await journalOf(tenant, id);
    expect(statesIn(rows)).toEqual(["failed"]);
    expect(rows[0]?.["reason"]).toBe("E_DELIVERY_FAILED");
  });

  it("is sent when a later attempt succeeds", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    await runWith(fakeMailer(() => ({ kind: "failed", code: "E_DELIVERY_FAILED" })));
    now += 5 * MINUTE_MS;
    const mailer = fakeMailer();
    await runWith(mailer);
    expect(mailer.taken).toEqual([email]);
    expect(await invitationOf(tenant, id)).toMatchObject({
      state: "sent",
      attempts: 2,
      lastError: null,
    });
  });

  it("does not keep the others of its chunk", async () => {
    const tenant = await inviting();
    const bad = await create(tenant);
    const good = await create(tenant);
    await runWith(
      fakeMailer(({ to }) =>
        to === bad.email
          ? { kind: "undeliverable", code: "E_RECIPIENT_SUPPRESSED" }
          : { kind: "accepted" },
      ),
    );
    expect(await invitationOf(tenant, bad.id)).toMatchObject({
      state: "failed",
      attempts: 1,
      lastError: "E_RECIPIENT_SUPPRESSED",
    });
    expect(await invitationOf(tenant, good.id)).toMatchObject({ state: "sent" });
  });

  it("for want of a quota ends the run, and costs no attempt", async () => {
    const tenant = await inviting();
    const people = await Promise.all(Array.from({ length: 30 }, () => create(tenant)));
    const mailer = fakeMailer(() => ({ kind: "closed", code: "E_DAILY_LIMIT_EXCEEDED" }));
    await runWith(mailer);
    expect(mailer.asked).toHaveLength(25);
    for (const { id } of people) {
      expect(await invitationOf(tenant, id)).toMatchObject({ state: "queued", attempts: 0 });
    }
    now += 60 * MINUTE_MS;
    const open = fakeMailer();
    await runWith(open);
    expect(open.taken).toHaveLength(30);
  });

  it("may be resent by hand after it failed for good", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    await runWith(fakeMailer(() => ({ kind: "undeliverable", code: "E_RECIPIENT_SUPPRESSED" })));
    await admin("POST", `/tenants/${tenant.slug}/invitations/${id}/resend`);
    now = Math.max(now, Date.now());
    const mailer = fakeMailer();
    await runWith(mailer);
    expect(mailer.taken).toEqual([email]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "sent", attempts: 1 });
  });
});

describe("two runs at the same time", () => {
  it("never send one invitation twice", async () => {
    const tenant = await inviting();
    const people = await Promise.all(Array.from({ length: 40 }, () => create(tenant)));
    const mailer = fakeMailer();
    await Promise.all([runWith(mailer), runWith(mailer), runWith(mailer)]);
    expect(mailer.taken.toSorted()).toEqual(people.map(({ email }) => email).toSorted());
  });

  it("do not either when the lease of the first has run out while it sends", async () => {
    const tenant = await inviting();
    await Promise.all(Array.from({ length: 5 }, () => create(tenant)));
    const second = fakeMailer();
    let runs = 0;
    const first = fakeMailer(async () => {
      if (runs++ === 0) {
        await env.DB.prepare("UPDATE leases SET expires_at = ''").run();
        await runWith(second);
      }
      return { kind: "accepted" };
    });
    await runWith(first);
    expect(first.taken).toHaveLength(5);
    expect(second.asked).toEqual([]);
  });

  it("do not either when the second has read the queue before the first claimed it", async () => {
    const tenant = await inviting();
    await Promise.all(Array.from({ length: 5 }, () => create(tenant)));
    const other = fakeMailer();
    let intruded = false;
    const database = interceptD1(env.DB, async ({ statements, send }) => {
      if (!intruded && statements.some(isClaim)) {
        intruded = true;
        await env.DB.prepare("UPDATE leases SET expires_at = ''").run();
        await runWith(other);
      }
      return send();
    });
    const mailer = fakeMailer();
    await runWith(mailer, { queues: [invitationQueue(database)] });
    expect(other.taken).toHaveLength(5);
    expect(mailer.asked).toEqual([]);
  });
});

describe("a run that dies", () => {
  it("between the mail and its note leaves a claim that comes due again", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    const database = interceptD1(env.DB, ({ statements, send }) =>
      statements.some(({ sql }) => sql.includes("state = 'sent'"))
        ? Promise.reject(new Error("D1 DB is overloaded."))
        : send(),
    );
    const mailer = fakeMailer();
    await expect(runWith(mailer, { queues: [invitationQueue(database)] })).rejects.toThrow(
      StorageUnavailable,
    );
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "queued", attempts: 1 });
    await runWith(mailer);
    expect(mailer.taken).toEqual([email]);
    now += 5 * MINUTE_MS;
    await runWith(mailer);
    expect(mailer.taken).toEqual([email, email]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "sent", attempts: 2 });
  });
});

describe("an invitation that somebody moves while it is being sent", () => {
  it.each([
    ["accept", "accepted"],
    ["cancel", "cancelled"],
  ])("stays as they say: %s", async (action, state) => {
    const tenant = await inviting();
    const { id } = await create(tenant);
    await runWith(
      fakeMailer(async () => {
        await admin("POST", `/tenants/${tenant.slug}/invitations/${id}/${action}`);
        return { kind: "accepted" };
      }),
    );
    expect(await invitationOf(tenant, id)).toMatchObject({ state });
    expect(statesIn(await journalOf(tenant, id))).toEqual([state]);
  });
});

describe("an invitation that somebody resends", () => {
  const resend = (tenant: MintedTenant, id: string) =>
    admin("POST", `/tenants/${tenant.slug}/invitations/${id}/resend`);

  it("while it is being sent is sent once more", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    const mailer = fakeMailer(async () => {
      if (mailer.asked.length === 1) await resend(tenant, id);
      now = Math.max(now, Date.now());
      return { kind: "accepted" };
    });
    await runWith(mailer);
    expect(mailer.taken).toEqual([email, email]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "sent", attempts: 1 });
  });

  it("just before it is claimed is sent once", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    await runWith(fakeMailer(() => ({ kind: "failed", code: "E_DELIVERY_FAILED" })));
    now += 5 * MINUTE_MS;
    let resent = false;
    const database = interceptD1(env.DB, async ({ statements, send }) => {
      if (!resent && statements.some(isClaim)) {
        resent = true;
        await resend(tenant, id);
      }
      return send();
    });
    const mailer = fakeMailer();
    await runWith(mailer, { queues: [invitationQueue(database)] });
    now += 1000 * MINUTE_MS;
    await runWith(mailer);
    expect(mailer.taken).toEqual([email]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "sent", attempts: 1 });
  });
});

describe("somebody who is not to be invited any more", () => {
  it("is cancelled, with a row in the journal", async () => {
    const tenant = await inviting();
    const [inactive, gone, switchedOff] = [
      await create(tenant),
      await create(tenant),
      await create(tenant),
    ];
    await tenant.change({ settings: { invitations: "off" } });
    await tenant.scim.patch(
      `/Users/${inactive.id}`,
      patchOf({ op: "replace", path: "active", value: false }),
    );
    await tenant.scim.delete(`/Users/${gone.id}`);
    expect(await invitationOf(tenant, inactive.id)).toMatchObject({ state: "queued" });
    await tenant.change({ settings: { invitations: "manual" } });
    const mailer = fakeMailer();
    await runWith(mailer);
    expect(mailer.taken).toEqual([switchedOff.email]);
    for (const { id } of [inactive, gone]) {
      expect(await invitationOf(tenant, id)).toMatchObject({ state: "cancelled", attempts: 0 });
      expect(statesIn(await journalOf(tenant, id))).toEqual(["cancelled"]);
    }
  });

  it("is everybody where invitations are switched off by then", async () => {
    const tenant = await inviting();
    const { id } = await create(tenant);
    await tenant.change({ settings: { invitations: "off" } });
    const mailer = fakeMailer();
    await runWith(mailer);
    expect(mailer.asked).toEqual([]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "cancelled" });
  });
});

describe("a tenant that is not active", () => {
  it.each(["paused", "suspended"])("is left alone: %s", async (status) => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    await tenant.change({ status });
    const before = await rowsIn("changes", tenant.key);
    const mailer = fakeMailer();
    await runWith(mailer);
    await runWith(undefined);
    expect(mailer.asked).toEqual([]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "queued", attempts: 0 });
    expect(await rowsIn("changes", tenant.key)).toEqual(before);
    await tenant.change({ status: "active" });
    await runWith(mailer);
    expect(mailer.taken).toEqual([email]);
  });

  const beginMoving = ({ key }: MintedTenant) =>
    env.DB.prepare("UPDATE tenant_states SET moving_to = 'DB_1' WHERE tenant_key = ?")
      .bind(key)
      .run();
  const rowsOf = async ({ key }: MintedTenant) => ({
    invitations: (
      await env.DB.prepare("SELECT * FROM invitations WHERE tenant_key = ?").bind(key).all<Json>()
    ).results,
    changes: await rowsIn("changes", key),
  });

  it("writes nothing any more when its move begins while mails are sent", async () => {
    const tenant = await inviting();
    await create(tenant);
    let atMove: unknown;
    const mailer = fakeMailer(async () => {
      await beginMoving(tenant);
      atMove = await rowsOf(tenant);
      return { kind: "accepted" };
    });
    await runWith(mailer);
    expect(mailer.taken).toHaveLength(1);
    expect(await rowsOf(tenant)).toEqual(atMove);
  });

  it("is not mailed to when its move begins before the claim", async () => {
    const tenant = await inviting();
    await create(tenant);
    const before = await rowsOf(tenant);
    const database = interceptD1(env.DB, async ({ statements, send }) => {
      if (statements.some(isClaim)) await beginMoving(tenant);
      return send();
    });
    const mailer = fakeMailer();
    await runWith(mailer, { queues: [invitationQueue(database)] });
    expect(mailer.asked).toEqual([]);
    expect(await rowsOf(tenant)).toEqual(before);
  });

  it("is left alone while it moves to another database", async () => {
    const tenant = await inviting();
    await create(tenant);
    await beginMoving(tenant);
    const mailer = fakeMailer();
    await runWith(mailer);
    await runWith(undefined);
    expect(mailer.asked).toEqual([]);
    expect((await rowsIn("changes", tenant.key)).map(({ operation }) => operation)).not.toContain(
      "invite",
    );
  });
});

describe("the Worker's cron", () => {
  it("mails through the binding EMAIL, from MAIL_FROM, with the operator's link", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    const sent: unknown[] = [];
    const EMAIL = {
      async send(message: unknown) {
        sent.push(message);
        return { messageId: "1" };
      },
    };
    await worker.scheduled(
      createScheduledController(),
      workerEnv({
        EMAIL,
        MAIL_FROM: "noreply@example.com",
        INVITATION_URL: "https://app.example.com/join/{id}",
      }),
    );
    expect(sent).toEqual([
      {
        to: email,
        from: "noreply@example.com",
        subject: `You are invited to ${tenant.slug}`,
        html: expect.stringContaining(`href="https://app.example.com/join/${id}"`),
        text: expect.stringContaining(`https://app.example.com/join/${id}`),
      },
    ]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "sent" });
  });
});

describe("without a mailer", () => {
  it("an invitation stays queued, and the journal tells the product once that its time has come", async () => {
    const tenant = await inviting();
    const { id } = await create(tenant);
    for (let run = 0; run < 4; run++) {
      await runWith(undefined);
      now += 23 * 60 * MINUTE_MS;
    }
    expect(await invitationOf(tenant, id)).toMatchObject({
      state: "queued",
      attempts: 0,
      sentAt: null,
      lastError: expect.stringContaining("No mail is set up"),
    });
    expect(statesIn(await journalOf(tenant, id))).toEqual(["due"]);
    const accepted = await admin("POST", `/tenants/${tenant.slug}/invitations/${id}/accept`);
    expect(accepted.body).toMatchObject({ state: "accepted" });
  });

  it("is mailed within a day after mail is set up", async () => {
    const tenant = await inviting();
    const { id, email } = await create(tenant);
    await runWith(undefined);
    now += 24 * 60 * MINUTE_MS;
    const mailer = fakeMailer();
    await runWith(mailer);
    expect(mailer.taken).toEqual([email]);
    expect(await invitationOf(tenant, id)).toMatchObject({ state: "sent", lastError: null });
  });
});
