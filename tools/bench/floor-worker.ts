import { Hono } from "hono";

/**
 * The least that an authenticated read can do: one KV get and one D1 select by primary key, on the same data and in
 * the same runtime. `npm run bench` compares the throughput with it.
 */
const app = new Hono<{ Bindings: Env }>();

app.get("/:tenant/:id", async (context) => {
  const known = await context.env.TOKENS.get("floor", { type: "json", cacheTtl: 60 });
  if (known === null) return context.json({ detail: "unknown" }, 401);
  const { tenant, id } = context.req.param();
  const row = await context.env.DB.prepare("SELECT * FROM users WHERE tenant_key = ? AND id = ?")
    .bind(Number(tenant), id)
    .first();
  return row === null ? context.json({ detail: "not found" }, 404) : context.json(row);
});

export default app;
