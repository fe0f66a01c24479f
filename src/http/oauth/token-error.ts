/** RFC 6749 §5.2; the two at the end are for what it leaves to HTTP, under the names of its §4.1.2.1. */
export type TokenErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "temporarily_unavailable"
  | "server_error";

/** A refusal of the token endpoint. The description takes no quotation marks and no backslashes (§5.2). */
export interface TokenError {
  readonly code: TokenErrorCode;
  readonly description: string;
  readonly status: 400 | 401 | 404 | 405 | 429 | 500 | 503;
  readonly headers?: Readonly<Record<string, string>>;
}

export const invalidRequest = (description: string): TokenError => ({
  code: "invalid_request",
  description,
  status: 400,
});

/** One text for every reason: which one it was stands in the log alone. */
export const INVALID_CLIENT: TokenError = {
  code: "invalid_client",
  description:
    "The client id or the client secret is missing or not valid. Copy both anew, or add a secret to the client.",
  status: 401,
  // Whichever way the client took: RFC 9110 §15.5.2 wants a challenge with every 401.
  headers: { "WWW-Authenticate": 'Basic realm="OAuth"' },
};

export const temporarilyUnavailable = (
  description: string,
  retryAfterSeconds: number,
): TokenError => ({
  code: "temporarily_unavailable",
  description,
  status: 503,
  headers: { "Retry-After": String(retryAfterSeconds) },
});

/** Whatever the token endpoint says is JSON. */
export function tokenErrorResponse({ code, description, status, headers }: TokenError): Response {
  return new Response(JSON.stringify({ error: code, error_description: description }), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}
