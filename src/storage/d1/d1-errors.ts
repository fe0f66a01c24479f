/** What a failed D1 call means for whoever made it. */
export type D1Failure =
  | { readonly kind: "guard"; readonly name: string }
  | { readonly kind: "unique"; readonly columns: string }
  /** May be gone at once. Whether a write was applied is not known. */
  | { readonly kind: "transient" }
  /** It was refused before anything ran; more requests would make it worse. */
  | { readonly kind: "overloaded" }
  /** It ran into a limit, and would again. Whether a write was applied is not known. */
  | { readonly kind: "exhausted" }
  | { readonly kind: "broken" };

// The texts of Cloudflare's page "Debug D1"; nothing but the text tells them apart.
const TRANSIENT = [
  "reset because its code was updated",
  "starting up D1 DB storage caused object to be reset",
  "Network connection lost",
  "Internal error in D1 DB storage caused object to be reset",
  "Cannot resolve D1 DB due to transient issue",
  "Can't read from request stream because client disconnected",
];
const OVERLOADED = "D1 DB is overloaded";
const EXHAUSTED = [
  "storage operation exceeded timeout",
  "exceeded its memory limit",
  "exceeded its CPU time limit",
];

export function failureOf(error: unknown): D1Failure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
  const text = error instanceof Error ? `${error.message} ${cause}` : String(error);
  const guard = /CHECK constraint failed: (\w+)/.exec(text)?.[1];
  if (guard !== undefined) return { kind: "guard", name: guard };
  const columns = /UNIQUE constraint failed: ([^:]+)/.exec(text)?.[1];
  if (columns !== undefined) return { kind: "unique", columns };
  if (TRANSIENT.some((known) => text.includes(known))) return { kind: "transient" };
  if (text.includes(OVERLOADED)) return { kind: "overloaded" };
  if (EXHAUSTED.some((known) => text.includes(known))) return { kind: "exhausted" };
  return { kind: "broken" };
}
