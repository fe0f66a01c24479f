import type { Refusal } from "../operation.ts";

/** Thrown by `ask` when an operation did not happen: the page that would have shown it says why instead. */
export class ConsoleRefusal extends Error {
  override readonly name = "ConsoleRefusal";

  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

const STATUSES = {
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  gone: 410,
  invalid: 422,
} as const;

export const statusOf = ({ kind }: Refusal) => STATUSES[kind];

/** Why, in words for the person who pressed the button. */
export function reasonsOf(refusal: Refusal): readonly string[] {
  switch (refusal.kind) {
    case "invalid":
      return refusal.errors.map(({ path, message }) =>
        path === "" ? message : `${path}: ${message}`,
      );
    case "forbidden":
      return [refusal.detail ?? "You may not do that."];
    case "not-found":
    case "conflict":
    case "gone":
      return [refusal.detail];
  }
}
