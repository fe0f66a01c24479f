import type { Context } from "hono";

import type { FileAnswer, OperationOf, Outcome } from "../operation.ts";
import type { ConsoleEnv } from "./console-env.ts";
import { ConsoleRefusal } from "./console-refusal.ts";

export interface Asked {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly accept?: string;
}

/** What an operation of the admin API says to the person who is signed in. Throws what the stores throw. */
export function attempt<Answer>(
  context: Context<ConsoleEnv>,
  operation: OperationOf<Answer>,
  { params = {}, query = {}, body = {}, accept }: Asked,
): Promise<Outcome<Answer>> {
  const caller = { principal: context.var.view.principal, requestId: context.var.requestId };
  // Empty is absent, as in the API: forms send every field.
  const given = Object.entries(query).filter(([, value]) => value !== "" && value !== undefined);
  return operation.perform(
    { caller, params, query: Object.fromEntries(given), body, accept },
    context.env.admin,
  );
}

/** The answer of an operation; throws `ConsoleRefusal` where it has none. */
export async function ask<Answer>(
  context: Context<ConsoleEnv>,
  operation: OperationOf<Answer>,
  asked: Asked,
): Promise<Answer> {
  const outcome = await attempt(context, operation, asked);
  if (outcome.kind === "done") return outcome.answer;
  if (outcome.kind === "file") throw new Error(`${operation.id} answers a file.`);
  throw new ConsoleRefusal(outcome);
}

/** The file that an operation answers, as a download. */
export async function askFile(
  context: Context<ConsoleEnv>,
  operation: OperationOf<unknown>,
  asked: Asked,
): Promise<Response> {
  const outcome = await attempt(context, operation, asked);
  if (outcome.kind === "done") throw new Error(`${operation.id} answers no file.`);
  if (outcome.kind !== "file") throw new ConsoleRefusal(outcome);
  return fileResponse(context, outcome.file);
}

function fileResponse(context: Context<ConsoleEnv>, { type, name, content }: FileAnswer): Response {
  return context.body(content, 200, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}
