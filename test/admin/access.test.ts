import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { captureLog } from "../captured-log.ts";
import { callWorker } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, SCIM_BASE } from "../mint-tenant.ts";
import { readAnswer, type Answer, type Json } from "../scim-client.ts";

const AUDIENCE = "32eafc7626e737d9f1d6dbd4b8c2f0c4";
const EMAIL = "ada@example.com";

let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let certs: { keys: object[] };
beforeAll(async () => {
  keys = await generateKeyPair("RS256", { extractable: true });
  certs = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "1" }] };
});

/** The addresses that the Worker asked, whichever test stands there. */
let asked: string[];
let answerCerts: () => Promise<Response>;
let log: ReturnType<typeof captureLog>;
beforeEach(() => {
  asked = [];
  answerCerts = () => Promise.resolve(Response.json(certs));
  vi.spyOn(globalThis, "fetch").mockImplementation((input) => {
    asked.push(input instanceof Request ? input.url : String(input));
    return answerCerts();
  });
  log = captureLog();
});
afterEach(() => {
  vi.restoreAllMocks();
  log.restore();
});

let teams = 0;
/** A deployment behind Access; the keys of its team were never asked for. */
function behindAccess(bindings: Partial<Env> = {}) {
  const domain = `team-${++teams}.cloudflareaccess.com`;
  const call = callWorker({ ACCESS_TEAM_DOMAIN: domain, ACCESS_AUD: AUDIENCE, ...bindings });
  const assertion = (audience = AUDIENCE) =>
    new SignJWT({ email: EMAIL })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(`https://${domain}`)
      .setAudience(audience)
      .setExpirationTime("1h")
      .sign(keys.privateKey);
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: Json,
  ): Promise<Answer> => {
    const init: RequestInit = {
      method,
      headers: { "Content-Type": "application/json", ...headers },
    };
    if (body) init.body = JSON.stringify(body);
    return readAnswer(await call(new Request(`${ORIGIN}/api/v1/admin${path}`, init)));
  };
  return { domain, call, assertion, send };
}
const HEADER = "Cf-Access-Jwt-Assertion";

describe("the admin API behind Cloudflare Access", () => {
  it("takes whom Access let in as the operator, by address in the journal and in no line of the log", async () => {
    const { domain, assertion, send } = behindAccess();
    const headers = { [HEADER]: await assertion() };
    const made = await send("POST", "/tenants", headers, { slug: `by-${teams}`, name: "Made" });
    expect(made.status).toBe(201);
    expect((await send("GET", "/deployment", headers)).status).toBe(200);
    const { body } = await send("GET", `/tenants/by-${teams}/changes`, headers);
    expect(body["items"]).toMatchObject([
      { operation: "create", actor: { kind: "admin", id: "operator", hint: EMAIL } },
    ]);
    expect(asked).toEqual([`https://${domain}/cdn-cgi/access/certs`]);
    expect(log.lines.length).toBeGreaterThan(2);
    expect(log.lines.join("\n")).not.toContain("ada@");
  });

  it.each([
    ["another application", (make: (audience?: string) => Promise<string>) => make("another")],
    ["nobody", () => Promise.resolve("garbage")],
    ["nothing", () => Promise.resolve("")],
  ])("refuses what was signed for %s", async (_what, make) => {
    const { assertion, send } = behindAccess();
    const answer = await send("GET", "/tenants", { [HEADER]: await make(assertion) });
    expect(answer.status).toBe(401);
  });

  it.each([
    ["a header that is empty", "", 401],
    ["a wrong key", `Bearer ${"x".repeat(40)}`, 401],
    ["another scheme", "Basic YWRhOmFkYQ==", 401],
    ["the operator's key", "Bearer admin-key-of-the-test-suite-0123456789abcdef", 200],
  ])("goes by the key where there is one too: %s", async (_what, authorization, status) => {
    const { assertion, send } = behindAccess();
    const headers = { [HEADER]: await assertion(), Authorization: authorization };
    expect((await send("GET", "/tenants", headers)).status).toBe(status);
    expect(asked).toEqual([]);
  });

  it("gives the key of a reader no more than that", async () => {
    const tenant = await mintTenant();
    const path = `/tenants/${tenant.slug}`;
    const made = await admin("POST", `${path}/admin-keys`, { name: "Product", role: "reader" });
    const { assertion, send } = behindAccess();
    const key = `Bearer ${String(made.body["key"])}`;
    const headers = { [HEADER]: await assertion(), Authorization: key };
    expect((await send("GET", `${path}/users`, headers)).status).toBe(200);
    expect((await send("GET", `${path}/tokens`, headers)).status).toBe(403);
  });

  it.each([
    ["Origin", "https://evil.example"],
    ["Origin", "null"],
    ["Origin", `${ORIGIN}.evil.example`],
    ["Origin", "http://scim.example.com"],
    ["Sec-Fetch-Site", "cross-site"],
    ["Sec-Fetch-Site", "same-site"],
  ])("does nothing that another site makes a browser send: %s: %s", async (name, value) => {
    const { assertion, send } = behindAccess();
    const headers = { [HEADER]: await assertion(), [name]: value };
    expect((await send("GET", "/tenants", headers)).status).toBe(401);
    const body = { slug: "forged", name: "Forged" };
    expect((await send("POST", "/tenants", headers, body)).status).toBe(401);
    expect((await admin("GET", "/tenants/forged")).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it.each([
    ["Origin", ORIGIN],
    ["Sec-Fetch-Site", "same-origin"],
    ["Sec-Fetch-Site", "none"],
  ])("does what its own pages send: %s: %s", async (name, value) => {
    const { assertion, send } = behindAccess();
    const headers = { [HEADER]: await assertion(), [name]: value };
    expect((await send("GET", "/tenants", headers)).status).toBe(200);
  });

  it.each([
    ["the team domain", { ACCESS_TEAM_DOMAIN: "" }],
    ["the audience", { ACCESS_AUD: "" }],
    ["both", { ACCESS_TEAM_DOMAIN: undefined, ACCESS_AUD: undefined }],
  ])("takes no assertion without %s", async (_what, bindings) => {
    const { assertion, send } = behindAccess(bindings as Partial<Env>);
    expect((await send("GET", "/tenants", { [HEADER]: await assertion() })).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it.each([
    ["cannot be reached", () => Promise.reject(new TypeError("fetch failed"))],
    ["answer 500", () => Promise.resolve(new Response("", { status: 500 }))],
    ["are none", () => Promise.resolve(new Response("<html>"))],
  ] as const)(
    "refuses everybody, and is no fault, while the keys of the team %s",
    async (_what, answer) => {
      const { assertion, send } = behindAccess();
      answerCerts = answer;
      const headers = { [HEADER]: await assertion() };
      expect((await send("GET", "/tenants", headers)).status).toBe(401);
      answerCerts = () => Promise.resolve(Response.json(certs));
      expect((await send("GET", "/tenants", headers)).status).toBe(200);
    },
  );
});

describe("SCIM and the token endpoint", () => {
  it.each([`${SCIM_BASE}/Users`, `${ORIGIN}/api/v1/tenants/any/scim/v2/Users`])(
    "never look at an assertion: %s",
    async (url) => {
      const { call, assertion } = behindAccess();
      const headers = { [HEADER]: await assertion() };
      expect((await call(new Request(url, { headers }))).status).toBe(401);
      expect(asked).toEqual([]);
    },
  );

  it("gives no token for one", async () => {
    const { call, assertion } = behindAccess();
    const init = { method: "POST", headers: { [HEADER]: await assertion() }, body: new FormData() };
    expect((await call(new Request(`${ORIGIN}/api/v1/oauth/token`, init))).status).not.toBe(200);
    expect(asked).toEqual([]);
  });
});
