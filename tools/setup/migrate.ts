import { readConfiguration } from "./configuration.ts";
import { readAppliedMigrations } from "./deployment-answers.ts";
import type { Deps } from "./deps.ts";
import { commandFailed } from "./step-failed.ts";

/**
 * Applies what is missing of migrations/ to every database of wrangler.toml, one after the other. Migrations
 * only add, so that the version that is deployed goes on meanwhile. Returns whether anything was applied.
 */
export async function migrate(deps: Deps): Promise<boolean> {
  let isChanged = false;
  for (const { binding } of readConfiguration(deps.readToml()).databases) {
    const args = ["d1", "migrations", "apply", binding, "--remote"];
    // oxlint-disable-next-line no-await-in-loop -- a migration that fails must not meet the next database
    const finished = await deps.run(args);
    if (finished.code !== 0) throw commandFailed(args, finished);
    const applied = readAppliedMigrations(finished.stdout);
    deps.say(
      `${binding}: ${applied.length === 0 ? "up to date" : `applied ${applied.join(", ")}`}`,
    );
    isChanged ||= applied.length > 0;
  }
  return isChanged;
}
