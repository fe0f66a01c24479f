import type { JsonObject } from "./json.ts";

/** The closed list of RFC 7644 §3.12 (table 9) and RFC 9865 §2.1. */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

export const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

/**
 * A fault of the request, or a state of the tenant, that the client is told about. Made only by the
 * constructors below, so that every `detail` is a sentence an administrator can act on.
 */
export class ScimError extends Error {
  override readonly name = "ScimError";
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly detail: string;
  /** Whole seconds: Okta honours no other form (a date makes it wait 5 minutes). */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    scimType: ScimType | undefined,
    detail: string,
    retryAfterSeconds?: number,
  ) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const invalidFilter = (detail: string) => new ScimError(400, "invalidFilter", detail);
export const mutability = (detail: string) => new ScimError(400, "mutability", detail);
export const invalidSyntax = (detail: string) => new ScimError(400, "invalidSyntax", detail);
export const invalidPath = (detail: string) => new ScimError(400, "invalidPath", detail);
export const noTarget = (detail: string) => new ScimError(400, "noTarget", detail);
export const invalidValue = (detail: string) => new ScimError(400, "invalidValue", detail);
/** RFC 9865 §2.1. */
export const invalidCursor = (detail: string) => new ScimError(400, "invalidCursor", detail);
export const expiredCursor = (detail: string) => new ScimError(400, "expiredCursor", detail);
export const invalidCount = (detail: string) => new ScimError(400, "invalidCount", detail);
export const uniqueness = (detail: string) => new ScimError(409, "uniqueness", detail);
/** RFC 7644 §3.7.1: the request is well-formed, and what it builds on is not there. */
export const conflict = (detail: string) => new ScimError(409, undefined, detail);

/** One text for "never existed" and "belongs to somebody else": RFC 7644 §7.4 and the tenant fence. */
export const notFound = (resourceType: string) =>
  new ScimError(404, undefined, `${resourceType} not found. It may have been deleted.`);

export const unauthorized = (detail: string) => new ScimError(401, undefined, detail);
export const forbidden = (detail: string) => new ScimError(403, undefined, detail);
export const methodNotAllowed = (detail: string) => new ScimError(405, undefined, detail);
export const preconditionFailed = (detail: string) => new ScimError(412, undefined, detail);
export const payloadTooLarge = (detail: string) => new ScimError(413, undefined, detail);
export const unsupportedMediaType = (detail: string) => new ScimError(415, undefined, detail);
/** RFC 6585 §4, with the whole number of seconds after which the same request may be sent again. */
export const tooManyRequests = (detail: string, retryAfterSeconds: number) =>
  new ScimError(429, undefined, detail, retryAfterSeconds);
export const notImplemented = (detail: string) => new ScimError(501, undefined, detail);

/** 503 with a whole number of seconds: the request was not applied and may be sent again as it is. */
export const unavailable = (detail: string, retryAfterSeconds: number) =>
  new ScimError(503, undefined, detail, retryAfterSeconds);

/** What a function returns, or the ScimError that it throws. Any other error is a bug, and goes on. */
export function orFault<Result>(run: () => Result): Result | ScimError {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

/** The body of RFC 7644 §3.12, where `status` is a string. */
export function errorBody({ status, scimType, detail }: ErrorFacts): JsonObject {
  return {
    schemas: [ERROR_SCHEMA],
    status: String(status),
    ...(scimType !== undefined && { scimType }),
    detail,
  };
}

type ErrorFacts = Pick<ScimError, "status" | "scimType" | "detail">;
