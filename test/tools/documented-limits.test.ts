import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { textIn, tomlSections } from "../../tools/setup/toml-sections.ts";

const read = (file: string) => readFileSync(path.join(import.meta.dirname, "../..", file), "utf8");

/** What one of the platform's counters admits, as wrangler.toml says it. */
function limitOf(name: string): { requests: number; seconds: number } | undefined {
  const section = tomlSections(read("wrangler.toml")).find(
    (each) => each.header === "[[ratelimits]]" && textIn(each, "name") === name,
  );
  const [, limit, period] =
    /^simple = \{ limit = (\d+), period = (\d+) \}$/m.exec(section?.text ?? "") ?? [];
  return limit === undefined ? undefined : { requests: Number(limit), seconds: Number(period) };
}

/** Each with the words that say so. An identity provider that keeps to them must never meet a 429. */
const PROMISES: readonly [string, number, string, string][] = [
  ["REQUEST_LIMIT", 6000, "README.md", "may send 6,000 requests a minute"],
  ["REQUEST_LIMIT", 6000, "docs/deploy.md", "may send 6,000 requests a minute"],
  ["REQUEST_LIMIT", 6000, "docs/operate.md", "[6,000 requests a minute]"],
  ["REFUSAL_LIMIT", 600, "docs/deploy.md", "fail to sign in 600 times"],
  ["REFUSAL_LIMIT", 600, "docs/operate.md", "600 failures a minute"],
];

describe("a limit of wrangler.toml", () => {
  it.each(PROMISES)("%s is %i a minute, as %s says: %s", (name, requests, file, words) => {
    expect(limitOf(name)).toEqual({ requests, seconds: 60 });
    expect(read(file)).toContain(words);
  });

  it("is four times what Entra ID asks for, and more", () => {
    const { requests, seconds } = limitOf("REQUEST_LIMIT") ?? { requests: 0, seconds: 1 };
    expect(requests / seconds).toBeGreaterThanOrEqual(100);
  });
});
