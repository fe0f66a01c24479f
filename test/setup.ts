import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

// The Worker's line per request would drown what a failing test says, and costs more time than the request.
const print = console.log;
console.log = (...values: unknown[]) => {
  const [first] = values;
  if (typeof first !== "string" || !first.startsWith('{"event":"request"')) print(...values);
};
