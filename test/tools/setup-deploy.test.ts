import { describe, expect, it } from "vitest";

import { deployAgain } from "../../tools/setup/deploy-again.ts";
import { dryRun } from "../../tools/setup/dry-run.ts";
import { setUp } from "../../tools/setup/set-up.ts";
import { Machine } from "./setup-fixture.ts";

const URL = "https://scim.example.com";

async function deployedMachine(): Promise<Machine> {
  const machine = new Machine();
  await setUp({ url: URL, location: undefined, jurisdiction: undefined }, machine.deps);
  machine.account.commands.length = 0;
  return machine;
}

describe("npm run deploy", () => {
  it("migrates every database before it deploys", async () => {
    const machine = await deployedMachine();
    await deployAgain(undefined, machine.deps);
    expect(machine.account.commands).toEqual([
      "d1 migrations apply DB --remote",
      "d1 migrations apply DB_1 --remote",
      "deploy",
    ]);
    expect(machine.printed.at(-1)).toContain(`${URL}/healthz is ok`);
  });

  it("does not deploy what a database could not be migrated for", async () => {
    const machine = await deployedMachine();
    machine.account.failing.set("d1 migrations apply DB_1", "migrations, one fails");
    await expect(deployAgain(undefined, machine.deps)).rejects.toThrow('near "CREATTE"');
    expect(machine.account.commands).not.toContain("deploy");
  });

  it("is not for what was never set up", async () => {
    const machine = new Machine();
    await expect(deployAgain(undefined, machine.deps)).rejects.toMatchObject({
      message: "Nothing has been made yet for DB, DB_1, TOKENS in wrangler.toml.",
      next: "Type npm run setup.",
    });
    expect(machine.account.commands).toEqual([]);
  });

  it("moves to another address and writes it down", async () => {
    const machine = await deployedMachine();
    await deployAgain("https://other.example.com", machine.deps);
    expect(machine.account.deployments.at(-1)).toEqual([
      "--var",
      "PUBLIC_URL:https://other.example.com",
    ]);
    expect(machine.publicUrl).toBe("https://other.example.com");
  });

  it("finds its address where nobody has written one, as after the deploy button", async () => {
    const machine = await deployedMachine();
    machine.toml = machine.toml.replace(URL, "");
    await deployAgain(undefined, machine.deps);
    expect(machine.publicUrl).toBe("https://scim-edge.example.workers.dev");
  });

  it("says what to type when there is no address to find", async () => {
    const machine = await deployedMachine();
    machine.toml = machine.toml.replace(URL, "");
    machine.account.failing.set("deploy", "deploy to a custom domain");
    await expect(deployAgain(undefined, machine.deps)).rejects.toMatchObject({
      next: "Type the same command again with its address: --url https://scim.example.com",
    });
  });

  it("prints the commands of a dry run and runs none of them", async () => {
    const machine = await deployedMachine();
    machine.printed.length = 0;
    await deployAgain(undefined, dryRun(machine.deps));
    expect(machine.printed.filter((line) => line.startsWith("npx"))).toEqual([
      "npx wrangler d1 migrations apply DB --remote",
      "npx wrangler d1 migrations apply DB_1 --remote",
      "npx wrangler deploy",
    ]);
    expect(machine.account.commands).toEqual([]);
  });
});
