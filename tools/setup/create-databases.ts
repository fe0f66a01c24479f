import { isPlaceholder, readConfiguration, withDatabaseId } from "./configuration.ts";
import { type ListedDatabase, readCreatedDatabase, readDatabases } from "./database-answers.ts";
import type { Deps } from "./deps.ts";
import { commandFailed, StepFailed } from "./step-failed.ts";

/** Where a new database lives. Neither can be changed later. */
export interface Whereabouts {
  /** A hint: weur, eeur, apac, oc, wnam or enam. */
  readonly location: string | undefined;
  /** A promise: eu, us or fedramp. */
  readonly jurisdiction: string | undefined;
}

const LIST = ["d1", "list", "--json"];

/**
 * Gives each database of wrangler.toml whose id only keeps a place a real one, and writes it there. One of the
 * same name is taken when it is empty: a run that was cut between making and writing left it. One that holds
 * tables may be somebody else's, and is not touched. Returns whether anything was changed.
 */
export async function createDatabases(where: Whereabouts, deps: Deps): Promise<boolean> {
  const { databases } = readConfiguration(deps.readToml());
  const names = databases.map(({ name }) => name);
  if (names.includes("") || new Set(names).size < names.length) {
    throw new StepFailed(
      "The databases in wrangler.toml do not all have a database_name of their own.",
      "Give each [[d1_databases]] another database_name.",
    );
  }
  const missing = databases.filter(({ id }) => isPlaceholder(id));
  for (const { binding, name, id } of databases) {
    if (!isPlaceholder(id)) deps.say(`${binding}: ${name} (${id}), as wrangler.toml says`);
  }
  if (missing.length === 0) return false;
  const listed = await list(deps);
  for (const { binding, name } of missing) {
    const found = listed.find((database) => database.name === name);
    // oxlint-disable-next-line no-await-in-loop -- each is written down before the next one is made
    const id = found === undefined ? await create(name, where, deps) : idOfEmpty(found);
    deps.writeToml(withDatabaseId(deps.readToml(), binding, id));
    deps.say(
      `${binding}: ${found === undefined ? "made" : "found, empty:"} ${name} (${id}); wrangler.toml has the id now`,
    );
  }
  return true;
}

async function list(deps: Deps): Promise<readonly ListedDatabase[]> {
  const finished = await deps.run(LIST);
  const databases = finished.code === 0 ? readDatabases(finished.stdout) : undefined;
  if (databases === undefined) throw commandFailed(LIST, finished);
  return databases;
}

async function create(name: string, where: Whereabouts, deps: Deps): Promise<string> {
  const { location, jurisdiction } = where;
  const args = ["d1", "create", name];
  if (location !== undefined) args.push("--location", location);
  if (jurisdiction !== undefined) args.push("--jurisdiction", jurisdiction);
  const finished = await deps.run(args);
  const id = finished.code === 0 ? readCreatedDatabase(finished.stdout) : undefined;
  if (id === undefined) throw commandFailed(args, finished);
  return id;
}

function idOfEmpty({ id, name, tables }: ListedDatabase): string {
  if (tables === 0) return id;
  throw new StepFailed(
    `The account has a database ${name} already, with ${tables ?? "an unknown number of"} tables in it.`,
    `If it belongs to this deployment, write its id into wrangler.toml: database_id = "${id}". If not, choose another database_name there. Then type the same command again.`,
  );
}
