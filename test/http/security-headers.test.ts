import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { answerRequest } from "../../src/http/answer-request.ts";
import { callWorker } from "../call-worker.ts";
import { captureLog } from "../captured-log.ts";
import { mintTenant, ORIGIN, SCIM_BASE, type MintedTenant } from "../mint-tenant.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const ADMIN = `${ORIGIN}/api/v1/admin`;
const ADMIN_KEY = "admin-key-of-the-test-suite-0123456789abcdef";
/** What the console says for itself. */
const PAGE = {
  "Content-Security-Policy": expect.stringContaining("style-src"),
  "Referrer-Policy": "same-origin",
};

let tenant: MintedTenant;
let ana: string;
let log: ReturnType<typeof captureLog>;
beforeAll(async () => {
  log = captureLog();
  tenant = await mintTenant();
  ana = (await tenant.scim.post("/Users", { userName: "ana" })).id;
});
afterAll(() => {
  log.restore();
});

const headersOf = ({ headers }: Response) => ({
  "X-Content-Type-Options": headers.get("X-Content-Type-Options"),
  "Referrer-Policy": headers.get("Referrer-Policy"),
  "Strict-Transport-Security": headers.get("Strict-Transport-Security"),
  "Content-Security-Policy": headers.get("Content-Security-Policy"),
  "Cache-Control": headers.get("Cache-Control"),
});
const EXPECTED = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
};

const down = () => interceptD1(env.DB, () => Promise.reject(new Error("D1_ERROR: broken")));
const nonsense = () =>
  interceptD1(env.DB, async ({ send }) =>
    (await send()).map((result) => ({ ...result, results: [{ id: "x" }] })),
  );

interface Case {
  readonly what: string;
  readonly status: number;
  readonly url: string;
  readonly as?: "token" | "operator" | "nobody";
  readonly init?: RequestInit;
  readonly bindings?: () => Partial<Env>;
  readonly others?: object;
}
const scim = (status: number, what: string, path: string, fields: Partial<Case> = {}): Case => ({
  what,
  status,
  url: `${SCIM_BASE}${path}`,
  ...fields,
});
const administration = (
  status: number,
  what: string,
  path: string,
  fields: Partial<Case> = {},
): Case => ({ what, status, url: `${ADMIN}${path}`, as: "operator", ...fields });
const json = (method: string, body: unknown): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { "Content-Type": "application/json" },
});

const CASES: readonly Case[] = [
  scim(200, "a list", "/Users"),
  scim(200, "HEAD", "/Users", { init: { method: "HEAD" } }),
  scim(201, "a creation", "/Users", { init: json("POST", { userName: "ben" }) }),
  scim(204, "a deletion", "/Users/{ben}", { init: { method: "DELETE" } }),
  scim(304, "what has not changed", "/Users/{ana}", {
    init: { headers: { "If-None-Match": "*" } },
  }),
  scim(204, "OPTIONS", "/Users", { init: { method: "OPTIONS" } }),
  scim(400, "a bad filter", "/Users?filter=x"),
  scim(401, "no token", "/Users", { as: "nobody" }),
  scim(404, "nobody", "/Users/none"),
  scim(404, "no address", "/../../../nowhere"),
  scim(405, "another method", "/Users", { init: { method: "DELETE" } }),
  scim(409, "a name that is taken", "/Users", { init: json("POST", { userName: "ana" }) }),
  scim(415, "another media type", "/Users", { init: { method: "POST", body: "x" } }),
  scim(500, "a fault", "/Users/any", { bindings: () => ({ DB: nonsense() }) }),
  scim(501, "what is not there", "/Me"),
  scim(503, "a database that is down", "/Users", { bindings: () => ({ DB: down() }) }),
  scim(503, "a configuration that is not complete", "/Users", {
    bindings: () => ({ ADMIN_TOKEN: "" }),
  }),
  administration(200, "the tenants", "/tenants"),
  administration(200, "the description", "/openapi.json"),
  administration(200, "a file", "/tenants/{slug}/users/export"),
  administration(401, "no key", "/tenants", { as: "nobody" }),
  administration(404, "no tenant", "/tenants/none"),
  administration(405, "another method", "/tenants", { init: { method: "PUT" } }),
  administration(405, "OPTIONS", "/tenants", { init: { method: "OPTIONS" } }),
  administration(422, "a bad body", "/tenants", { init: json("POST", {}) }),
  administration(503, "a database that is down", "/tenants", { bindings: () => ({ DB: down() }) }),
  { what: "the health check", status: 200, url: `${ORIGIN}/healthz`, as: "nobody" },
  {
    what: "a sick database",
    status: 503,
    url: `${ORIGIN}/healthz`,
    as: "nobody",
    bindings: () => ({ DB: env.SPARE_1 }),
  },
  { what: "the root", status: 401, url: ORIGIN, as: "nobody" },
  {
    what: "the console",
    status: 303,
    url: `${ORIGIN}/console`,
    as: "nobody",
    others: PAGE,
  },
  {
    what: "the door of the console",
    status: 200,
    url: `${ORIGIN}/console/sign-in`,
    as: "nobody",
    others: PAGE,
  },
  {
    what: "no grant",
    status: 400,
    url: `${ORIGIN}/api/v1/oauth/token`,
    as: "nobody",
    init: { method: "POST" },
  },
];

/** As a browser asks before it lets a script of another origin send something. */
const PREFLIGHT = {
  Origin: "https://evil.example",
  "Access-Control-Request-Method": "POST",
  "Access-Control-Request-Headers": "authorization, content-type",
};

function requestOf({ url, as = "token", init = {} }: Case): Request {
  const filled = url.replace("{ana}", ana).replace("{slug}", tenant.slug);
  const request = new Request(filled, init);
  if (as === "token") request.headers.set("Authorization", `Bearer ${tenant.token}`);
  if (as === "operator") request.headers.set("Authorization", `Bearer ${ADMIN_KEY}`);
  for (const [name, value] of Object.entries(PREFLIGHT)) request.headers.set(name, value);
  return request;
}

describe("every answer", () => {
  it.each(
    CASES.map((each) => [each.status, each.what, each.url.slice(ORIGIN.length), each] as const),
  )(
    "tells browsers to do nothing with it, and lets no other origin read it: %i %s (%s)",
    async (status, _what, _path, each) => {
      const { bindings, others, url } = each;
      // Somebody of its own, whatever the cases before have done.
      const ben = url.includes("{ben}")
        ? (await tenant.scim.post("/Users", { userName: `ben-${crypto.randomUUID()}` })).id
        : "";
      const request = requestOf({ ...each, url: url.replace("{ben}", ben) });
      const response = await callWorker(bindings?.() ?? {})(request);
      expect(response.status).toBe(status);
      expect(headersOf(response)).toEqual({ ...EXPECTED, ...others });
      const names = [...response.headers.keys()];
      expect(names.filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(response.headers.get("X-Request-Id")).toMatch(/^[\da-f-]{36}$/);
    },
  );

  it("speaks of https for ever only where the deployment is reached by https", async () => {
    const local = callWorker({ PUBLIC_URL: "http://127.0.0.1:8787" });
    for (const url of [
      `${SCIM_BASE}/Users`,
      `${ADMIN}/tenants`,
      `${ORIGIN}/healthz`,
      `${ORIGIN}/console`,
    ]) {
      const response = await local(new Request(url));
      expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(response.headers.get("Strict-Transport-Security")).toBeNull();
    }
  });
});

describe("an answer on its way out", () => {
  const deps = { requestId: "1", isHttps: true, d1Calls: () => 0, now: () => 0 };
  const request = new Request(ORIGIN);

  it("keeps the policies that it has", async () => {
    const own = {
      "Content-Security-Policy": "script-src 'self'",
      "Referrer-Policy": "same-origin",
      "Cache-Control": "max-age=60",
      "X-Content-Type-Options": "nosniff",
    };
    const answer = await answerRequest(request, deps, () => new Response("page", { headers: own }));
    expect(headersOf(answer)).toMatchObject(own);
    expect(await answer.text()).toBe("page");
  });

  it("may be one whose headers cannot be changed", async () => {
    const answer = await answerRequest(request, deps, () =>
      Response.redirect(`${ORIGIN}/console`, 303),
    );
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, `${ORIGIN}/console`]);
    expect(headersOf(answer)).toEqual(EXPECTED);
  });

  it("is a 500 that says nothing when nobody has made one", async () => {
    const answer = await answerRequest(request, deps, (noted) => {
      noted.note({ app: "scim" });
      throw new Error("canary");
    });
    expect([answer.status, headersOf(answer)]).toEqual([500, EXPECTED]);
    expect(await answer.text()).not.toContain("canary");
    expect(log.of("request").at(-1)).toMatchObject({ requestId: "1", status: 500 });
    expect(log.of("error").at(-1)).toMatchObject({ requestId: "1", error: "Error" });
  });
});
