import { describe, expect, it } from "vitest";

import type { Token } from "../../src/tenancy/credential.ts";
import { safeToRevoke } from "../../src/tenancy/credentials/safe-to-revoke.ts";

const NOW = Date.parse("2026-11-22T10:00:00.000Z");

const token = (change: Partial<Token>): Token => ({
  id: "old",
  name: "Entra",
  last4: "abcd",
  scopes: ["users:read"],
  createdAt: "2026-01-01T00:00:00.000Z",
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: "2026-11-21T10:00:00.000Z",
  lastUsedBy: null,
  ...change,
});
const newer = (change: Partial<Token> = {}) =>
  token({
    id: "new",
    createdAt: "2026-11-20T00:00:00.000Z",
    lastUsedAt: "2026-11-22T09:00:00.000Z",
    ...change,
  });

describe("safeToRevoke", () => {
  it.each<[string, boolean, Token, Token[]]>([
    ["a newer one is in use and this one has been quiet for a day", true, token({}), [newer()]],
    ["it was never used, and a newer one is", true, token({ lastUsedAt: null }), [newer()]],
    [
      "it was used a moment less than a day ago",
      false,
      token({ lastUsedAt: "2026-11-21T10:00:00.001Z" }),
      [newer()],
    ],
    ["there is no other one", false, token({}), []],
    ["the newer one was never used", false, token({}), [newer({ lastUsedAt: null })]],
    [
      "the newer one is revoked",
      false,
      token({}),
      [newer({ revokedAt: "2026-11-22T09:30:00.000Z" })],
    ],
    [
      "the newer one has expired",
      false,
      token({}),
      [newer({ expiresAt: "2026-11-22T10:00:00.000Z" })],
    ],
    [
      "the one in use is older",
      false,
      token({}),
      [newer({ createdAt: "2025-01-01T00:00:00.000Z" })],
    ],
    ["it is revoked already", false, token({ revokedAt: "2026-11-01T00:00:00.000Z" }), [newer()]],
  ])("when %s: %s", (_when, expected, subject, others) => {
    expect(safeToRevoke(subject, [subject, ...others], NOW)).toBe(expected);
  });
});
