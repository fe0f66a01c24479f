import { describe, expect, it } from "vitest";

import { type DevFlags, localUrl, parseFlags } from "../../tools/dev/parse-flags.ts";

function parse(...argv: string[]): DevFlags {
  const flags = parseFlags(argv);
  if (typeof flags === "string") throw new Error(flags);
  return flags;
}

describe("the flags of npm run dev", () => {
  it("listens on 8787 when nothing is said", () => {
    expect(parse()).toMatchObject({
      port: 8787,
      ip: undefined,
      dev: ["--port", "8787"],
      database: [],
    });
  });

  it.each([
    [["--port", "9001"]],
    [["--port=9001"]],
    [["--unknown", "--port", "9001"]],
    [["--unknown=1", "--port=9001", "--verbose"]],
  ])("finds the port in %j and passes everything on as it is", (argv) => {
    expect(parse(...argv)).toMatchObject({ port: 9001, dev: argv });
  });

  it.each([["0"], ["65536"], ["eighty"], ["80.5"], [""]])("refuses the port %j", (port) => {
    expect(parseFlags([`--port=${port}`])).toContain("--port takes a number");
  });

  it("gives the flags that name the database to the migrations too, in the form they were typed in", () => {
    const argv = [
      "--persist-to",
      "some where/a b",
      "--config=other.toml",
      "-e",
      "staging",
      "--ip",
      "0.0.0.0",
    ];
    expect(parse(...argv).database).toEqual([
      "--persist-to",
      "some where/a b",
      "--config=other.toml",
      "-e",
      "staging",
    ]);
  });

  it("knows wrangler's camel-case spelling", () => {
    expect(parse("--persistTo", "dir").database).toEqual(["--persistTo", "dir"]);
  });

  it("says which file holds the secrets, if another one than usual", () => {
    expect(parse().envFile).toBeUndefined();
    expect(parse("--env-file", "some/secrets", "--port=1").envFile).toBe("some/secrets");
  });

  it("sees which variables are set by hand, several behind one flag included", () => {
    const { vars } = parse(
      "--var",
      "PUBLIC_URL:https://x.example.com:1",
      "A:b",
      "--port",
      "1",
      "--var=C:",
    );
    expect([...vars]).toEqual([
      ["PUBLIC_URL", "https://x.example.com:1"],
      ["A", "b"],
      ["C", ""],
    ]);
  });

  it.each([
    [[], "http://localhost:8787"],
    [["--port=9001", "--ip", "0.0.0.0"], "http://localhost:9001"],
    [["--ip=192.168.1.5"], "http://192.168.1.5:8787"],
    [["--ip", "fe80::1"], "http://[fe80::1]:8787"],
    [["--local-protocol=https"], "https://localhost:8787"],
  ])("shows the URL of %j as %s", (argv, url) => {
    expect(localUrl(parse(...argv))).toBe(url);
  });

  it.each([["--help"], ["-h"]])("understands %s", (flag) => {
    expect(parse(flag).help).toBe(true);
  });
});
