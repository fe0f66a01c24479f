import { describe, expect, it } from "vitest";

import { parseArguments } from "../../tools/torture/parse-arguments.ts";

describe("the arguments of npm run torture", () => {
  it("are a little of both without any", () => {
    expect(parseArguments([])).toEqual({
      rounds: 20,
      commands: 1000,
      seed: undefined,
      seconds: 1800,
      writers: 6,
    });
  });

  it("choose what is played", () => {
    expect(parseArguments(["--rounds", "100"])).toMatchObject({ rounds: 100, commands: 0 });
    expect(parseArguments(["--model=10000"])).toMatchObject({ rounds: 0, commands: 10_000 });
    expect(parseArguments(["--model", "5", "--rounds", "6"])).toMatchObject({
      rounds: 6,
      commands: 5,
    });
  });

  it("repeat a run by its seed", () => {
    expect(parseArguments(["--seed", "7"])).toMatchObject({ seed: 7, rounds: 20 });
  });

  it("ask for help", () => {
    expect(parseArguments(["--rounds", "1", "-h"])).toBeUndefined();
  });

  it.each([
    [["--rounds", "0"], "--rounds takes a whole number from 1"],
    [["--model", "ten"], "--model takes a whole number"],
    [["--seed", "2147483648"], "--seed takes a whole number"],
    [["--seconds", "0"], "--seconds takes a whole number from 1"],
    [["--writers", "33"], "from 1 to 32"],
    [["--forever"], "--forever"],
  ])("%j is refused with a sentence", (argv, sentence) => {
    expect(parseArguments(argv)).toContain(sentence);
  });
});
