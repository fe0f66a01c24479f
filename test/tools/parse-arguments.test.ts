import { describe, expect, it } from "vitest";

import { findTarget } from "../../tools/simulate/find-target.ts";
import { parseArguments, type SimulateOptions } from "../../tools/simulate/parse-arguments.ts";

function parse(...argv: string[]): SimulateOptions {
  const options = parseArguments(argv);
  if (options === undefined || typeof options === "string") throw new Error(options ?? "help");
  return options;
}

describe("the arguments of npm run simulate", () => {
  it("needs nothing but the identity provider", () => {
    expect(parse("okta")).toEqual({
      idp: "okta",
      url: undefined,
      token: undefined,
      client: undefined,
      users: 20,
      groups: 4,
      rate: undefined,
      concurrency: 4,
      minutes: 30,
      preset: "training",
      stories: true,
    });
  });

  it("reads every flag in both spellings", () => {
    const options = parse(
      "entra",
      "--users=7",
      "--groups",
      "2",
      "--rate=25",
      "--no-stories",
      "--minutes",
      "1",
    );
    expect(options).toMatchObject({ users: 7, groups: 2, rate: 25, stories: false, minutes: 1 });
  });

  it.each([
    ["https://scim.example.com/api/v1/scim/v2/", "https://scim.example.com/api/v1/scim/v2"],
    [
      "https://scim.example.com/api/v1/scim/v2/?aadOptscim062020",
      "https://scim.example.com/api/v1/scim/v2",
    ],
    ["http://localhost:9001/x", "http://localhost:9001/x"],
  ])("takes the Tenant URL %s as it was pasted", (url, baseUrl) => {
    expect(parse("entra", "--url", url).url).toBe(baseUrl);
  });

  it("pushes no groups to a tenant that has none", () => {
    expect(parse("entra", "--preset=visitors", "--groups=3").groups).toBe(0);
  });

  it.each([
    [[], "Say which identity provider"],
    [["google"], "Say which identity provider"],
    [["entra", "okta"], "Say which identity provider"],
    [["entra", "--users=-1"], "--users takes a whole number"],
    [["entra", "--users=100001"], "--users takes a whole number"],
    [["entra", "--rate=0"], "--rate takes a whole number"],
    [["entra", "--url=scim.example.com"], "--url takes a Tenant URL"],
    [["entra", "--url=file:///etc/passwd"], "--url takes a Tenant URL"],
    [["entra", "--colour"], "--colour"],
    [["entra", "--client-id=c"], "belong together"],
    [["entra", "--client-secret=s"], "belong together"],
    [["entra", "--client-id=c", "--client-secret=s", "--token=t"], "Say either --token"],
    [["entra", "--client-id=c", "--client-secret=s", "--minutes=61"], "from 1 to 60"],
  ])("refuses %j in words", (argv, words) => {
    expect(parseArguments(argv)).toContain(words);
  });

  it("has nothing to do when help is asked for", () => {
    expect(parseArguments(["--help"])).toBeUndefined();
  });
});

describe("where the requests go", () => {
  it("does not send the local token to another machine", () => {
    expect(findTarget(parse("entra", "--url=https://scim.example.com/scim"))).toContain("--token");
  });

  it("sends the token that it was given", () => {
    const options = parse("entra", "--url=https://scim.example.com/scim", "--token=t");
    expect(findTarget(options)).toEqual({ baseUrl: "https://scim.example.com/scim", token: "t" });
  });

  it("may be said of an OAuth client, which fetches its token first", () => {
    const baseUrl = "https://scim.example.com/api/v1/scim/v2";
    const flags = ["--client-id=c", "--client-secret=s"];
    const client = { id: "c", secret: "s" };
    expect(findTarget(parse("entra", `--url=${baseUrl}`, ...flags))).toEqual({ baseUrl, client });
  });
});
