import { describe, expect, it } from "vitest";

import * as errors from "../../src/scim/error.ts";
import { thrownBy } from "./thrown-by.ts";

const { errorBody, orFault, ScimError } = errors;

/** RFC 7644 §3.12 (tables 8 and 9) and RFC 9865 §2.1. */
const ROWS = [
  [errors.invalidFilter, 400, "invalidFilter"],
  [errors.mutability, 400, "mutability"],
  [errors.invalidSyntax, 400, "invalidSyntax"],
  [errors.invalidPath, 400, "invalidPath"],
  [errors.noTarget, 400, "noTarget"],
  [errors.invalidValue, 400, "invalidValue"],
  [errors.invalidCursor, 400, "invalidCursor"],
  [errors.expiredCursor, 400, "expiredCursor"],
  [errors.invalidCount, 400, "invalidCount"],
  [errors.uniqueness, 409, "uniqueness"],
  [errors.conflict, 409, undefined],
  [errors.notFound, 404, undefined],
  [errors.unauthorized, 401, undefined],
  [errors.forbidden, 403, undefined],
  [errors.methodNotAllowed, 405, undefined],
  [errors.preconditionFailed, 412, undefined],
  [errors.payloadTooLarge, 413, undefined],
  [errors.unsupportedMediaType, 415, undefined],
  [errors.notImplemented, 501, undefined],
] as const;

describe("an error", () => {
  it.each(ROWS)("%o has the status %i and the scimType %s", (make, status, scimType) => {
    const error = make("The detail.");
    expect(error).toMatchObject({ status, scimType });
    expect(errorBody(error)).toStrictEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      ...(scimType !== undefined && { scimType }),
      detail: expect.stringContaining("The detail"),
    });
  });

  it("of a server that cannot answer now says when to come back", () => {
    expect(errors.unavailable("Later.", 7)).toMatchObject({ status: 503, retryAfterSeconds: 7 });
    expect(errors.tooManyRequests("Later.", 7)).toMatchObject({
      status: 429,
      scimType: undefined,
      retryAfterSeconds: 7,
    });
  });
});

describe("orFault", () => {
  it("gives what a function returns, or the ScimError that it throws", () => {
    const fault = errors.notFound("User");
    expect(orFault(() => 7)).toBe(7);
    expect(
      orFault(() => {
        throw fault;
      }),
    ).toBe(fault);
  });

  it("lets any other error pass, since that is a bug", () => {
    const bug = new TypeError("x is undefined");
    const run = () =>
      orFault(() => {
        throw bug;
      });
    expect(thrownBy(run)).toBe(bug);
    expect(bug).not.toBeInstanceOf(ScimError);
  });
});
