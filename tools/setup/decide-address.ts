import { readPublicUrl } from "../../src/tenancy/public-url.ts";
import { readConfiguration } from "./configuration.ts";
import type { Deps } from "./deps.ts";
import { StepFailed } from "./step-failed.ts";

const QUESTION =
  "Where will identity providers reach it (https://…)? Enter for its address below workers.dev: ";

/**
 * The address that every printed URL starts with: the flag, else PUBLIC_URL in wrangler.toml, else what the
 * person at the terminal says. Undefined: the one below workers.dev, which is known after the deployment.
 */
export async function decideAddress(
  flag: string | undefined,
  deps: Deps,
): Promise<string | undefined> {
  const written = readConfiguration(deps.readToml()).publicUrl;
  const given = flag ?? (written === "" ? await deps.ask(QUESTION) : written);
  if (given === undefined || given.trim() === "") {
    deps.say("its address below workers.dev, known after the deployment");
    return undefined;
  }
  const read = readPublicUrl(given);
  if (read.kind === "refused" || !read.url.startsWith("https://")) {
    throw new StepFailed(
      `"${given}" cannot be the address of a deployment.`,
      "Give one such as https://scim.example.com with --url, or as PUBLIC_URL in wrangler.toml.",
    );
  }
  deps.say(read.url);
  return read.url;
}
