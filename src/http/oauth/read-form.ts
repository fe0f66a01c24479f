import { invalidRequest, type TokenError } from "./token-error.ts";

const MAX_KIBIBYTES = 8;
const MAX_BYTES = MAX_KIBIBYTES * 1024;

export type Form =
  | { readonly kind: "form"; readonly parameters: URLSearchParams }
  | { readonly kind: "refused"; readonly error: TokenError };

const refused = (description: string): Form => ({
  kind: "refused",
  error: invalidRequest(description),
});

/** The form in a body, whatever charset its type names: what we read of it is ASCII (RFC 6749 appendix B). */
export async function readForm(request: Request): Promise<Form> {
  const type = request.headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  const encoding = request.headers.get("Content-Encoding")?.trim().toLowerCase() ?? "identity";
  if (type !== "application/x-www-form-urlencoded" || encoding !== "identity") {
    return refused("Send the parameters as application/x-www-form-urlencoded, uncompressed.");
  }
  const tooLarge = `The body may have ${MAX_KIBIBYTES} KiB at most.`;
  if (Number(request.headers.get("Content-Length") ?? 0) > MAX_BYTES) return refused(tooLarge);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    // To its end, and what is too much is dropped: a body that is cancelled half-way ends the local runtime.
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes <= MAX_BYTES) chunks.push(chunk);
    }
  } catch {
    return refused("The body ended before it was complete.");
  }
  if (bytes > MAX_BYTES) return refused(tooLarge);
  return { kind: "form", parameters: new URLSearchParams(await new Blob(chunks).text()) };
}
