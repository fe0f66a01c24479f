import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mintToken } from "../../src/tenancy/token.ts";
import worker from "../../src/worker.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import { captureLog, type CapturedLog } from "../captured-log.ts";
import { admin, mintTenant, ORIGIN, SCIM_BASE, type MintedTenant } from "../mint-tenant.ts";
import {
  ENTERPRISE,
  filterOf,
  patchOf,
  readAnswer,
  type Answer,
  type Json,
} from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

/** What every line of an event may hold. A new field is a decision: nothing personal, no secret, nothing that was sent. */
const ERROR = ["event", "requestId", "method", "operation", "error", "cause", "stack"];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  request: [
    ["event", "requestId", "method", "status", "app", "route", "operation", "scimType"],
    ["refusal", "tenant", "token", "principal", "d1Calls", "ms"],
  ].flat(),
  error: ERROR,
  "storage-unavailable": ERROR,
  unavailable: ERROR,
  misconfigured: ["event", "problem"],
  cron: ["event", "failed", "d1Calls", "ms", "jobs"],
  "job-failed": ["event", "job", "error", "cause", "stack"],
  "deactivations-stopped": ["event", "tenant", "people", "activeAtStart", "startedAt"],
  "tenant-deleted": ["event", "requestId", "tenant"],
};

/** In every name, address, secret and value that the story sends. */
const MARK = "canary";
const EMAIL = "canary.ana@canary.example";
const PERSON: Json = {
  userName: EMAIL,
  externalId: "canary-1",
  displayName: "Canary Ana",
  password: "canary-password",
  name: { givenName: "Canarya", familyName: "O'Canary" },
  emails: [{ value: EMAIL, type: "work", primary: true }],
  phoneNumbers: [{ value: "+49 30 canary" }],
  [ENTERPRISE]: { department: "Canary Department" },
};
/** Well-formed, and nobody's. */
const UNKNOWN_TOKEN = mintToken(crypto.getRandomValues(new Uint8Array(32)));
const ADDRESS = "198.51.100.77";

/** D1 fails, or answers nonsense, with a text that holds what was sent and a line that looks like a place in the code. */
const failing = (text: string) =>
  interceptD1(env.DB, () => Promise.reject(new Error(`${text} '${EMAIL}'\n    at ${EMAIL}`)));
const broken = interceptD1(env.DB, async ({ send }) =>
  (await send()).map((result) => ({ ...result, results: [{ id: EMAIL, resource: "{canary" }] })),
);
const mailing = (send: () => Promise<never>) =>
  workerEnv({
    EMAIL: { send } as unknown as SendEmail,
    MAIL_FROM: "canary@sender.example",
    INVITATION_URL: "https://canary.example/join/{id}",
  });

let log: CapturedLog;
let tenant: MintedTenant;
const answers: Answer[] = [];
/** All that was given out in the story, or is known to the deployment. */
const secrets: string[] = [
  UNKNOWN_TOKEN,
  "admin-key-of-the-test-suite-0123456789abcdef",
  "pepper-of-the-test-suite-0123456789abcdef",
  "signing-key-of-the-test-suite-0123456789abcdef",
];

const direct = callWorker();
const marked = {
  "User-Agent": "canary",
  "X-Request-Id": "canary",
  "CF-Connecting-IP": ADDRESS,
  Cookie: "session=canary",
  "X-Canary": "canary",
};

async function keep(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  answers.push(answer);
  return answer;
}
const ask = (path: string, init: RequestInit = {}) =>
  direct(new Request(`${ORIGIN}${path}`, { redirect: "manual", ...init }));
const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: "POST",
  body: new URLSearchParams(fields),
  headers: { ...marked, ...headers },
});

// Whatever leads to an answer of its own, with the mark in all that can be chosen.

async function tellOfPeople(): Promise<void> {
  const scim = tenant.through(direct);
  const { id } = await keep(scim.post("/Users?canary=canary", PERSON, marked));
  await keep(scim.post("/Users", PERSON));
  await keep(scim.post("/Users", { ...PERSON, userName: "excluded@canary.example" }));
  await keep(scim.put(`/Users/${id}`, { ...PERSON, title: "Canary" }));
  await keep(scim.patch(`/Users/${id}`, patchOf({ op: "add", path: "title", value: EMAIL })));
  const noPath = { op: "add", path: 'x[canary eq "canary"', value: 1 };
  await keep(scim.patch(`/Users/${id}`, patchOf(noPath)));
  await keep(scim.put(`/Users/${id}`, PERSON, { "If-Match": 'W/"canary"' }));
  await keep(scim.get(`/Users?${filterOf(`userName eq "${EMAIL}"`)}`, marked));
  await keep(scim.get(`/Users?${filterOf(`userName canary "${EMAIL}"`)}&sortBy=canary`));
  await keep(scim.get(`/Users?cursor=${encodeURIComponent(EMAIL)}`));
  await keep(scim.post("/Users/.search", { filter: `emails.value eq "${EMAIL}"` }));
  await keep(scim.get(`/Users/${encodeURIComponent(EMAIL)}`));
  await keep(scim.get(`/${encodeURIComponent(EMAIL)}/canary`));
  await keep(scim.send("PURGE", `/Users/${id}?${filterOf(EMAIL)}`));
  await keep(scim.send("POST", "/Users", `{"userName": "${EMAIL}"`));
  await keep(scim.send("POST", "/Users", "canary", { "Content-Type": "canary/canary" }));
  await keep(scim.post("/Users", { userName: "canary".repeat(200_000) }));
  await keep(scim.post("/Groups", { displayName: "Canary Group", members: [{ value: id }] }));
  const calls = [
    { method: "POST", path: "/Users", bulkId: "canary", data: { userName: "canary-bulk" } },
    { method: "PATCH", path: `/Users/${EMAIL}`, data: patchOf({ op: "canary" }) },
  ];
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
  await keep(scim.post("/Bulk", { schemas, Operations: calls }));
  // Too old to be a trial: the guard counts them.
  await env.DB.prepare("UPDATE users SET created_at = '2026-01-01T00:00:00Z'").run();
  for (const who of ["canary-bulk", EMAIL]) {
    const found = await scim.get(`/Users?${filterOf(`userName eq "${who}"`)}`);
    const off = patchOf({ op: "replace", path: "active", value: false });
    await keep(scim.patch(`/Users/${String(found.resources[0]?.["id"])}`, off));
  }
}

async function tellOfRefusals(): Promise<void> {
  const { slug, token } = tenant;
  const scim = tenant.through(direct);
  for (const secret of [
    `Bearer ${UNKNOWN_TOKEN}`,
    "Bearer scim_canary-token",
    "Bearer scimsecret_canary-secret",
    `Basic ${btoa("canary:canary-client-secret")}`,
    `Bearer ${token}, Bearer ${token}`,
  ]) {
    const headers = { ...marked, Authorization: secret };
    await keep(scim.get(`/Users?access_token=${token}`, headers));
    await keep(readAnswer(await ask(`/api/v1/admin/tenants?q=${EMAIL}`, { headers })));
  }
  const other = await mintTenant();
  const base = `${ORIGIN}/api/v1/tenants/${slug}/scim/v2`;
  await keep(other.through(direct, { base }).get("/Users"));
  const limits = { REQUEST_LIMIT: env.LIMIT_OF_3, REFUSAL_LIMIT: env.LIMIT_OF_3 };
  const limited = tenant.through(callWorker(limits));
  // More than two minutes admit, should one end in between.
  for (let sent = 0; sent < 7; sent++) {
    await keep(limited.get(`/Users?${filterOf(EMAIL)}`, marked));
    const unknown = { ...marked, Authorization: UNKNOWN_TOKEN };
    await keep(limited.get(`/Users?${filterOf(EMAIL)}`, unknown));
  }
}

async function tellOfFaults(): Promise<void> {
  const { slug } = tenant;
  for (const text of ["D1_ERROR: no such column", "D1_ERROR: D1 DB is overloaded."]) {
    const down = callWorker({ DB: failing(text) });
    const scim = tenant.through(down);
    await keep(scim.get(`/Users?${filterOf(`userName eq "${EMAIL}"`)}`));
    await keep(scim.post("/Users", { ...PERSON, userName: "canary-2" }));
    await keep(admin("GET", `/tenants/${slug}/users?q=${EMAIL}`, undefined, down));
  }
  await keep(tenant.through(callWorker({ DB: broken })).get(`/Users/${EMAIL}`));
  await keep(admin("GET", `/tenants/${slug}/users`, undefined, callWorker({ DB: broken })));
  await keep(tenant.through(direct).get("/Users", marked));
  const misconfigured = callWorker({ ADMIN_TOKEN: "canary", PUBLIC_URL: "canary" });
  await misconfigured(new Request(`${SCIM_BASE}/Users?${filterOf(EMAIL)}`));
}

async function tellOfAdministration(): Promise<void> {
  const { slug } = tenant;
  await keep(admin("POST", `/tenants/${slug}/users`, { email: EMAIL }));
  await keep(admin("POST", `/tenants/${slug}/users`, { email: "canary", shoe: "canary" }));
  await keep(admin("GET", `/tenants/${slug}/users/${EMAIL}`));
  await keep(admin("GET", `/tenants/${EMAIL}/users?q=${EMAIL}`));
  await keep(admin("GET", `/tenants/${slug}/canary?canary=${EMAIL}`));
  await keep(admin("PATCH", `/tenants/${slug}`, { name: "Canary Inc", canary: EMAIL }));
  const issued = await keep(admin("POST", `/tenants/${slug}/tokens`, { name: "Canary token" }));
  const role = { name: "Canary key", role: "admin" };
  const key = await keep(admin("POST", `/tenants/${slug}/admin-keys`, role));
  const link = await keep(admin("POST", `/tenants/${slug}/setup-links`, {}));
  const client = await keep(admin("POST", `/tenants/${slug}/clients`, { name: "Canary" }));
  const { clientId, clientSecret } = client.body;
  const [adminKey, url] = [String(key.body["key"]), String(link.body["url"])];
  secrets.push(String(issued.body["token"]), String(clientSecret), adminKey);
  const code = url.slice(url.lastIndexOf("/") + 1);
  secrets.push(code);

  const asKey = { headers: { ...marked, Authorization: `Bearer ${adminKey}` } };
  await keep(readAnswer(await ask(`/api/v1/admin/tenants/${slug}/users?q=${EMAIL}`, asKey)));
  await keep(readAnswer(await ask(`/api/v1/admin/tenants/${EMAIL}`, asKey)));

  const grant = { grant_type: "client_credentials", client_id: String(clientId) };
  const right = { ...grant, client_secret: String(clientSecret) };
  const granted = await keep(readAnswer(await ask("/api/v1/oauth/token", form(right))));
  const accessToken = String(granted.body["access_token"]);
  secrets.push(accessToken);
  await keep(tenant.through(direct, { token: accessToken }).get("/Users"));
  for (const fields of [
    { ...grant, client_secret: "canary" },
    { ...right, scope: "canary" },
    { ...right, grant_type: EMAIL },
  ]) {
    await keep(readAnswer(await ask(`/api/v1/oauth/token?${EMAIL}`, form(fields))));
  }

  await ask(`/console/setup/${code}`);
  await ask("/console/sign-in", form({ key: "canary", next: `/console/t/${EMAIL}` }));
  const signedIn = await ask("/console/sign-in", form({ key: adminKey }));
  const [cookie = ""] = (signedIn.headers.get("Set-Cookie") ?? "").split(";");
  secrets.push(cookie.slice(cookie.indexOf("=") + 1));
  for (const path of [`/console/t/${slug}/overview?${EMAIL}`, `/console/t/${EMAIL}/overview`])
    await ask(path, { headers: { ...marked, Cookie: cookie } });
  for (const path of ["/console", "/healthz?canary", "/canary"])
    await ask(path, { headers: marked });

  const { slug: gone } = await mintTenant();
  await keep(admin("DELETE", `/tenants/${gone}?confirm=${gone}`));
}

async function tellOfJobs(): Promise<void> {
  const bounce = () => Promise.reject(new Error(`550 <${EMAIL}> unknown\n    at ${EMAIL}`));
  await worker.scheduled(createScheduledController(), mailing(bounce));
  const down = { ...mailing(bounce), DB: failing("D1_ERROR: no such table") };
  await worker.scheduled(createScheduledController(), down);
}

beforeAll(async () => {
  log = captureLog();
  tenant = await mintTenant({
    preset: "training",
    settings: {
      invitations: "on-create",
      invitationDelayMinutes: 0,
      notifyEmail: EMAIL,
      deactivationGuard: { percent: 1, people: 1, windowMinutes: 60 },
      excludedEmails: ["excluded@canary.example"],
    },
  });
  secrets.push(tenant.token);
  await tellOfPeople();
  await tellOfRefusals();
  await tellOfFaults();
  await tellOfAdministration();
  await tellOfJobs();
}, 60_000);
afterAll(() => {
  log.restore();
});

describe("the log", () => {
  it("was written to by every kind of answer, of failure and of job", () => {
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(
      [200, 201, 204, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503].sort(),
    );
    const events = new Set(log.lines.map((line) => (JSON.parse(line) as Json)["event"]));
    expect([...events].sort()).toEqual(Object.keys(FIELDS).sort());
    const failed = log.of("cron").map((line) => line["failed"]);
    expect(failed).toEqual([undefined, expect.arrayContaining(["sendInvitations"])]);
  });

  it("holds nothing of what was sent: no name, no address, no secret, no value, no URL", () => {
    expect(secrets.length).toBeGreaterThan(9);
    // Behind the prefix and the time of a cookie, and the last characters too: only the journal shows four of them.
    const parts = secrets.flatMap((secret) => [secret.slice(12, 30), secret.slice(-8)]);
    const signs = ["access_token", "filter=", "SELECT ", "D1_ERROR", "overloaded"];
    for (const text of [ADDRESS, tenant.slug, ...parts, ...signs]) {
      expect(text.length).toBeGreaterThan(5);
      expect([text, log.lines.filter((line) => line.includes(text))]).toEqual([text, []]);
    }
    expect(log.lines.filter((line) => line.toLowerCase().includes(MARK))).toEqual([]);
  });

  it("holds one object of JSON a line, with the fields of its event and no other", () => {
    for (const line of log.lines) {
      const fields = JSON.parse(line) as Json;
      expect(FIELDS[String(fields["event"])]).toEqual(expect.arrayContaining(Object.keys(fields)));
    }
  });

  it("has one line for each request, under the id that the answer has", () => {
    const ids = log.of("request").map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { headers, status } of answers) {
      const id = headers.get("X-Request-Id");
      expect(log.of("request").filter(({ requestId }) => requestId === id)).toMatchObject([
        { status },
      ]);
    }
  });
});

describe("the line of a request", () => {
  const linesOf = async (run: () => Promise<unknown>): Promise<Record<string, unknown>[]> => {
    const before = log.of("request").length;
    await run();
    return log.of("request").slice(before);
  };

  it("says by pattern or operation what was asked, and whose credential it was", async () => {
    const { scim, tenantId, id, slug } = tenant;
    const lines = await linesOf(async () => {
      await scim.get("/Users/canary");
      await scim.get("/Users", { Authorization: "Bearer canary" });
      await admin("GET", `/tenants/${slug}`);
      await admin("GET", `/tenants/${slug}/nothing`);
      await callWorker()(new Request(`${ORIGIN}/console`));
    });
    const facts = {
      event: "request",
      requestId: expect.any(String),
      method: "GET",
      d1Calls: expect.any(Number),
      ms: expect.any(Number),
    };
    const [one, list] = ["/api/v1/scim/v2/:endpoint/:id", "/api/v1/scim/v2/:endpoint"];
    const operator = { app: "admin", principal: "operator" };
    const refusal = "malformed-token";
    expect(lines).toEqual([
      { ...facts, app: "scim", status: 404, route: one, tenant: tenantId, token: id },
      { ...facts, app: "scim", status: 401, route: list, refusal, d1Calls: 0 },
      { ...facts, ...operator, status: 200, operation: "getTenant" },
      { ...facts, ...operator, status: 404, d1Calls: 0 },
      { ...facts, app: "console", status: 303, route: "/console", d1Calls: 0 },
    ]);
  });

  it("counts the round trips to D1, a batch as one", async () => {
    const { slug, through } = await mintTenant();
    let trips = 0;
    const DB = interceptD1(env.DB, ({ send }) => {
      trips += 1;
      return send();
    });
    const scim = through(callWorker({ DB }));
    const { id } = await scim.post("/Users", { userName: "counted" });
    const calls: (() => Promise<Answer>)[] = [
      () => scim.get(`/Users/${id}`),
      () => scim.get("/Users?count=1"),
      () => scim.put(`/Users/${id}`, { userName: "counted", title: "x" }),
      () => scim.patch(`/Users/${id}`, patchOf({ op: "add", path: "title", value: "y" })),
      () => scim.post("/Groups", { displayName: "g", members: [{ value: id }] }),
      () => scim.delete(`/Users/${id}`),
      () => admin("GET", `/tenants/${slug}`, undefined, callWorker({ DB })),
      () => admin("GET", `/tenants/${slug}/stats`, undefined, callWorker({ DB })),
    ];
    for (const call of calls) {
      trips = 0;
      const lines = await linesOf(call);
      expect(trips).toBeGreaterThan(0);
      expect(lines).toMatchObject([{ d1Calls: trips }]);
    }
  });
});

describe("a run of the cron trigger", () => {
  it("leaves one line that says how long each job took and how often D1 was asked", async () => {
    const before = log.lines.length;
    await worker.scheduled(createScheduledController(), workerEnv());
    const lines = log.lines.slice(before).map((line) => JSON.parse(line) as Json);
    expect(lines).toEqual([
      {
        event: "cron",
        d1Calls: expect.any(Number),
        ms: expect.any(Number),
        jobs: expect.objectContaining({
          moveTenants: expect.any(Number),
          sendInvitations: expect.any(Number),
        }),
      },
    ]);
    expect(lines[0]?.["d1Calls"]).toBeGreaterThan(5);
  });
});
