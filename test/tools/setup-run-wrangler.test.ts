import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { wranglerIn } from "../../tools/setup/run-wrangler.ts";

const folder = mkdtempSync(path.join(tmpdir(), "run-wrangler-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program in the place of wrangler. */
function playing(program: string): ReturnType<typeof wranglerIn> {
  const script = path.join(folder, "wrangler.mjs");
  writeFileSync(script, program);
  return wranglerIn(folder, script);
}

describe("wrangler, run as a child", () => {
  it("gets its arguments, what is meant for stdin, and an end of stdin", async () => {
    const run = playing(`
      let input = "";
      for await (const chunk of process.stdin) input += chunk;
      console.log(JSON.stringify({ args: process.argv.slice(2), input, ci: process.env.CI !== "" }));
    `);
    const { code, stdout } = await run(["secret", "put", "A"], "the value");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      args: ["secret", "put", "A"],
      input: "the value",
      ci: true,
    });
  });

  it("is heard on both channels, without colours, with its exit code", async () => {
    const run = playing(`
      console.log("\\u001b[32mfine\\u001b[0m");
      console.error("\\u001b[31mnot fine\\u001b[0m");
      process.exitCode = 3;
    `);
    expect(await run(["deploy"])).toEqual({ code: 3, stdout: "fine\n", stderr: "not fine\n" });
  });

  it("may end without having read its stdin", async () => {
    const run = playing("process.exit(4)");
    expect((await run(["secret", "put", "A"], "x".repeat(1_000_000))).code).toBe(4);
  });
});
