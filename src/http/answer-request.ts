import type { RequestFacts, RequestLog } from "../tenancy/request-log.ts";
import { faultOf } from "./on-error.ts";

/** For what nobody shows to a person: whatever sets a policy of its own keeps it. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
const ONE_YEAR_OF_HTTPS = "max-age=31536000; includeSubDomains";

export interface AnswerDeps {
  readonly requestId: string;
  /** Whether clients reach this deployment by https, as PUBLIC_URL says. */
  readonly isHttps: boolean;
  /** How often D1 was asked so far. */
  readonly d1Calls: () => number;
  readonly now: () => number;
}

/**
 * The one way out for every answer of the Worker: with the request's id, the headers that tell browsers to do nothing
 * with it, and one line of JSON in the log. The line is written whatever becomes of the request, a 429 included, and
 * tells nothing of the URL but its route: filters carry names and addresses. No answer allows another origin to read
 * it (no CORS headers): identity providers are no browsers.
 */
export async function answerRequest(
  request: Request,
  { requestId, isHttps, d1Calls, now }: AnswerDeps,
  answer: (log: RequestLog) => Response | Promise<Response>,
): Promise<Response> {
  const start = now();
  let facts: RequestFacts = {};
  const log: RequestLog = {
    requestId,
    note(more) {
      facts = { ...facts, ...more };
    },
  };
  let given: Response;
  try {
    given = await answer(log);
  } catch (error) {
    // Every app answers its own faults: this one stands in front of them.
    given = faultOf(error, requestId);
  }
  // A copy: the headers of a redirect and of an asset cannot be changed.
  const answered = new Response(given.body, given);
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!answered.headers.has(name)) answered.headers.set(name, value);
  }
  if (isHttps) answered.headers.set("Strict-Transport-Security", ONE_YEAR_OF_HTTPS);
  answered.headers.set("X-Request-Id", requestId);
  if (facts.app !== undefined) {
    const { method } = request;
    const { status } = answered;
    const counted = { d1Calls: d1Calls(), ms: now() - start };
    console.log(
      JSON.stringify({ event: "request", requestId, method, status, ...facts, ...counted }),
    );
  }
  return answered;
}
