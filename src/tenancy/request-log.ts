/**
 * What a request's line in the log says of it, beside method, status and time. Words and ids of ours alone: nothing
 * that a request brings with it, since that can be somebody's name or address.
 */
export interface RequestFacts {
  /** Which of the apps answers. A request that none is noted for leaves no line. */
  readonly app?: "scim" | "admin" | "oauth" | "console";
  /** The pattern of the route. */
  readonly route?: string | undefined;
  /** The id of the administrative operation. */
  readonly operation?: string | undefined;
  readonly scimType?: string | undefined;
  /** Why it was not let in, or not granted. */
  readonly refusal?: string | undefined;
  /** Id of the tenant. */
  readonly tenant?: string | undefined;
  /** Id of the credential. */
  readonly token?: string | undefined;
  /** The kind of who asks for an administrative operation. */
  readonly principal?: string | undefined;
}

/** The log of one request while it is answered. */
export interface RequestLog {
  /** In the line, in the journal, and in the answer's `X-Request-Id`. */
  readonly requestId: string;
  /** Adds to the line; what is noted twice has the later value. */
  note(facts: RequestFacts): void;
}
