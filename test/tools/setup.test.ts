import { describe, expect, it } from "vitest";

import { dryRun } from "../../tools/setup/dry-run.ts";
import { parseDeployFlags, parseSetUpFlags } from "../../tools/setup/parse-flags.ts";
import { setUp } from "../../tools/setup/set-up.ts";
import { StepFailed } from "../../tools/setup/step-failed.ts";
import { Cut } from "./recorded-account.ts";
import { Machine, NEWEST } from "./setup-fixture.ts";

const NOTHING = { url: undefined, location: undefined, jurisdiction: undefined };
const URL = "https://scim.example.com";
const WORKERS_DEV = "https://scim-edge.example.workers.dev";
const HEALTHY = {
  status: 200,
  text: JSON.stringify({ status: "ok", schemaVersion: NEWEST }),
  mitigated: undefined,
};
/** Commands that only look. */
const LOOKS = /^(whoami|d1 list|kv namespace list|secret list|d1 migrations)/;

async function failureOf(run: Promise<unknown>): Promise<StepFailed> {
  const outcome = await run.catch((error: unknown) => error);
  if (outcome instanceof StepFailed) return outcome;
  throw new Error(`did not fail as a step does, but: ${String(outcome)}`);
}

describe("npm run setup", () => {
  it("makes everything that an empty account lacks, and ends with an answering Worker", async () => {
    const machine = new Machine();
    await setUp({ ...NOTHING, url: URL }, machine.deps);
    expect(machine.account.commands).toEqual([
      "whoami --json",
      "d1 list --json",
      "d1 create scim-edge",
      "d1 create scim-edge-1",
      "kv namespace list",
      "kv namespace create scim-edge-tokens",
      "secret list",
      "secret put ADMIN_TOKEN",
      "secret put TOKEN_PEPPER",
      "secret put SIGNING_KEY",
      "d1 migrations apply DB --remote",
      "d1 migrations apply DB_1 --remote",
      `deploy --var PUBLIC_URL:${URL}`,
    ]);
    expect(machine.toml).toContain('database_id = "5f7a1c2e-0b1d-4a8e-9c3f-000000000001"');
    expect(machine.toml).toContain('database_id = "5f7a1c2e-0b1d-4a8e-9c3f-000000000002"');
    expect(machine.toml).toContain('id = "9b1d2c3e4f5061728394a5b6c7d8e9f0"');
    expect(machine.publicUrl).toBe(URL);
    expect(machine.printed.join("\n")).toContain(`${URL}/healthz is ok`);
  });

  it("changes nothing when it is run again", async () => {
    const machine = new Machine();
    await setUp({ ...NOTHING, url: URL }, machine.deps);
    const { toml } = machine;
    machine.account.commands.length = 0;
    await setUp(NOTHING, machine.deps);
    expect(machine.account.commands.filter((command) => !LOOKS.test(command))).toEqual([]);
    expect(machine.toml).toBe(toml);
  });

  it("finishes what a run began that was cut at any command, and makes nothing twice", async () => {
    const whole = new Machine();
    await setUp(NOTHING, whole.deps);
    const commands = whole.account.commands.length;
    for (let cutAt = 1; cutAt <= commands; cutAt++) {
      const machine = new Machine();
      machine.account.cutAt = cutAt;
      // oxlint-disable-next-line no-await-in-loop -- one machine after the other
      await expect(setUp(NOTHING, machine.deps)).rejects.toBeInstanceOf(Cut);
      machine.account.cutAt = undefined;
      // oxlint-disable-next-line no-await-in-loop -- one machine after the other
      await setUp(NOTHING, machine.deps);
      expect(machine.toml, `cut at ${cutAt}`).toBe(whole.toml);
      expect([...machine.account.databases.keys()]).toEqual(["scim-edge", "scim-edge-1"]);
      expect([...machine.account.namespaces.keys()]).toEqual(["scim-edge-tokens"]);
      expect([...machine.account.secrets.values()].map((values) => values.length)).toEqual([
        1, 1, 1,
      ]);
    }
  });

  it("gives secrets to stdin and never to arguments, and shows once those that must be kept", async () => {
    const machine = new Machine();
    await setUp(NOTHING, machine.deps);
    await setUp(NOTHING, machine.deps);
    const values = Object.fromEntries(machine.account.secrets);
    expect(new Set(Object.values(values).flat()).size).toBe(3);
    const printed = machine.printed.join("\n");
    for (const value of Object.values(values).flat()) {
      expect(machine.account.commands.join("\n")).not.toContain(value);
    }
    expect(printed.split(values["ADMIN_TOKEN"]?.[0] ?? "?").length).toBe(2);
    expect(printed.split(values["TOKEN_PEPPER"]?.[0] ?? "?").length).toBe(2);
    expect(printed).not.toContain(values["SIGNING_KEY"]?.[0]);
  });

  it("puts only the secrets that are missing", async () => {
    const machine = new Machine();
    machine.account.hasWorker = true;
    machine.account.secrets.set("TOKEN_PEPPER", ["the old one"]);
    await setUp(NOTHING, machine.deps);
    expect(machine.account.secrets.get("TOKEN_PEPPER")).toEqual(["the old one"]);
    expect([...machine.account.secrets.keys()]).toHaveLength(3);
  });

  it("puts no secret when it cannot see which ones are there", async () => {
    const machine = new Machine();
    machine.account.failing.set("secret list", "secret list, bad token");
    const failure = await failureOf(setUp(NOTHING, machine.deps));
    expect(failure.next).toContain("npx wrangler login");
    expect(machine.account.secrets.size).toBe(0);
  });

  it("learns the address below workers.dev from the deployment, and deploys with it", async () => {
    const machine = new Machine();
    await setUp(NOTHING, machine.deps);
    expect(machine.account.deployments).toEqual([[], ["--var", `PUBLIC_URL:${WORKERS_DEV}`]]);
    expect(machine.publicUrl).toBe(WORKERS_DEV);
  });

  it("takes the address that the person types", async () => {
    const machine = new Machine();
    machine.typed = ` ${URL}/ `;
    await setUp(NOTHING, machine.deps);
    expect(machine.publicUrl).toBe(URL);
  });

  it.each(["http://scim.example.com", "scim.example.com", "http://localhost:8787", "https://a?b"])(
    "refuses the address %s before anything is made",
    async (url) => {
      const machine = new Machine();
      const failure = await failureOf(setUp({ ...NOTHING, url }, machine.deps));
      expect(failure.next).toContain("--url");
      expect(machine.account.commands).toEqual(["whoami --json"]);
    },
  );

  it("deploys again when the address changes, and is not content with the old one's health", async () => {
    const machine = new Machine();
    await setUp({ ...NOTHING, url: URL }, machine.deps);
    // Both domains are routes of the Worker.
    machine.health = HEALTHY;
    await setUp({ ...NOTHING, url: "https://other.example.com" }, machine.deps);
    expect(machine.account.deployments.at(-1)).toEqual([
      "--var",
      "PUBLIC_URL:https://other.example.com",
    ]);
  });

  it("deploys again when a database was added, although the Worker is healthy without it", async () => {
    const machine = new Machine();
    const [one = "", two = "", ...others] = machine.toml.split(/^(?=\[\[)/m);
    machine.toml = [one, two].join("");
    await setUp({ ...NOTHING, url: URL }, machine.deps);
    machine.toml += others.join("");
    await setUp(NOTHING, machine.deps);
    expect([...machine.account.databases.keys()]).toEqual(["scim-edge", "scim-edge-1"]);
    expect(machine.account.deployments).toHaveLength(2);
  });

  it("does not take a database of the same name that holds tables", async () => {
    const machine = new Machine();
    const id = "99999999-0b1d-4a8e-9c3f-000000000001";
    machine.account.databases.set("scim-edge", { id, tables: 3 });
    const before = machine.toml;
    const failure = await failureOf(setUp(NOTHING, machine.deps));
    expect(failure.message).toContain("3 tables");
    expect(failure.next).toContain(`database_id = "${id}"`);
    expect(machine.toml).toBe(before);
  });

  it("refuses two databases of one name", async () => {
    const machine = new Machine();
    machine.toml = machine.toml.replace("scim-edge-1", "scim-edge");
    await failureOf(setUp(NOTHING, machine.deps));
    expect(machine.account.databases.size).toBe(0);
  });

  it("says where new databases shall be", async () => {
    const machine = new Machine();
    await setUp({ url: undefined, location: "weur", jurisdiction: "eu" }, machine.deps);
    expect(machine.account.commands).toContain(
      "d1 create scim-edge --location weur --jurisdiction eu",
    );
  });

  it("stops where nobody is logged in, and where several accounts could be meant", async () => {
    const machine = new Machine();
    machine.account.failing.set("whoami", "whoami, logged out");
    expect((await failureOf(setUp(NOTHING, machine.deps))).next).toContain("wrangler login");
    machine.account.failing.set("whoami", "whoami, several accounts");
    const failure = await failureOf(setUp(NOTHING, machine.deps));
    expect(failure.message).toContain("fedcba9876543210fedcba9876543210  Other");
    expect(machine.account.commands).toEqual(["whoami --json", "whoami --json"]);
    const chosenAccount = "fedcba9876543210fedcba9876543210";
    await setUp(NOTHING, { ...machine.deps, chosenAccount });
    expect(machine.printed).toContain("operator@example.com, account Other");
  });

  it("quotes wrangler when a command fails, and says what to do", async () => {
    const machine = new Machine();
    machine.account.failing.set("deploy", "deploy, free plan");
    const failure = await failureOf(setUp(NOTHING, machine.deps));
    expect(failure.message).toContain("CPU limits are not supported for the Free plan");
    expect(failure.message).not.toContain("Logs were written");
    expect(failure.next).toContain("delete cpu_ms");
  });

  it.each([
    [undefined, "Nothing answers"],
    [{ status: 403, text: "<html>", mitigated: "challenge" }, "with a challenge"],
    [
      { status: 503, text: '{"detail":"SIGNING_KEY is short"}', mitigated: undefined },
      "SIGNING_KEY",
    ],
    [{ status: 200, text: "<html>", mitigated: undefined }, "is not this Worker"],
    [
      { status: 200, text: '{"status":"ok","schemaVersion":"0001_a.sql"}', mitigated: undefined },
      "0001_a.sql",
    ],
  ])("waits for a healthy answer, and in the end says what it got: %o", async (health, message) => {
    const machine = new Machine();
    const askHealth = () => Promise.resolve(health);
    const failure = await failureOf(setUp(NOTHING, { ...machine.deps, askHealth }));
    expect(failure.message).toContain(message);
    expect(machine.pauses).toBe(60);
  });

  it("prints the commands of a dry run and runs none of them", async () => {
    const machine = new Machine();
    const before = machine.toml;
    await setUp({ ...NOTHING, url: URL }, dryRun(machine.deps));
    const whole = new Machine();
    await setUp({ ...NOTHING, url: URL }, whole.deps);
    const printed = machine.printed.flatMap(
      (line) => /^npx wrangler (.*?)(?: {3}.*)?$/.exec(line)?.[1] ?? [],
    );
    expect(printed).toEqual(whole.account.commands);
    expect(machine.account.commands).toEqual([]);
    expect(machine.toml).toBe(before);
    expect(machine.asked).toEqual([]);
    expect(machine.printed.join("\n")).not.toContain("random-secret");
  });
});

describe("the flags of setup and deploy", () => {
  it("are read", () => {
    expect(parseSetUpFlags(["--url", URL, "--jurisdiction", "eu", "--dry-run"])).toEqual({
      url: URL,
      jurisdiction: "eu",
      location: undefined,
      dryRun: true,
    });
    expect(parseDeployFlags([])).toEqual({ url: undefined, dryRun: false });
    expect(parseSetUpFlags(["--help"])).toBeUndefined();
    expect(parseDeployFlags(["-h"])).toBeUndefined();
  });

  it("are refused in a sentence when they cannot be meant", () => {
    expect(parseSetUpFlags(["--frob"])).toContain("--frob");
    expect(parseDeployFlags(["--jurisdiction", "eu"])).toContain("--jurisdiction");
    expect(parseDeployFlags(["production"])).toContain("production");
  });
});
