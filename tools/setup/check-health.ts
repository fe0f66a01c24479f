import type { Deps } from "./deps.ts";
import { type Health, readHealth } from "./read-health.ts";
import { StepFailed } from "./step-failed.ts";

/** A version needs seconds to be everywhere, the certificate of a new domain minutes. */
const PATIENCE_MS = 180_000;
const PAUSE_MS = 3000;

/** Whether the deployment answers, with the newest schema in every database. Asks once. */
export async function isHealthy(url: string, deps: Deps): Promise<boolean> {
  return (await ask(url, deps)).kind === "healthy";
}

/** Waits until `/healthz` answers with the newest schema, or says what stands in the way. */
export async function checkHealth(url: string, deps: Deps): Promise<void> {
  let health = await ask(url, deps);
  for (let waited = 0; health.kind !== "healthy" && waited < PATIENCE_MS; waited += PAUSE_MS) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    await deps.pause(PAUSE_MS);
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    health = await ask(url, deps);
  }
  if (health.kind !== "healthy") throw failure(url, health, deps.newestMigration);
  deps.say(`${url}/healthz is ok, with the schema ${health.schemaVersion} in every database`);
}

async function ask(url: string, deps: Deps): Promise<Health> {
  return readHealth(await deps.askHealth(`${url}/healthz`), deps.newestMigration);
}

function failure(
  url: string,
  health: Exclude<Health, { kind: "healthy" }>,
  newestMigration: string,
): StepFailed {
  switch (health.kind) {
    case "silent":
      return new StepFailed(
        `Nothing answers at ${url}/healthz.`,
        "A new domain may take some minutes: type the same command again then. Is it a route of this Worker? docs/deploy.md, Custom domain.",
      );
    case "challenged":
      return new StepFailed(
        `Cloudflare's bot protection answers at ${url}/healthz with a challenge, and will do so to identity providers.`,
        "Make the exception of docs/deploy.md, Firewall.",
      );
    case "foreign":
      return new StepFailed(
        `What answers at ${url}/healthz (status ${health.status}) is not this Worker.`,
        "Is PUBLIC_URL a domain or route of this Worker? docs/deploy.md, Custom domain.",
      );
    case "complains":
      return new StepFailed(
        `The Worker answers: ${health.detail}`,
        "Do that, then type the same command again.",
      );
    case "other-schema":
      return new StepFailed(
        `The databases have the schema ${health.schemaVersion}, and migrations/ ends with ${newestMigration}.`,
        "Type npm run deploy. An older working copy than the one that was deployed needs no newer schema: pull first.",
      );
  }
}
