/** For load balancers and `npm run setup`: whether the parts are there. Holds nothing that is secret. */
export async function health(parts: {
  readonly schemaVersion: () => Promise<string | undefined>;
  readonly bindings: Readonly<Record<string, boolean>>;
}): Promise<Response> {
  const headers = { "Cache-Control": "no-store" };
  try {
    const schemaVersion = await parts.schemaVersion();
    if (schemaVersion !== undefined) {
      return Response.json({ status: "ok", schemaVersion, bindings: parts.bindings }, { headers });
    }
  } catch {
    // No table of migrations: the database was never set up.
  }
  return Response.json(
    {
      status: "unavailable",
      detail: "The database has no tables. Type: npx wrangler d1 migrations apply DB --remote",
      bindings: parts.bindings,
    },
    { status: 503, headers },
  );
}
