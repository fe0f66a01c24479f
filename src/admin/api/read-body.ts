import type { BodyType, Operation } from "../operation.ts";

const MEBIBYTE = 1024 * 1024;

/** A media type, and how many bytes a body of it may have. */
export type Accepted = readonly [type: BodyType, maxBytes: number];

export type ReadBody =
  | { readonly kind: "read"; readonly value: unknown }
  | { readonly kind: "too-large"; readonly maxBytes: number }
  | { readonly kind: "other-type"; readonly types: readonly BodyType[] }
  | { readonly kind: "malformed"; readonly expected: "JSON" | "CSV" };

/** The bodies that an operation takes. */
export function acceptedBy({
  accepts = { "application/json": MEBIBYTE },
}: Pick<Operation, "accepts">): Accepted[] {
  const { "application/json": json, "text/csv": csv } = accepts;
  return [
    ...(json === undefined ? [] : [["application/json", json] as const]),
    ...(csv === undefined ? [] : [["text/csv", csv] as const]),
  ];
}

/**
 * The body of a request, read once and never beyond what its type may have, whatever Content-Length says. No body
 * is an empty object, so that operations without required fields need none. UTF-8 is read strictly.
 */
export async function readBody(request: Request, accepted: readonly Accepted[]): Promise<ReadBody> {
  const type = typeOf(request.headers);
  const own = accepted.find(([candidate]) => candidate === type);
  const maxBytes = own?.[1] ?? Math.max(...accepted.map(([, bytes]) => bytes));
  if (Number(request.headers.get("Content-Length") ?? "0") > maxBytes)
    return { kind: "too-large", maxBytes };
  const isCsv = type === "text/csv";
  const expected = isCsv ? "CSV" : "JSON";
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunksOf(request)) {
      size += chunk.byteLength;
      if (size > maxBytes) return { kind: "too-large", maxBytes };
      chunks.push(chunk);
    }
  } catch {
    // Whoever sent it went away.
    return { kind: "malformed", expected };
  }
  if (size === 0) return { kind: "read", value: {} };
  if (own === undefined) return { kind: "other-type", types: accepted.map(([name]) => name) };
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
    const text = decoder.decode(await new Blob(chunks).arrayBuffer());
    return { kind: "read", value: isCsv ? { csv: text } : JSON.parse(text) };
  } catch {
    return { kind: "malformed", expected };
  }
}

async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body;
}

/** Undefined for every other type, and for a compressed body, which would be counted before it grows. */
function typeOf(headers: Headers): BodyType | undefined {
  const type = (headers.get("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const encoding = headers.get("Content-Encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") return undefined;
  if (type === "text/csv") return "text/csv";
  return /^application\/(?:[\w.-]+\+)?json$/.test(type) ? "application/json" : undefined;
}
