import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Json } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { rowsIn } from "../tenant-rows.ts";

const deactivate = patchOf({ op: "replace", path: "active", value: false });

let made = 0;
const person = (fields: Json = {}): Json => {
  const email = `invitee-${++made}@example.com`;
  return { userName: email, emails: [{ value: email, type: "work" }], ...fields };
};

const inviting = (invitations = "on-create", settings: Json = {}) =>
  mintTenant({ preset: "training", settings: { invitations, ...settings } });

async function create({ scim }: MintedTenant, fields: Json = {}): Promise<string> {
  const { status, id } = await scim.post("/Users", person(fields));
  expect(status).toBe(201);
  return id;
}

async function list({ slug }: MintedTenant, query = "") {
  const { status, body } = await admin("GET", `/tenants/${slug}/invitations${query}`);
  expect(status).toBe(200);
  return { items: body["items"] as Json[], nextCursor: body["nextCursor"] as string | null };
}

const statesOf = async (tenant: MintedTenant): Promise<Record<string, unknown>> =>
  Object.fromEntries((await list(tenant)).items.map(({ id, state }) => [String(id), state]));

const invite = ({ slug }: MintedTenant, userIds: readonly string[]) =>
  admin("POST", `/tenants/${slug}/invitations`, { userIds });

const act = ({ slug }: MintedTenant, id: string, action: string) =>
  admin("POST", `/tenants/${slug}/invitations/${id}/${action}`);

/** As the job leaves it. */
const setState = ({ key }: MintedTenant, id: string, state: string) =>
  env.DB.prepare(
    `UPDATE invitations SET state = ?, attempts = 3, last_error = 'E_UNKNOWN', sent_at = '2026-01-01T00:00:00.000Z'
      WHERE tenant_key = ? AND user_id = ?`,
  )
    .bind(state, key, id)
    .run();

const invitesOf = async ({ key }: MintedTenant): Promise<Json[]> =>
  (await rowsIn("changes", key)).filter(({ operation }) => operation === "invite");

describe("somebody whom provisioning creates", () => {
  it("is queued, to be sent when the delay is over", async () => {
    const tenant = await inviting("on-create", { invitationDelayMinutes: 30 });
    const start = Date.now();
    const id = await create(tenant);
    const { items } = await list(tenant);
    expect(items).toEqual([
      {
        id,
        userId: id,
        email: `invitee-${made}@example.com`,
        state: "queued",
        dueAt: expect.any(String),
        sentAt: null,
        attempts: 0,
        lastError: null,
      },
    ]);
    const delay = Date.parse(String(items[0]?.["dueAt"])) - start;
    expect(delay).toBeGreaterThanOrEqual(30 * 60_000 - 1000);
    expect(delay).toBeLessThan(31 * 60_000);
  });

  it.each([
    ["where people are invited by hand", "manual", {}],
    ["where nobody is", "off", {}],
    ["inactive", "on-create", { active: false }],
    ["without an address", "on-create", { emails: [], userName: "no-address" }],
  ])("is not queued %s", async (_what, setting, fields) => {
    const tenant = await inviting(setting);
    await create(tenant, fields);
    expect((await list(tenant)).items).toEqual([]);
  });

  it("costs two rows written more than somebody who is not invited, and no round trip", async () => {
    const cost = async (setting: string) => {
      const tenant = await inviting(setting);
      let [trips, written] = [0, 0];
      const database = interceptD1(env.DB, async ({ send }) => {
        const results = await send();
        trips += 1;
        for (const { meta } of results) written += meta.rows_written;
        return results;
      });
      const scim = tenant.through(callWorker({ DB: database }));
      await scim.get("/Users?count=1");
      [trips, written] = [0, 0];
      expect((await scim.post("/Users", person())).status).toBe(201);
      return { trips, written };
    };
    const without = await cost("off");
    expect(await cost("on-create")).toEqual({ trips: without.trips, written: without.written + 2 });
  });
});

describe("somebody who was here before", () => {
  it("is not invited when they are enrolled by hand, adopted or reactivated", async () => {
    const tenant = await inviting();
    const { userName, emails } = person();
    const enrolled = await admin("POST", `/tenants/${tenant.slug}/users`, { email: userName });
    expect((await tenant.scim.post("/Users", { userName, emails })).id).toBe(enrolled.id);
    expect((await list(tenant)).items).toEqual([]);

    const again = person();
    const { id } = await tenant.scim.post("/Users", { ...again, active: false });
    expect((await tenant.scim.post("/Users", again)).id).toBe(id);
    expect((await list(tenant)).items).toEqual([]);
  });
});

describe("somebody who leaves before they are invited", () => {
  it.each<[string, Json, (tenant: MintedTenant, id: string) => Promise<unknown>]>([
    ["is deactivated", {}, ({ scim }, id) => scim.patch(`/Users/${id}`, deactivate)],
    ["is deleted", {}, ({ scim }, id) => scim.delete(`/Users/${id}`)],
  ])("is not invited any more: one who %s", async (_how, settings, leave) => {
    const tenant = await inviting("on-create", settings);
    const id = await create(tenant);
    await leave(tenant, id);
    expect(await statesOf(tenant)).toEqual({ [id]: "cancelled" });
    expect((await list(tenant)).items[0]?.["email"]).toBe(`invitee-${made}@example.com`);
  });

  it("is forgotten when they are erased", async () => {
    const tenant = await inviting("on-create", { onDelete: "erase" });
    const id = await create(tenant);
    await setState(tenant, id, "sent");
    await tenant.scim.delete(`/Users/${id}`);
    expect(await statesOf(tenant)).toEqual({});
  });

  it("keeps an invitation that was sent or accepted", async () => {
    const tenant = await inviting();
    const [sent, accepted] = [await create(tenant), await create(tenant)];
    await setState(tenant, sent, "sent");
    await act(tenant, accepted, "accept");
    await tenant.scim.patch(`/Users/${sent}`, deactivate);
    await tenant.scim.delete(`/Users/${accepted}`);
    expect(await statesOf(tenant)).toEqual({ [sent]: "sent", [accepted]: "accepted" });
  });

  it("costs nothing where nobody is invited", async () => {
    const tenant = await inviting("off");
    const id = await create(tenant);
    const statements: string[] = [];
    const database = interceptD1(env.DB, ({ statements: sent, send }) => {
      statements.push(...sent.map(({ sql }) => sql));
      return send();
    });
    const scim = tenant.through(callWorker({ DB: database }));
    await scim.patch(`/Users/${id}`, deactivate);
    await scim.delete(`/Users/${id}`);
    expect(statements.filter((sql) => sql.includes("invitations"))).toEqual([]);
  });
});

describe("POST /invitations", () => {
  it("queues people at once, and names those who cannot be", async () => {
    const tenant = await inviting("manual");
    const [ana, bo, inactive, nameless] = [
      await create(tenant),
      await create(tenant),
      await create(tenant, { active: false }),
      await create(tenant, { emails: [], userName: `no-address-${made}` }),
    ];
    const stranger = crypto.randomUUID();
    const answer = await invite(tenant, [ana, bo, ana, inactive, nameless, stranger]);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      queued: 2,
      skipped: [
        { userId: inactive, reason: "inactive" },
        { userId: nameless, reason: "no-email" },
        { userId: stranger, reason: "unknown" },
      ],
    });
    const { items } = await list(tenant);
    expect(items.map(({ id, state }) => [id, state]).sort()).toEqual(
      [
        [ana, "queued"],
        [bo, "queued"],
      ].sort(),
    );
    expect(Date.parse(String(items[0]?.["dueAt"]))).toBeLessThanOrEqual(Date.now());
    const [row, ...others] = await invitesOf(tenant);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ actor_kind: "admin", resource_type: "User", resource_id: null });
    expect(JSON.parse(String(row?.["diff"]))).toEqual([
      { attribute: "invitations", after: { state: "queued", ids: [ana, bo] } },
    ]);
  });

  it("queues failed and cancelled ones anew, but nobody twice", async () => {
    const tenant = await inviting("manual");
    const states = ["queued", "sent", "failed", "cancelled", "accepted"];
    const ids = await Promise.all(states.map(() => create(tenant)));
    await invite(tenant, ids);
    for (const [at, id] of ids.entries()) await setState(tenant, id, states[at] ?? "");
    const answer = await invite(tenant, ids);
    expect(answer.body).toEqual({
      queued: 2,
      skipped: [
        { userId: ids[0], reason: "already-queued" },
        { userId: ids[1], reason: "already-sent" },
        { userId: ids[4], reason: "accepted" },
      ],
    });
    const failed = (await list(tenant)).items.find(({ id }) => id === ids[2]);
    expect(failed).toMatchObject({ state: "queued", attempts: 0, lastError: null });
  });

  it("writes nothing when nobody can be queued", async () => {
    const tenant = await inviting("manual");
    const answer = await invite(tenant, [crypto.randomUUID()]);
    expect(answer.body).toMatchObject({ queued: 0 });
    expect(await invitesOf(tenant)).toEqual([]);
  });

  it("invites people enrolled by hand", async () => {
    const tenant = await inviting("manual");
    const { id } = await admin("POST", `/tenants/${tenant.slug}/users`, {
      email: `by-hand-${++made}@example.com`,
    });
    expect((await invite(tenant, [id])).body).toEqual({ queued: 1, skipped: [] });
    expect((await invitesOf(tenant))[0]).toMatchObject({ resource_id: id });
  });

  it("queues each person once, whoever else invites them at the same time", async () => {
    const tenant = await inviting("manual");
    const ids = await Promise.all(Array.from({ length: 8 }, () => create(tenant)));
    const answers = await Promise.all([
      invite(tenant, ids),
      invite(tenant, ids.slice(2)),
      invite(tenant, ids.slice(0, 5)),
    ]);
    const queued = answers.map(({ body }) => Number(body["queued"]));
    expect(queued.reduce((a, b) => a + b)).toBe(8);
    expect(await invitesOf(tenant)).toHaveLength(queued.filter((count) => count > 0).length);
  });

  it("takes 10,000 people in four round trips", async () => {
    const tenant = await inviting("manual");
    const known = await Promise.all(Array.from({ length: 20 }, () => create(tenant)));
    const strangers = Array.from({ length: 9_980 }, () => crypto.randomUUID());
    let trips = 0;
    const database = interceptD1(env.DB, ({ send }) => {
      trips += 1;
      return send();
    });
    const answer = await admin(
      "POST",
      `/tenants/${tenant.slug}/invitations`,
      { userIds: [...strangers, ...known] },
      callWorker({ DB: database }),
    );
    expect(answer.body["queued"]).toBe(20);
    expect(answer.body["skipped"]).toHaveLength(9_980);
    expect(trips).toBeLessThanOrEqual(4);
    const [row] = await invitesOf(tenant);
    expect(JSON.parse(String(row?.["diff"]))).toEqual([
      { attribute: "invitations", after: { state: "queued", count: 20 } },
    ]);
  });

  it.each([
    ["nobody", { userIds: [] }],
    ["more than 10,000", { userIds: Array.from({ length: 10_001 }, (_, at) => String(at)) }],
    ["no list", {}],
    ["something else too", { userIds: ["a"], all: true }],
  ])("is 422 for %s", async (_what, body) => {
    const { slug } = await inviting("manual");
    expect((await admin("POST", `/tenants/${slug}/invitations`, body)).status).toBe(422);
  });

  it("is 409 where invitations are switched off, and 404 for no tenant", async () => {
    const tenant = await inviting("off");
    const answer = await invite(tenant, [await create(tenant)]);
    expect(answer.status).toBe(409);
    expect(String(answer.body["detail"])).toContain("invitations");
    expect((await admin("POST", "/tenants/nobody/invitations", { userIds: ["a"] })).status).toBe(
      404,
    );
  });
});

describe("GET /invitations", () => {
  it("shows those of a state, page by page", async () => {
    const tenant = await inviting();
    const ids = await Promise.all(Array.from({ length: 7 }, () => create(tenant)));
    for (const id of ids.slice(0, 3)) await setState(tenant, id, "sent");
    const seen: unknown[] = [];
    let cursor: string | null = "";
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(
        tenant,
        `?state=queued&limit=3${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(ids.slice(3).toSorted());
    expect((await list(tenant, "?state=failed")).items).toEqual([]);
    const { slug } = tenant;
    expect((await admin("GET", `/tenants/${slug}/invitations?state=lost`)).status).toBe(422);
  });

  it("goes on behind 10,000 that have another state", async () => {
    const tenant = await inviting();
    const id = await create(tenant);
    await env.DB.prepare(
      `INSERT INTO invitations (tenant_key, user_id, state, created_at, due_at)
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
        SELECT ?, printf('00000000-%06d', n), 'sent', '2026-01-01', '2026-01-01' FROM numbers`,
    )
      .bind(tenant.key)
      .run();
    const first = await list(tenant, "?state=queued");
    expect(first.items).toEqual([]);
    expect(first.nextCursor).not.toBeNull();
    const second = await list(tenant, `?state=queued&cursor=${String(first.nextCursor)}`);
    expect(second.items).toMatchObject([{ id }]);
    expect(second.nextCursor).toBeNull();
  });

  it("shows those of its tenant only", async () => {
    const [one, other] = [await inviting(), await inviting()];
    const id = await create(one);
    expect((await list(other)).items).toEqual([]);
    expect((await act(other, id, "accept")).status).toBe(404);
    expect(await statesOf(one)).toEqual({ [id]: "queued" });
  });
});

describe("an invitation", () => {
  it("that was sent is sent again by resend, with all its attempts", async () => {
    const tenant = await inviting();
    const id = await create(tenant);
    await setState(tenant, id, "sent");
    const answer = await act(tenant, id, "resend");
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, state: "queued", attempts: 0, lastError: null });
    expect(answer.body).toEqual((await list(tenant)).items[0]);
    expect(Date.parse(String(answer.body["dueAt"]))).toBeLessThanOrEqual(Date.now());
    expect(await invitesOf(tenant)).toMatchObject([{ resource_id: id, actor_kind: "admin" }]);
  });

  it("is accepted once, and then for ever", async () => {
    const tenant = await inviting();
    const id = await create(tenant);
    const accepted = await act(tenant, id, "accept");
    expect(accepted.body).toMatchObject({ state: "accepted" });
    expect((await act(tenant, id, "accept")).body).toEqual(accepted.body);
    expect(await invitesOf(tenant)).toHaveLength(1);
    expect((await act(tenant, id, "resend")).status).toBe(409);
    expect((await act(tenant, id, "cancel")).status).toBe(409);
    expect((await invite(tenant, [id])).body).toEqual({
      queued: 0,
      skipped: [{ userId: id, reason: "accepted" }],
    });
  });

  it("is cancelled while it waits", async () => {
    const tenant = await inviting();
    const id = await create(tenant);
    expect((await act(tenant, id, "cancel")).body).toMatchObject({ state: "cancelled" });
    expect((await act(tenant, id, "cancel")).status).toBe(200);
    expect(await invitesOf(tenant)).toHaveLength(1);
    await setState(tenant, id, "sent");
    const refused = await act(tenant, id, "cancel");
    expect(refused.status).toBe(409);
    expect(refused.headers.get("Content-Type")).toBe("application/problem+json");
  });

  it("is accepted and cancelled also when the tenant has switched invitations off", async () => {
    const tenant = await inviting();
    const [one, other] = [await create(tenant), await create(tenant)];
    await tenant.change({ settings: { invitations: "off" } });
    expect((await act(tenant, one, "resend")).status).toBe(409);
    expect((await act(tenant, one, "accept")).status).toBe(200);
    expect((await act(tenant, other, "cancel")).status).toBe(200);
  });

  it("is not resent to somebody inactive, or gone", async () => {
    const tenant = await inviting();
    const [inactive, gone] = [await create(tenant), await create(tenant)];
    await tenant.scim.patch(`/Users/${inactive}`, deactivate);
    await tenant.scim.delete(`/Users/${gone}`);
    for (const id of [inactive, gone]) {
      expect((await act(tenant, id, "resend")).status).toBe(409);
      expect((await act(tenant, id, "accept")).status).toBe(200);
    }
  });

  it("that is not there is 404", async () => {
    const tenant = await inviting("manual");
    const id = await create(tenant);
    for (const action of ["resend", "accept", "cancel"]) {
      expect((await act(tenant, id, action)).status).toBe(404);
    }
  });
});
