import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, expect } from "vitest";

import { statementWatch } from "./sql/statement-watch.ts";

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

// The Worker's line per request would drown what a failing test says, and costs more time than the request.
const print = console.log;
console.log = (...values: unknown[]) => {
  const [first] = values;
  if (typeof first !== "string" || !first.startsWith('{"event":"request"')) print(...values);
};

// A statement of the Worker that is not tied to one tenant fails the test that made it.
const expectNoFault = () => expect(statementWatch.takeFaults()).toEqual([]);
afterEach(expectNoFault);
afterAll(expectNoFault);
