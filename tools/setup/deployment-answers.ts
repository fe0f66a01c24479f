/** The migrations that `wrangler d1 migrations apply` says it has applied, each once. */
export function readAppliedMigrations(stdout: string): readonly string[] {
  return [...new Set(stdout.match(/\S+\.sql(?=.*✅)/g))];
}

/** The address below workers.dev among the targets that `wrangler deploy` prints; a deployment may have none. */
export function readWorkersDevUrl(stdout: string): string | undefined {
  return /^\s+(https:\/\/[\w.-]+\.workers\.dev)\s*$/m.exec(stdout)?.[1];
}
