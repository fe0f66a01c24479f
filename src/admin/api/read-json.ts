const MAX_BODY_BYTES = 1024 * 1024;

export type JsonBody =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "too-large" | "not-json" | "malformed" };

/**
 * The body of a request, read once and never beyond 1 MiB, whatever Content-Length says. No body is an empty
 * object, so that operations without required fields need none. UTF-8 is read strictly.
 */
export async function readJson(request: Request): Promise<JsonBody> {
  if (Number(request.headers.get("Content-Length") ?? "0") > MAX_BODY_BYTES)
    return { kind: "too-large" };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return { kind: "too-large" };
    chunks.push(chunk);
  }
  if (size === 0) return { kind: "json", value: {} };
  if (!isPlainJson(request.headers)) return { kind: "not-json" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(
      await new Blob(chunks).arrayBuffer(),
    );
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "malformed" };
  }
}

async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body;
}

/** A compressed body would be counted before it grows. */
function isPlainJson(headers: Headers): boolean {
  const type = (headers.get("Content-Type") ?? "").split(";", 1)[0]?.trim() ?? "";
  const encoding = headers.get("Content-Encoding") ?? "identity";
  return /^application\/(?:[\w.-]+\+)?json$/i.test(type) && encoding.toLowerCase() === "identity";
}
