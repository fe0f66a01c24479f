import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { raiseAlertIn } from "../../src/storage/notices/raise-alert.ts";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, type Answer, type Json } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const GUARD = { percent: 20, people: 3, windowMinutes: 60 };
const HOUR_MS = 3_600_000;

const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
const deactivate = patchOf({ op: "Replace", path: "active", value: "False" });
const activate = patchOf({ op: "Replace", path: "active", value: "True" });

let made = 0;

/** A tenant with so many people who are two days old. */
async function staffed(
  count: number,
  settings: Json = {},
): Promise<{ tenant: MintedTenant; people: string[] }> {
  const tenant = await mintTenant({
    preset: "training",
    settings: { deactivationGuard: GUARD, ...settings },
  });
  const people: string[] = [];
  for (let at = 0; at < count; at++) people.push(await hire(tenant));
  await age(tenant, 48);
  return { tenant, people };
}

async function hire({ scim }: MintedTenant): Promise<string> {
  const { status, id } = await scim.post("/Users", { userName: `person-${++made}@example.com` });
  expect(status).toBe(201);
  return id;
}

const age = ({ key }: MintedTenant, hours: number) =>
  env.DB.prepare("UPDATE users SET created_at = ? WHERE tenant_key = ?")
    .bind(hoursAgo(hours), key)
    .run();

/** The window as if it had begun so much earlier, and all that it counted. */
async function windowBeganEarlier({ key }: MintedTenant, hours: number): Promise<void> {
  const earlier = "strftime('%Y-%m-%dT%H:%M:%fZ', started_at, ?1)";
  await env.DB.batch([
    env.DB.prepare(
      `UPDATE deactivations SET window_started_at = (SELECT ${earlier} FROM deactivation_windows
        WHERE tenant_key = ?2) WHERE tenant_key = ?2`,
    ).bind(`-${hours} hours`, key),
    env.DB.prepare(
      `UPDATE deactivation_windows SET started_at = ${earlier} WHERE tenant_key = ?2`,
    ).bind(`-${hours} hours`, key),
  ]);
}

const windowOf = ({ key }: MintedTenant) =>
  env.DB.prepare(
    "SELECT people, active_at_start, tripped_at, released FROM deactivation_windows WHERE tenant_key = ?",
  )
    .bind(key)
    .first<{
      people: number;
      active_at_start: number;
      tripped_at: string | null;
      released: number;
    }>();

async function alertsOf({ slug }: MintedTenant): Promise<Json[]> {
  const { body } = await admin("GET", `/tenants/${slug}/alerts`);
  return body["items"] as Json[];
}

async function resolveGuard(tenant: MintedTenant): Promise<void> {
  const [open] = (await alertsOf(tenant)).filter((alert) => alert["resolvedAt"] === null);
  const answer = await admin(
    "POST",
    `/tenants/${tenant.slug}/alerts/${String(open?.["id"])}/resolve`,
  );
  expect(answer.status).toBe(200);
}

function expectStopped(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(answer.headers.get("Retry-After")).toBe("3600");
  expect(answer.headers.get("Content-Type")).toContain("application/scim+json");
  expect(answer.body).toMatchObject({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "503",
    detail: expect.stringMatching(/stopped.*resolve the alert "guard".*deactivationGuard/),
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("deactivations", () => {
  it("go through up to the number of people, whatever their share is", async () => {
    const { tenant, people } = await staffed(5);
    for (const id of people.slice(0, 3)) {
      expect((await tenant.scim.patch(`/Users/${id}`, deactivate)).status).toBe(200);
    }
    expect(await windowOf(tenant)).toEqual({
      people: 3,
      active_at_start: 5,
      tripped_at: null,
      released: 0,
    });
    expect(await alertsOf(tenant)).toEqual([]);
  });

  it("go through up to the share, whatever their number is", async () => {
    const { tenant, people } = await staffed(20);
    for (const id of people.slice(0, 4)) {
      expect((await tenant.scim.patch(`/Users/${id}`, deactivate)).status).toBe(200);
    }
    expectStopped(await tenant.scim.patch(`/Users/${people[4]}`, deactivate));
  });

  it.each<[string, (tenant: MintedTenant, id: string) => Promise<Answer>]>([
    ["PATCH", ({ scim }, id) => scim.patch(`/Users/${id}`, deactivate)],
    [
      "PUT",
      async ({ scim }, id) => {
        const { body } = await scim.get(`/Users/${id}`);
        return scim.put(`/Users/${id}`, { ...body, active: false });
      },
    ],
    ["DELETE", ({ scim }, id) => scim.delete(`/Users/${id}`)],
  ])("beyond both are stopped: %s is 503 and writes nothing of it", async (_verb, leave) => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { tenant, people } = await staffed(6);
    for (const id of people.slice(0, 3)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    const before = await tenantRows(tenant.key);

    expectStopped(await leave(tenant, people[3] ?? ""));
    expectStopped(await leave(tenant, people[4] ?? ""));

    expect(await tenantRows(tenant.key)).toEqual(before);
    expect(await rowsIn("changes", tenant.key)).toEqual(before["changes"]);
    expect(await windowOf(tenant)).toEqual({
      people: 3,
      active_at_start: 6,
      tripped_at: expect.any(String),
      released: 0,
    });
    expect(await alertsOf(tenant)).toEqual([
      {
        id: expect.any(String),
        kind: "guard",
        subject: "",
        raisedAt: expect.any(String),
        resolvedAt: null,
        detail: expect.stringContaining("3 of the 6 who were active"),
      },
    ]);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as Json);
    expect(lines).toEqual([
      {
        event: "deactivations-stopped",
        tenant: tenant.tenantId,
        people: 3,
        activeAtStart: 6,
        startedAt: expect.any(String),
      },
    ]);
  });

  it("are stopped in a POST that adopts somebody and deactivates them", async () => {
    const { tenant, people } = await staffed(4);
    for (const id of people.slice(0, 3)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    const email = `enrolled-${++made}@example.com`;
    const enrolled = await admin("POST", `/tenants/${tenant.slug}/users`, { email });
    expect(enrolled.status).toBe(201);
    await age(tenant, 48);
    const person = { userName: email, emails: [{ value: email, type: "work" }] };
    expectStopped(await tenant.scim.post("/Users", { ...person, active: false }));
    expect((await tenant.scim.post("/Users", person)).id).toBe(enrolled.id);
  });

  it("in Bulk are stopped one by one, and the other operations are done", async () => {
    const { tenant, people } = await staffed(6);
    const [first = "", ...others] = people;
    const answer = await tenant.scim.post("/Bulk", {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
      Operations: [
        ...others.map((id) => ({ method: "PATCH", path: `/Users/${id}`, data: deactivate })),
        {
          method: "PATCH",
          path: `/Users/${first}`,
          data: patchOf({ op: "replace", path: "title", value: "Chief" }),
        },
      ],
    });
    expect(answer.status).toBe(200);
    const operations = answer.body["Operations"] as Json[];
    expect(operations.map(({ status }) => status)).toEqual([
      "200",
      "200",
      "200",
      "503",
      "503",
      "200",
    ]);
    expect(operations[3]?.["response"]).toMatchObject({ status: "503" });
    expect((await tenant.scim.get(`/Users/${others[3]}`)).body["active"]).toBe(true);
  });

  it("at the same time are counted exactly", async () => {
    const { tenant, people } = await staffed(12);
    const answers = await Promise.all(
      people.map((id, at) =>
        at % 2 === 0
          ? tenant.scim.delete(`/Users/${id}`)
          : tenant.scim.patch(`/Users/${id}`, deactivate),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(3);
    expect(statuses.filter((status) => status === 503)).toHaveLength(9);
    expect((await windowOf(tenant))?.people).toBe(3);
    expect(await alertsOf(tenant)).toHaveLength(1);
  });
});

describe("what does not count", () => {
  it("is somebody who was counted already", async () => {
    const { tenant, people } = await staffed(6);
    const [first = "", second, third, fourth] = people;
    for (const id of [first, second, third]) await tenant.scim.patch(`/Users/${id}`, deactivate);
    expectStopped(await tenant.scim.patch(`/Users/${fourth}`, deactivate));
    expect((await tenant.scim.patch(`/Users/${first}`, activate)).status).toBe(200);
    expect((await tenant.scim.patch(`/Users/${first}`, deactivate)).status).toBe(200);
    expect((await tenant.scim.delete(`/Users/${first}`)).status).toBe(204);
    expect((await windowOf(tenant))?.people).toBe(3);
  });

  it("is somebody younger than a day: validators remove whom they made", async () => {
    const { tenant } = await staffed(0);
    for (let at = 0; at < 8; at++) {
      const id = await hire(tenant);
      expect((await tenant.scim.patch(`/Users/${id}`, deactivate)).status).toBe(200);
      expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(204);
    }
    expect(await windowOf(tenant)).toBeNull();
  });

  it("is anything in a tenant without a guard", async () => {
    const { tenant, people } = await staffed(6, { deactivationGuard: null });
    for (const id of people) {
      expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(204);
    }
    expect(await windowOf(tenant)).toBeNull();
  });

  it("costs nothing: neither do other changes of people", async () => {
    const { tenant, people } = await staffed(1);
    const statements: string[] = [];
    const database = interceptD1(env.DB, ({ statements: sent, send }) => {
      statements.push(...sent.map(({ sql }) => sql));
      return send();
    });
    const scim = tenant.through(callWorker({ DB: database }));
    const title = patchOf({ op: "replace", path: "title", value: "Nurse" });
    await scim.patch(`/Users/${people[0]}`, title);
    await scim.delete(`/Users/${await hire(tenant)}`);
    expect(statements.filter((sql) => sql.includes("deactivation"))).toEqual([]);
    await scim.delete(`/Users/${people[0]}`);
    expect(statements.filter((sql) => sql.includes("deactivation"))).toHaveLength(4);
  });
});

describe("a window", () => {
  it("ends after its minutes, and the next one begins with those who are active then", async () => {
    const { tenant, people } = await staffed(8);
    for (const id of people.slice(0, 3)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    await windowBeganEarlier(tenant, 1);
    for (const id of people.slice(3, 6)) {
      expect((await tenant.scim.patch(`/Users/${id}`, deactivate)).status).toBe(200);
    }
    expect(await windowOf(tenant)).toMatchObject({ people: 3, active_at_start: 5 });
    expectStopped(await tenant.scim.patch(`/Users/${people[6]}`, deactivate));
  });

  it("that has tripped does not end by itself", async () => {
    const { tenant, people } = await staffed(8);
    for (const id of people.slice(0, 4)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    await windowBeganEarlier(tenant, 100);
    expectStopped(await tenant.scim.patch(`/Users/${people[4]}`, deactivate));
    expect(await alertsOf(tenant)).toHaveLength(1);
  });

  it("that is released lets everybody go until its minutes are over, and then guards again", async () => {
    const { tenant, people } = await staffed(20);
    for (const id of people.slice(0, 5)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    await resolveGuard(tenant);
    for (const id of people.slice(4, 12)) {
      expect((await tenant.scim.patch(`/Users/${id}`, deactivate)).status).toBe(200);
    }
    expect(await windowOf(tenant)).toMatchObject({ released: 1, tripped_at: null });

    await windowBeganEarlier(tenant, 1);
    for (const id of people.slice(12, 15)) {
      expect((await tenant.scim.delete(`/Users/${id}`)).status).toBe(204);
    }
    expect(await windowOf(tenant)).toMatchObject({ released: 0, people: 3, active_at_start: 8 });
    expectStopped(await tenant.scim.delete(`/Users/${people[15]}`));
    expect(await alertsOf(tenant)).toHaveLength(2);
  });

  it("is not released by an alert of another kind", async () => {
    const { tenant, people } = await staffed(6);
    const raiseAlert = raiseAlertIn(env.DB, {
      clock: Date,
      ids: { next: () => crypto.randomUUID() },
    });
    for (const id of people.slice(0, 4)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    await raiseAlert(tenant.key, { kind: "errors", subject: "", detail: "" });
    const other = (await alertsOf(tenant)).find(({ kind }) => kind === "errors");
    const path = `/tenants/${tenant.slug}/alerts/${String(other?.["id"])}/resolve`;
    expect((await admin("POST", path)).status).toBe(200);
    expectStopped(await tenant.scim.patch(`/Users/${people[3]}`, deactivate));
  });

  it("that is released while a request is being stopped lets that request go", async () => {
    const { tenant, people } = await staffed(8);
    for (const id of people.slice(0, 3)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    let released = false;
    const database = interceptD1(env.DB, async ({ statements, send }) => {
      if (!released && statements.some(({ sql }) => sql.includes("SET tripped_at"))) {
        released = true;
        expectStopped(await tenant.scim.patch(`/Users/${people[3]}`, deactivate));
        await resolveGuard(tenant);
      }
      return send();
    });
    const slow = tenant.through(callWorker({ DB: database }));
    expect((await slow.patch(`/Users/${people[4]}`, deactivate)).status).toBe(200);
    expect(released).toBe(true);
    expect(await alertsOf(tenant)).toHaveLength(1);
  });

  it("gives way to a wider setting at once", async () => {
    const { tenant, people } = await staffed(6);
    for (const id of people.slice(0, 4)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    await tenant.change({ settings: { deactivationGuard: { ...GUARD, people: 5 } } });
    expect((await tenant.scim.patch(`/Users/${people[3]}`, deactivate)).status).toBe(200);
    await tenant.change({ settings: { deactivationGuard: null } });
    expect((await tenant.scim.patch(`/Users/${people[4]}`, deactivate)).status).toBe(200);
  });

  it("is one for each tenant", async () => {
    const one = await staffed(6);
    const other = await staffed(6);
    for (const id of one.people.slice(0, 4)) await one.tenant.scim.delete(`/Users/${id}`);
    expect((await other.tenant.scim.delete(`/Users/${other.people[0]}`)).status).toBe(204);
    expect(await alertsOf(other.tenant)).toEqual([]);
  });
});

describe("a guard whose alert cannot be written", () => {
  it("stops the request all the same, and raises the alert with the next one", async () => {
    const { tenant, people } = await staffed(6);
    for (const id of people.slice(0, 3)) await tenant.scim.patch(`/Users/${id}`, deactivate);
    const database = interceptD1(env.DB, ({ statements, send }) => {
      const isTrip = statements.some(({ sql }) => sql.includes("SET tripped_at"));
      return isTrip ? Promise.reject(new Error("D1 DB is overloaded.")) : send();
    });
    const failing = tenant.through(callWorker({ DB: database }));
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const answer = await failing.delete(`/Users/${people[3]}`);
    expect(answer.status).toBe(503);
    expect((await tenant.scim.get(`/Users/${people[3]}`)).status).toBe(200);
    expect(await alertsOf(tenant)).toEqual([]);
    expectStopped(await tenant.scim.delete(`/Users/${people[3]}`));
    expect(await alertsOf(tenant)).toHaveLength(1);
  });
});
