import { isPlaceholder, readConfiguration, withNamespaceId } from "./configuration.ts";
import type { Deps } from "./deps.ts";
import { readCreatedNamespace, readNamespaces } from "./namespace-answers.ts";
import { commandFailed } from "./step-failed.ts";

const LIST = ["kv", "namespace", "list"];

/**
 * Gives each KV namespace of wrangler.toml whose id only keeps a place a real one, and writes it there. One of
 * the same title is taken as it is: what it holds is a cache that never decides. Returns whether anything was
 * changed.
 */
export async function createNamespaces(deps: Deps): Promise<boolean> {
  const { name: worker, namespaces } = readConfiguration(deps.readToml());
  for (const { binding, id } of namespaces) {
    if (!isPlaceholder(id)) deps.say(`${binding}: ${id}, as wrangler.toml says`);
  }
  const missing = namespaces.filter(({ id }) => isPlaceholder(id));
  if (missing.length === 0) return false;
  const finished = await deps.run(LIST);
  const listed = finished.code === 0 ? readNamespaces(finished.stdout) : undefined;
  if (listed === undefined) throw commandFailed(LIST, finished);
  for (const { binding } of missing) {
    const title = `${worker}-${binding.toLowerCase()}`;
    const found = listed.find((namespace) => namespace.title === title);
    // oxlint-disable-next-line no-await-in-loop -- each is written down before the next one is made
    const id = found?.id ?? (await create(title, deps));
    deps.writeToml(withNamespaceId(deps.readToml(), binding, id));
    deps.say(
      `${binding}: ${found ? "found" : "made"} ${title} (${id}); wrangler.toml has the id now`,
    );
  }
  return true;
}

async function create(title: string, deps: Deps): Promise<string> {
  const args = ["kv", "namespace", "create", title];
  const finished = await deps.run(args);
  const id = finished.code === 0 ? readCreatedNamespace(finished.stdout) : undefined;
  if (id === undefined) throw commandFailed(args, finished);
  return id;
}
