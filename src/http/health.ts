/** For load balancers and `npm run setup`: whether the parts are there. Holds nothing that is secret. */
export async function health(parts: {
  /** One for each database, by the name of its binding. */
  readonly schemaVersions: Readonly<Record<string, () => Promise<string | undefined>>>;
  readonly bindings: Readonly<Record<string, boolean>>;
}): Promise<Response> {
  const versions = await Promise.all(
    Object.entries(parts.schemaVersions).map(async ([database, ask]) => {
      // A failure: no table of migrations, because the database was never set up.
      return { database, version: await ask().catch(() => undefined) };
    }),
  );
  const missing = versions.find(({ version }) => version === undefined);
  if (missing === undefined) {
    // What may be relied on is what every database has; migrations are numbered, so that names sort.
    const known = versions.map(({ version }) => version ?? "");
    const schemaVersion = known.reduce((lowest, name) => (name < lowest ? name : lowest));
    return Response.json({ status: "ok", schemaVersion, bindings: parts.bindings });
  }
  return Response.json(
    {
      status: "unavailable",
      detail: `The database has no tables. Type: npx wrangler d1 migrations apply ${missing.database} --remote`,
      bindings: parts.bindings,
    },
    { status: 503 },
  );
}
