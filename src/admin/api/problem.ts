import type { Context } from "hono";
import * as z from "zod/mini";

import type { AdminEnv } from "./admin-env.ts";

// RFC 9457 §4.2.1: with "about:blank" the title is the phrase of the status.
const TITLES = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;
export type ProblemStatus = keyof typeof TITLES;

/** The body of every answer that is not a success, as the documentation shows it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
  requestId: z.string().check(z.describe("Also in the header X-Request-Id and in the log.")),
});
type Problem = z.infer<typeof Problem>;

/** An RFC 9457 answer. `detail` says what to do, and never holds SQL, a stack or a secret. */
export function problem(
  context: Context<AdminEnv>,
  status: ProblemStatus,
  detail: string,
  extra: { errors?: Problem["errors"]; headers?: Record<string, string> } = {},
): Response {
  const body: Problem = {
    type: "about:blank",
    title: TITLES[status],
    status,
    detail,
    ...(extra.errors !== undefined && { errors: extra.errors }),
    requestId: context.var.requestId,
  };
  return context.body(JSON.stringify(body), status, {
    ...extra.headers,
    "Content-Type": "application/problem+json",
  });
}

/** 429 with the whole number of seconds after which the same request may be sent again. */
export const tooManyRequests = (
  context: Context<AdminEnv>,
  detail: string,
  seconds: number,
): Response => problem(context, 429, detail, { headers: { "Retry-After": String(seconds) } });
