import { describe, expect, it } from "vitest";

import { readSecrets, type SecretsEnv } from "../../src/tenancy/secrets.ts";
import { mintToken } from "../../src/tenancy/token.ts";

const ADMIN = "admin-key-of-this-test-0123456789abcdef";
const PEPPER = "pepper-of-this-test-0123456789abcdefgh";
const SIGNING = "signing-key-of-this-test-0123456789abc";
const TOKEN = mintToken(new Uint8Array(32).fill(7));
const OTHER_TOKEN = mintToken(new Uint8Array(32).fill(8));

const GOOD = {
  ADMIN_TOKEN: ADMIN,
  TOKEN_PEPPER: PEPPER,
  SIGNING_KEY: SIGNING,
  SCIM_TOKEN: "",
  PUBLIC_URL: "https://scim.example.com",
};

function problemsOf(change: { [Name in keyof SecretsEnv]?: string | undefined }): string[] {
  const env = Object.fromEntries(
    Object.entries({ ...GOOD, ...change }).filter(([, value]) => value !== undefined),
  );
  const outcome = readSecrets(env);
  return outcome.kind === "refused" ? outcome.problems : [];
}

describe("readSecrets", () => {
  it("reads one value of each", () => {
    expect(readSecrets(GOOD)).toEqual({
      kind: "ready",
      secrets: {
        adminKeys: [ADMIN],
        peppers: [PEPPER],
        signingKeys: [SIGNING],
        deploymentTokens: [],
        publicUrl: "https://scim.example.com",
      },
    });
  });

  it("reads NEW,OLD with blanks around, the newest first", () => {
    const outcome = readSecrets({
      ...GOOD,
      TOKEN_PEPPER: ` ${PEPPER} , ${SIGNING}\n`,
      SCIM_TOKEN: `${TOKEN}, ${OTHER_TOKEN}`,
    });
    expect(outcome).toMatchObject({
      secrets: { peppers: [PEPPER, SIGNING], deploymentTokens: [TOKEN, OTHER_TOKEN] },
    });
  });

  it("does without SCIM_TOKEN", () => {
    expect(problemsOf({ SCIM_TOKEN: undefined })).toEqual([]);
    expect(problemsOf({ SCIM_TOKEN: "  " })).toEqual([]);
  });

  describe.each(["ADMIN_TOKEN", "TOKEN_PEPPER", "SIGNING_KEY"] as const)("%s", (name) => {
    it.each([
      ["missing", undefined],
      ["empty", ""],
      ["blank", "   "],
      ["a short value", "0123456789abcdef0123456789abcde"],
      ["a placeholder", "replace-me"],
      ["a long placeholder", "replace-me-replace-me-replace-me-replace-me"],
      ["another placeholder", "<your secret, at least 32 characters long>"],
      ["one letter over and over", "x".repeat(64)],
      ["a good value and an empty one", `${PEPPER},`],
      ["a good value and a short one", `${PEPPER},short`],
    ])("is refused when it is %s, with the command to type", (_what, value) => {
      const problems = problemsOf({ [name]: value });
      expect(problems).not.toEqual([]);
      expect(problems.every((text) => text.includes(`npx wrangler secret put ${name}`))).toBe(true);
      expect(problems.every((text) => text.includes("npm run dev"))).toBe(true);
    });
  });

  it("refuses an admin key that no header can carry", () => {
    expect(problemsOf({ ADMIN_TOKEN: "schlüssel-der-probe-0123456789abcdef" })).toHaveLength(1);
    expect(problemsOf({ TOKEN_PEPPER: "schlüssel-der-probe-0123456789abcdef" })).toEqual([]);
  });

  it.each(["replace-me", "scim_short", `${TOKEN},replace-me`, TOKEN.slice(0, -1)])(
    "refuses SCIM_TOKEN %j and says what prints a good one",
    (value) => {
      const problems = problemsOf({ SCIM_TOKEN: value });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain("npm run token");
    },
  );

  it("tells all problems at once and holds no value in any", () => {
    const bad = {
      ADMIN_TOKEN: "hunter2-admin",
      TOKEN_PEPPER: "hunter2-pepper",
      SIGNING_KEY: "hunter2-signing",
      SCIM_TOKEN: "hunter2-scim",
      PUBLIC_URL: "ftp://hunter2.example.com",
    };
    const problems = problemsOf(bad);
    expect(problems).toHaveLength(5);
    expect(problems.join(" ")).not.toContain("hunter2");
  });

  it.each([
    ["https://scim.example.com", "https://scim.example.com"],
    ["https://scim.example.com/", "https://scim.example.com"],
    [" https://scim.example.com// ", "https://scim.example.com"],
    ["https://SCIM.example.com:8443", "https://scim.example.com:8443"],
    ["https://example.com/scim/", "https://example.com/scim"],
    ["http://localhost:8787", "http://localhost:8787"],
    ["http://127.0.0.1:8787/", "http://127.0.0.1:8787"],
  ])("reads PUBLIC_URL %j as %s", (given, url) => {
    expect(readSecrets({ ...GOOD, PUBLIC_URL: given })).toMatchObject({
      secrets: { publicUrl: url },
    });
  });

  it.each([
    undefined,
    "",
    "scim.example.com",
    "/scim",
    "ftp://scim.example.com",
    "javascript:alert(1)",
    "http://scim.example.com",
    "http://localhost.example.com",
    "https://user:password@scim.example.com",
    "https://scim.example.com?x=1",
    "https://scim.example.com#top",
  ])("refuses PUBLIC_URL %j and says what to type", (given) => {
    const problems = problemsOf({ PUBLIC_URL: given });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("--var PUBLIC_URL:https://");
  });
});
