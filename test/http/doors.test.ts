import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { OPERATIONS } from "../../src/admin/operations/operations.ts";
import { scimApp } from "../../src/http/scim-app.ts";
import { mintToken } from "../../src/tenancy/token.ts";
import { callWorker } from "../call-worker.ts";
import { mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import type { Transport } from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

const ADMIN_KEY = "admin-key-of-the-test-suite-0123456789abcdef";
const METHODS = [
  ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  ["PURGE", "PROPFIND", "SEARCH", "LOCK", "MKCOL", "TRACE"],
].flat();

interface Route {
  readonly method: string;
  readonly path: string;
}

const withParams = (path: string) => path.replaceAll(/:\w+|\{\w+\}/g, "acme");

/** Every route that the SCIM app has registered, and the addresses of its resource types. */
const SCIM_ROUTES: Route[] = [
  ...scimApp().routes.map(({ method, path }) => ({ method, path: withParams(path) })),
  ...["/Users", "/Groups", "/Users/1", "/Groups/1", "/Schemas/urn:x"].map((path) => ({
    method: "ALL",
    path: `/api/v1/scim/v2${path}`,
  })),
]
  .map(({ method, path }) => ({ method: method === "ALL" ? "GET" : method, path }))
  .filter(({ path }) => !path.includes("*"));

const ADMIN_ROUTES: Route[] = [
  ...OPERATIONS.map(({ method, path }) => ({
    method: method.toUpperCase(),
    path: `/api/v1/admin${withParams(path)}`,
  })),
  // Not /docs, which is for everybody.
  ...["", "/openapi.json", "/nothing"].map((path) => ({
    method: "GET",
    path: `/api/v1/admin${path}`,
  })),
];
const ROUTES = [...SCIM_ROUTES, ...ADMIN_ROUTES];

const encoded = (text: string) =>
  text.replaceAll(/./g, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** Ways to spell a path that some layer or other takes for the same. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => path.replaceAll("/", "//"),
  (path) => path.replaceAll("/", "///"),
  (path) => path.replaceAll("/", "/./"),
  (path) => path.replaceAll("/", "/%2e/"),
  (path) => path.replace("/api", "/x/../api"),
  (path) => path.replace("/api", "/x/%2e%2e/api"),
  (path) => path.replace("/api", "/x/%2E./api"),
  (path) => path.replace("/api", "/..;/api"),
  (path) => path.replace("/v1", "/v1;a=b"),
  (path) => path.replace("/v1", "/v1/%2e%2e%2fv1"),
  (path) => path.replace("/v1", "/v1%2f..%2fv1"),
  (path) => path.toUpperCase(),
  (path) => path.replaceAll(/[a-z]/g, (letter, at) => (at % 2 ? letter.toUpperCase() : letter)),
  (path) => path.replaceAll(/(?<=\/)\w/g, encoded),
  (path) => path.replaceAll(/\w/g, encoded),
  (path) => path.replaceAll(/\w/g, (letter) => encoded(encoded(letter))),
  (path) => path.replaceAll(/(?<=.)\//g, "%2f"),
  (path) => path.replaceAll(/(?<=.)\//g, "%2F"),
  (path) => path.replaceAll(/(?<=.)\//g, "%252f"),
  (path) => path.replaceAll(/(?<=.)\//g, "%c0%af"),
  (path) => path.replaceAll(/(?<=.)\//g, "\\"),
  (path) => path.replaceAll(/(?<=.)\//g, "%5c"),
  (path) => path.replaceAll(/(?<=.)\//g, "\u2215"),
  (path) =>
    path.replaceAll(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
  (path) => path.replace(/\/([^/]*)$/, "%2f$1"),
  (path) => path.replace(/\/([^/]*)$/, "\\$1"),
  (path) => path.replace(/\/([^/]*)$/, "/;/$1"),
  (path) => `${path}.`,
  (path) => `${path}..`,
  (path) => `${path}...`,
  (path) => `${path}/.`,
  (path) => `${path}.json`,
  (path) => `${path};`,
  (path) => `${path};jsessionid=1`,
  (path) => `${path}%20`,
  (path) => `${path}%00`,
  (path) => `${path}%0a`,
  (path) => `${path}%0d%0aX:%20y`,
  (path) => `${path}%09`,
  (path) => `${path}%2f`,
  (path) => `${path}%3f`,
  (path) => `${path}%23`,
  (path) => `${path}%`,
  (path) => `${path}%zz`,
  (path) => `${path}?x=1`,
  (path) => `${path}?access_token=x&/healthz`,
  (path) => `${path}#/healthz`,
];

/** What no door takes. Undefined: no such header. */
const BAD_CREDENTIALS: readonly (string | undefined)[] = [
  undefined,
  "",
  " ",
  "Bearer",
  "Bearer ",
  "bearer x",
  "Bearer null",
  "Bearer undefined",
  "Bearer scim_",
  `Bearer scim_${"A".repeat(49)}`,
  "Bearer Bearer",
  "Bearer, Bearer",
  "Basic",
  `Basic ${btoa("admin:admin")}`,
  `Basic ${btoa(`scim:${ADMIN_KEY}`)}`,
  'Digest username="admin"',
  `Bearer ${ADMIN_KEY.slice(0, -1)}`,
  `Bearer ${ADMIN_KEY}x`,
  `Bearer ${ADMIN_KEY.toUpperCase()}`,
  `Bearer ${ADMIN_KEY}, Bearer ${ADMIN_KEY}`,
  `Bearer "${ADMIN_KEY}"`,
  `Bearer ${"x".repeat(8192)}`,
  "Bearer eyJhbGciOiJub25lIn0.e30.",
  "Bearer ' OR 1=1 --",
  "\u0007",
  "Negotiate abc",
];

let calls = 0;
const count = <Target extends object>(target: Target): Target =>
  new Proxy(target, {
    get(_target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      calls += 1;
      return member.bind(target) as unknown;
    },
  });
const counted: Transport = callWorker({
  DB: interceptD1(env.DB, ({ send }) => {
    calls += 1;
    return send();
  }),
  TOKENS: count(env.TOKENS),
});

async function knock(method: string, path: string, credential: string | undefined) {
  const headers = new Headers();
  if (credential !== undefined) headers.set("Authorization", credential);
  const response = await counted(new Request(`${ORIGIN}${path}`, { method, headers }));
  return { method, path, credential, status: response.status };
}

const REFUSED = expect.objectContaining({ status: 401 });

let tenant: MintedTenant;
beforeAll(async () => {
  tenant = await mintTenant();
});

describe("a door", { timeout: 60_000 }, () => {
  it("is asked for at every route", () => {
    expect(SCIM_ROUTES.length).toBeGreaterThan(30);
    expect(ADMIN_ROUTES.length).toBeGreaterThan(OPERATIONS.length);
  });

  it("opens to nothing that is no credential, at no route, and asks no store about it", async () => {
    calls = 0;
    for (const { method, path } of ROUTES) {
      for (const credential of BAD_CREDENTIALS) {
        expect(await knock(method, path, credential)).toEqual(REFUSED);
      }
    }
    expect(calls).toBe(0);
  });

  it("opens to no method", async () => {
    calls = 0;
    for (const { path } of ROUTES) {
      for (const method of METHODS) {
        expect(await knock(method, path, undefined)).toEqual(REFUSED);
        expect(await knock(method, path, "Bearer x")).toEqual(REFUSED);
      }
    }
    expect(calls).toBe(0);
  });

  it("opens to no spelling of a path", async () => {
    calls = 0;
    let turn = 0;
    for (const { method, path } of ROUTES) {
      for (const spell of SPELLINGS) {
        // Every other time with a method that the route does not have.
        turn += 1;
        const credential = BAD_CREDENTIALS[turn % BAD_CREDENTIALS.length];
        const other = METHODS[turn % METHODS.length];
        const chosen = turn % 2 === 0 || other === undefined ? method : other;
        expect(await knock(chosen, spell(path), credential)).toEqual(REFUSED);
      }
    }
    expect(calls).toBe(0);
  });

  it("opens to nothing that is made up", async () => {
    const words = ["api", "v1", "scim", "v2", "admin", "tenants", "acme", "Users", ".search"];
    const signs = ["..", ".", "", "%2e%2e", "%2f", "\\", ";", "%00", "//", "?", "healthz", "%"];
    const pieces = fc.constantFrom(...words, ...signs);
    const anyPath = fc
      .tuple(
        fc.constantFrom("/api/v1/scim/v2", "/api/v1/tenants/acme/scim/v2", "/api/v1/admin"),
        fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 6 }),
      )
      .map(([base, rest]) => [base, ...rest].join("/"))
      // Two addresses are for everybody; what leads there is no spelling of another one.
      .filter((path) => !/^\/+(?:healthz|console)/i.test(new URL(`${ORIGIN}${path}`).pathname));
    const credential = fc.oneof(
      fc.constantFrom(...BAD_CREDENTIALS),
      fc.string({
        unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
        maxLength: 60,
      }),
    );
    const seed = Date.now() | 0;
    console.log(`seed ${seed}`);
    calls = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...METHODS),
        anyPath,
        credential,
        async (method, path, given) => {
          expect(await knock(method, path, given)).toEqual(REFUSED);
        },
      ),
      { seed, numRuns: 1000, endOnFailure: true },
    );
    expect(calls).toBe(0);
  });

  it("of the administration opens to no token of SCIM", async () => {
    for (const { method, path } of ADMIN_ROUTES) {
      for (const each of [path, path.replace("acme", tenant.slug)]) {
        expect(await knock(method, each, `Bearer ${tenant.token}`)).toEqual(REFUSED);
      }
    }
  });

  it("of SCIM opens to no key of the operator", async () => {
    calls = 0;
    for (const { method, path } of SCIM_ROUTES) {
      for (const each of [path, path.replace("acme", tenant.slug)]) {
        expect(await knock(method, each, `Bearer ${ADMIN_KEY}`)).toEqual(REFUSED);
      }
    }
    expect(calls).toBe(0);
  });

  it("opens to no token that nobody was given, however well it is formed", async () => {
    for (const { method, path } of ROUTES) {
      const token = mintToken(crypto.getRandomValues(new Uint8Array(32)));
      expect(await knock(method, path, `Bearer ${token}`)).toEqual(REFUSED);
    }
  });
});
