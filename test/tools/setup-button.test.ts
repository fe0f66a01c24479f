import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";

import { describe, expect, it } from "vitest";

import { readSecrets } from "../../src/tenancy/secrets.ts";
import { readConfiguration } from "../../tools/setup/configuration.ts";
import { SECRETS } from "../../tools/setup/put-secrets.ts";
import { tomlSections } from "../../tools/setup/toml-sections.ts";
import packageJson from "../../package.json" with { type: "json" };

const read = (file: string) => readFileSync(path.join(import.meta.dirname, "../..", file), "utf8");
const toml = read("wrangler.toml");
// What the deploy button asks for, with these values in the fields.
const asked = parseEnv(read(".dev.vars.example"));

/** The names of the entries of [vars]. */
const vars = tomlSections(toml)
  .filter(({ header }) => header === "[vars]")
  .flatMap(({ text }) => [...text.matchAll(/^(\w+) *=/gm)].map(([, name]) => name ?? ""));

describe("what the deploy button reads", () => {
  it("asks for the secrets that setup makes, and for no other", () => {
    expect(Object.keys(asked).sort()).toEqual([...SECRETS].sort());
  });

  it("offers no value that the Worker would take", () => {
    const env = { ...asked, PUBLIC_URL: "https://scim.example.com" };
    const outcome = readSecrets(env);
    expect(outcome.kind === "refused" ? outcome.problems : []).toHaveLength(SECRETS.length);
  });

  it("describes every secret and variable, and nothing that is not there", () => {
    const { databases, namespaces } = readConfiguration(toml);
    const bindings = [...databases, ...namespaces].map(({ binding }) => binding);
    const described = Object.keys(packageJson.cloudflare.bindings);
    expect(vars).toContain("PUBLIC_URL");
    expect(described).toEqual(expect.arrayContaining([...SECRETS, ...vars, "DB", "TOKENS"]));
    expect([...SECRETS, ...vars, ...bindings]).toEqual(expect.arrayContaining(described));
  });

  it("has a deploy script, which migrates by the names of bindings", () => {
    expect(packageJson.scripts.deploy).toBe("node tools/deploy.ts");
  });
});
