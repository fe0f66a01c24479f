import {
  base64url,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { accessVerifier } from "../../src/tenancy/access-verifier.ts";

const DOMAIN = "acme.cloudflareaccess.com";
const ISSUER = `https://${DOMAIN}`;
const AUDIENCE = "32eafc7626e737d9f1d6dbd4b8c2f0c4";
const EMAIL = "ada@example.com";
const HOUR_S = 3600;

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let keys: Record<"RS256" | "ES256" | "PS256" | "stranger", Pair>;
let keySet: ReturnType<typeof createLocalJWKSet>;
let published: { keys: object[] };

beforeAll(async () => {
  const pair = (algorithm: string) => generateKeyPair(algorithm, { extractable: true });
  keys = {
    RS256: await pair("RS256"),
    ES256: await pair("ES256"),
    PS256: await pair("PS256"),
    stranger: await pair("RS256"),
  };
  const jwks = await Promise.all(
    (["RS256", "ES256", "PS256"] as const).map(async (kid) => ({
      ...(await exportJWK(keys[kid].publicKey)),
      kid,
    })),
  );
  published = { keys: jwks };
  keySet = createLocalJWKSet(published);
});

interface Made {
  readonly issuer?: string;
  readonly audience?: string | string[];
  readonly claims?: Record<string, unknown>;
  /** Seconds from now; null: the claim is missing. */
  readonly expires?: number | null;
  readonly header?: { readonly alg?: string; readonly kid?: string };
  readonly key?: Parameters<SignJWT["sign"]>[0];
}

/** An assertion as Access signs it, but for what a case has otherwise. */
function assertion(made: Made = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const jwt = new SignJWT({ email: EMAIL, type: "app", ...made.claims })
    .setProtectedHeader({ alg: "RS256", kid: "RS256", ...made.header })
    .setIssuer(made.issuer ?? ISSUER)
    .setAudience(made.audience ?? [AUDIENCE])
    .setIssuedAt(now);
  if (made.expires !== null) jwt.setExpirationTime(now + (made.expires ?? HOUR_S));
  return jwt.sign(made.key ?? keys.RS256.privateKey);
}

const verify = (text: string, domain = DOMAIN, audience = AUDIENCE) =>
  accessVerifier(domain, audience, () => keySet)?.(text);

const admitted: readonly (readonly [string, () => Promise<string>])[] = [
  ["as Access makes it", () => assertion()],
  [
    "with an ECDSA key",
    () => assertion({ header: { alg: "ES256", kid: "ES256" }, key: keys.ES256.privateKey }),
  ],
  ["for several applications", () => assertion({ audience: ["another", AUDIENCE] })],
  ["a moment before its end", () => assertion({ expires: 30 })],
];

const refused: readonly (readonly [string, () => Promise<string> | string])[] = [
  ["of another team", () => assertion({ issuer: "https://evil.cloudflareaccess.com" })],
  ["of an issuer with a slash behind", () => assertion({ issuer: `${ISSUER}/` })],
  ["of the domain without a scheme", () => assertion({ issuer: DOMAIN })],
  ["for another application", () => assertion({ audience: "another" })],
  ["for none", () => assertion({ audience: [] })],
  ["for the beginning of ours", () => assertion({ audience: AUDIENCE.slice(0, -1) })],
  ["that has expired", () => assertion({ expires: -1 })],
  ["that never expires", () => assertion({ expires: null })],
  ["that is not valid yet", () => assertion({ claims: { nbf: Date.now() / 1000 + HOUR_S } })],
  ["without an address", () => assertion({ claims: { email: undefined, common_name: "robot" } })],
  ["with an empty address", () => assertion({ claims: { email: "" } })],
  ["with an address that is no text", () => assertion({ claims: { email: { $ne: "" } } })],
  ["signed by another key under the same name", () => assertion({ key: keys.stranger.privateKey })],
  ["signed by a key that is not published", () => assertion({ header: { kid: "unknown" } })],
  [
    "signed with another algorithm by a published key",
    () => assertion({ header: { alg: "PS256", kid: "PS256" }, key: keys.PS256.privateKey }),
  ],
  [
    "signed with the public key as a password",
    async () => {
      const password = new TextEncoder().encode(await exportSPKI(keys.RS256.publicKey));
      return assertion({ header: { alg: "HS256", kid: "RS256" }, key: password });
    },
  ],
  [
    "that is not signed",
    () =>
      new UnsecuredJWT({ email: EMAIL })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime("1h")
        .encode(),
  ],
  ["whose signature was cut off", async () => (await assertion()).replace(/[^.]*$/, "")],
  [
    "whose address was changed",
    async () => {
      const [header, , signature] = (await assertion()).split(".");
      const [, other] = (await assertion({ claims: { email: "eve@example.com" } })).split(".");
      return [header, other, signature].join(".");
    },
  ],
  [
    "that brings its own key",
    async () => {
      const jwk = await exportJWK(keys.stranger.publicKey);
      const [, payload] = (await assertion()).split(".");
      const header = base64url.encode(JSON.stringify({ alg: "RS256", jwk, jku: "https://evil" }));
      const text = new TextEncoder().encode(`${header}.${payload}`);
      const { privateKey } = keys.stranger;
      const signed = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", privateKey, text);
      return `${header}.${payload}.${base64url.encode(new Uint8Array(signed))}`;
    },
  ],
  ["that is empty", () => ""],
  ["that is none", () => "assertion"],
  ["of dots", () => "..."],
  ["of text that is no JSON", () => "YQ.YQ.YQ"],
  ["of letters beyond ASCII", () => "ä.ö.ü"],
  ["of a megabyte", () => "x".repeat(1_000_000)],
];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("an assertion of Cloudflare Access", () => {
  it.each(admitted)("%s speaks of its person", async (_what, make) => {
    expect(await verify(await make())).toEqual({ email: EMAIL });
  });

  it.each(refused)("%s speaks of nobody", async (_what, make) => {
    expect(await verify(await make())).toBeUndefined();
  });

  it.each([
    "acme.cloudflareaccess.com",
    " acme.cloudflareaccess.com ",
    "https://acme.cloudflareaccess.com",
    "https://acme.cloudflareaccess.com//",
  ])("is of the team domain, however that was typed: %j", async (domain) => {
    expect(await verify(await assertion(), domain, ` ${AUDIENCE} `)).toEqual({ email: EMAIL });
  });

  it.each(["http://acme.cloudflareaccess.com", "acme", "https://", "a b", "acme.example/../x"])(
    "is of no team domain %j",
    async (domain) => {
      expect(await verify(await assertion(), domain)).toBeUndefined();
    },
  );

  it.each([
    ["", AUDIENCE],
    ["  ", AUDIENCE],
    [DOMAIN, ""],
    [DOMAIN, " "],
    ["", ""],
  ])("is nothing with the team domain %j and the audience %j", (domain, audience) => {
    expect(accessVerifier(domain, audience, () => keySet)).toBeUndefined();
  });
});

describe("the keys of a team", () => {
  const asked: string[] = [];
  const answering = (answer: () => Promise<Response>) => {
    asked.length = 0;
    vi.stubGlobal("fetch", (input: RequestInfo | URL) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return answer();
    });
  };
  /** Each test has a team of its own: its keys are remembered. */
  const ofTeam = async (team: string) => {
    const issuer = `https://${team}.cloudflareaccess.com`;
    const text = await assertion({ issuer });
    return () => accessVerifier(issuer, AUDIENCE)?.(text);
  };

  it("are asked of the team domain once, and then remembered", async () => {
    answering(() => Promise.resolve(Response.json(published)));
    const check = await ofTeam("remembered");
    expect(await check()).toEqual({ email: EMAIL });
    expect(await check()).toEqual({ email: EMAIL });
    expect(asked).toEqual(["https://remembered.cloudflareaccess.com/cdn-cgi/access/certs"]);
  });

  it.each([
    ["cannot be reached", () => Promise.reject(new TypeError("fetch failed"))],
    ["answers 500", () => Promise.resolve(new Response("", { status: 500 }))],
    ["answers 404", () => Promise.resolve(Response.json(published, { status: 404 }))],
    ["sends one elsewhere", () => Promise.resolve(Response.redirect("https://evil.example", 302))],
    ["answers no JSON", () => Promise.resolve(new Response("<html>"))],
    ["answers no keys", () => Promise.resolve(Response.json({ keys: [] }))],
    ["answers another thing", () => Promise.resolve(Response.json({ keys: "none" }))],
  ] as const)("that %s admit nobody, and throw nothing", async (what, answer) => {
    answering(answer);
    const check = await ofTeam(what.replaceAll(" ", "-"));
    expect(await check()).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it("are asked for again after a failure", async () => {
    answering(() => Promise.reject(new TypeError("fetch failed")));
    const check = await ofTeam("recovered");
    expect(await check()).toBeUndefined();
    answering(() => Promise.resolve(Response.json(published)));
    expect(await check()).toEqual({ email: EMAIL });
  });
});
