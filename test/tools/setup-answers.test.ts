import { describe, expect, it } from "vitest";

import { readLogin } from "../../tools/setup/account-answer.ts";
import { readCreatedDatabase, readDatabases } from "../../tools/setup/database-answers.ts";
import { readAppliedMigrations, readWorkersDevUrl } from "../../tools/setup/deployment-answers.ts";
import { readCreatedNamespace, readNamespaces } from "../../tools/setup/namespace-answers.ts";
import { readHealth } from "../../tools/setup/read-health.ts";
import { remedyFor } from "../../tools/setup/remedy.ts";
import { readSecretNames } from "../../tools/setup/secret-answer.ts";
import { recorded, type Recording } from "./setup-recordings.ts";

const DATABASE = "5f7a1c2e-0b1d-4a8e-9c3f-000000000001";
const NAMESPACE = "9b1d2c3e4f5061728394a5b6c7d8e9f0";
const EXAMPLE = { id: "0123456789abcdef0123456789abcdef", name: "Example" };
const OTHER = { id: "fedcba9876543210fedcba9876543210", name: "Other" };

describe("what wrangler prints", () => {
  it("says who is logged in, or that nobody is, or neither", () => {
    expect(readLogin(recorded("whoami"))).toEqual({
      kind: "in",
      email: "operator@example.com",
      accounts: [EXAMPLE],
    });
    expect(readLogin(recorded("whoami, several accounts"))).toMatchObject({
      accounts: [EXAMPLE, OTHER],
    });
    expect(readLogin(recorded("whoami, logged out"))).toEqual({ kind: "out" });
    expect(readLogin(recorded("whoami, bad token"))).toBeUndefined();
  });

  it("lists databases and namespaces", () => {
    expect(readDatabases(recorded("d1 list, none").stdout)).toEqual([]);
    expect(readDatabases(recorded("d1 list, one").stdout)).toEqual([
      { id: DATABASE, name: "scim-edge", tables: 0 },
    ]);
    expect(readDatabases("┌───┐")).toBeUndefined();
    expect(readNamespaces(recorded("kv namespace list, none").stdout)).toEqual([]);
    expect(readNamespaces(recorded("kv namespace list, one").stdout)).toMatchObject([
      { id: NAMESPACE, title: "scim-edge-tokens" },
    ]);
  });

  it("holds the id of what was made, in either form of configuration", () => {
    expect(readCreatedDatabase(recorded("d1 create").stdout)).toBe(DATABASE);
    expect(readCreatedDatabase(`      "database_id": "${DATABASE}"`)).toBe(DATABASE);
    expect(readCreatedDatabase(recorded("d1 create, name taken").stdout)).toBeUndefined();
    expect(readCreatedNamespace(recorded("kv namespace create").stdout)).toBe(NAMESPACE);
    expect(readCreatedNamespace(`      "id": "${NAMESPACE}"`)).toBe(NAMESPACE);
    expect(
      readCreatedNamespace(recorded("kv namespace create, title taken").stdout),
    ).toBeUndefined();
  });

  it("names the secrets, none for a Worker that is not there, and does not say after any other failure", () => {
    expect(readSecretNames(recorded("secret list"))).toEqual(["ADMIN_TOKEN", "TOKEN_PEPPER"]);
    expect(readSecretNames(recorded("secret list, no Worker"))).toEqual([]);
    expect(readSecretNames(recorded("secret list, bad token"))).toBeUndefined();
    expect(readSecretNames(recorded("d1 list, no network"))).toBeUndefined();
    expect(readSecretNames({ code: 0, stdout: "", stderr: "" })).toBeUndefined();
  });

  it("names each applied migration once, and no other", () => {
    const all = readAppliedMigrations(recorded("migrations").stdout);
    expect(all[0]).toBe("0000_init.sql");
    expect(all.length).toBe(new Set(all).size);
    expect(all.length).toBeGreaterThan(4);
    expect(readAppliedMigrations(recorded("migrations, none").stdout)).toEqual([]);
    expect(readAppliedMigrations(recorded("migrations, one fails").stdout)).toEqual([]);
  });

  it("has the address below workers.dev, where there is one", () => {
    expect(readWorkersDevUrl(recorded("deploy").stdout)).toBe(
      "https://scim-edge.example.workers.dev",
    );
    expect(readWorkersDevUrl(recorded("deploy to a custom domain").stdout)).toBeUndefined();
  });
});

describe("what to do after a failure", () => {
  it.each<[Recording, string]>([
    ["whoami, bad token", "npx wrangler login"],
    ["secret list, bad token", "npx wrangler login"],
    ["d1 list, several accounts", "CLOUDFLARE_ACCOUNT_ID"],
    ["deploy, free plan", "delete cpu_ms from wrangler.toml"],
    ["migrations, unknown database", "00000000-0000-0000-0000-000000000001"],
    ["d1 list, no network", "was not reached"],
    ["migrations, one fails", "Type the same command again"],
  ])("is said for: %s", (name, remedy) => {
    const { stdout, stderr } = recorded(name);
    expect(remedyFor(stdout + stderr)).toContain(remedy);
  });
});

describe("an answer of /healthz", () => {
  const newest = "0004_moves.sql";
  const answer = (status: number, text: string, mitigated?: string) => ({
    status,
    text,
    mitigated,
  });
  const ok = (schemaVersion: string) => JSON.stringify({ status: "ok", schemaVersion });

  it.each([
    ["nothing", undefined, { kind: "silent" }],
    ["the newest schema", answer(200, ok(newest)), { kind: "healthy", schemaVersion: newest }],
    [
      "an older schema",
      answer(200, ok("0003_runs.sql")),
      { kind: "other-schema", schemaVersion: "0003_runs.sql" },
    ],
    [
      "a complaint of the Worker",
      answer(503, '{"status":"503","detail":"PUBLIC_URL is missing"}'),
      { kind: "complains", detail: "PUBLIC_URL is missing" },
    ],
    ["a challenge", answer(403, "<html>Just a moment", "challenge"), { kind: "challenged" }],
    ["somebody's web page", answer(200, "<html>"), { kind: "foreign", status: 200 }],
    ["somebody's JSON", answer(200, '{"status":"ok"}'), { kind: "foreign", status: 200 }],
    ["a redirect", answer(302, ""), { kind: "foreign", status: 302 }],
    ["an error page of the edge", answer(503, "<html>"), { kind: "foreign", status: 503 }],
  ])("is read: %s", (_name, given, expected) => {
    expect(readHealth(given, newest)).toEqual(expected);
  });
});
