import { type Context, Hono } from "hono";

/**
 * The least that an authenticated read can do: one KV get and one D1 select by primary key, on the same data and in
 * the same runtime. `npm run bench` compares the throughput with it. Under `/unasked` the same without the KV get.
 */
const app = new Hono<{ Bindings: Env }>();

app.get("/unasked/:tenant/:id", answerRow);
app.get("/:tenant/:id", async (context) => {
  const known = await context.env.TOKENS.get("floor", { type: "json", cacheTtl: 60 });
  return known === null ? context.json({ detail: "unknown" }, 401) : answerRow(context);
});

async function answerRow(context: Context<{ Bindings: Env }>): Promise<Response> {
  const row = await context.env.DB.prepare("SELECT * FROM users WHERE tenant_key = ? AND id = ?")
    .bind(Number(context.req.param("tenant")), context.req.param("id"))
    .first();
  return row === null ? context.json({ detail: "not found" }, 404) : context.json(row);
}

export default app;
