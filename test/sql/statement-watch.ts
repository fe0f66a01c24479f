import { env } from "cloudflare:workers";

import { watchStatements } from "./watch-statements.ts";

/** Over all statements of this test file. */
export const statementWatch = watchStatements(env.DB);
