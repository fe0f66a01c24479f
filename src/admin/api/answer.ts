import type { Context } from "hono";

import { NO_INPUT, type Operation, type Outcome } from "../operation.ts";
import type { AdminEnv } from "./admin-env.ts";
import { problem } from "./problem.ts";
import { acceptedBy, readBody, type ReadBody } from "./read-body.ts";

const MEBIBYTE = 1024 * 1024;

/** The handler of an operation: HTTP to input, outcome to HTTP, and nothing else. */
export function answer(operation: Operation) {
  return async function answerOperation(context: Context<AdminEnv>): Promise<Response> {
    context.set("operation", operation.id);
    const body: ReadBody =
      operation.body === NO_INPUT
        ? { kind: "read", value: {} }
        : await readBody(context.req.raw, acceptedBy(operation));
    switch (body.kind) {
      case "too-large":
        return problem(
          context,
          413,
          `The body may have ${body.maxBytes / MEBIBYTE} MiB at most. Send it in several parts.`,
        );
      case "other-type":
        return problem(
          context,
          415,
          `Send the body as ${body.types.join(" or ")}, not compressed.`,
        );
      case "malformed":
        return problem(context, 400, `The body is not valid ${body.expected} in UTF-8.`);
      case "read":
        return respond(
          context,
          operation,
          await operation.perform(
            {
              caller: { principal: context.var.principal, requestId: context.var.requestId },
              params: context.req.param(),
              query: queryOf(context),
              body: body.value,
              accept: context.req.header("Accept"),
            },
            context.env,
          ),
        );
    }
  };
}

function respond(
  context: Context<AdminEnv>,
  operation: Operation,
  outcome: Outcome<unknown>,
): Response {
  switch (outcome.kind) {
    case "done":
      if (operation.status === 204) return context.body(null, 204);
      return context.body(JSON.stringify(outcome.answer), operation.status, {
        "Content-Type": "application/json",
      });
    case "file": {
      const { type, name, content } = outcome.file;
      return context.body(content, 200, {
        "Content-Type": `${type}; charset=utf-8`,
        "Content-Disposition": `attachment; filename="${name}"`,
      });
    }
    case "forbidden":
      return problem(context, 403, outcome.detail ?? "This key may not do that.");
    case "not-found":
      return problem(context, 404, outcome.detail);
    case "conflict":
      return problem(context, 409, outcome.detail);
    case "gone":
      return problem(context, 410, outcome.detail);
    case "invalid":
      return problem(context, 422, "Some fields are not valid; see errors.", {
        errors: [...outcome.errors],
      });
  }
}

/** Empty is absent: forms send every field. A parameter given twice stays a list, which no schema takes. */
function queryOf(context: Context<AdminEnv>): Record<string, string | string[]> {
  const given = Object.entries(context.req.queries()).flatMap(([name, values]) => {
    const [first, ...others] = values.filter((value) => value !== "");
    return first === undefined ? [] : [[name, others.length > 0 ? values : first] as const];
  });
  return Object.fromEntries(given);
}
