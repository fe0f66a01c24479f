import type { HonoRequest } from "hono";

import { invalidSyntax, payloadTooLarge, unsupportedMediaType } from "../scim/error.ts";
import type { JsonValue } from "../scim/json.ts";

const MAX_DEPTH = 16;
const MEDIA_TYPES = new Set(["application/scim+json", "application/json"]);
const MEBIBYTE = 1024 * 1024;

function requireJson(request: HonoRequest): void {
  const type = request.header("Content-Type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!MEDIA_TYPES.has(type)) {
    throw unsupportedMediaType("Send the body as application/scim+json or application/json.");
  }
  const encoding = request.header("Content-Encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity") {
    throw unsupportedMediaType("Send the body uncompressed, without Content-Encoding.");
  }
}

/**
 * Counts while reading: `Content-Length` can be missing, or wrong. What is too much or not UTF-8 is read to its
 * end and dropped: a body that is cancelled half-way ends the local runtime, and the platform caps it anyway.
 */
async function readText(request: HonoRequest, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    payloadTooLarge(`A body here may have up to ${maxBytes / MEBIBYTE} MiB (${maxBytes} bytes).`);
  if (Number(request.header("Content-Length") ?? 0) > maxBytes) throw tooLarge();
  const text = utf8Text();
  let bytes = 0;
  try {
    for await (const chunk of request.raw.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) text.add(chunk);
    }
  } catch {
    throw invalidSyntax("The body ended before it was complete.");
  }
  if (bytes > maxBytes) throw tooLarge();
  const whole = text.end();
  if (whole === undefined) throw invalidSyntax("The body is not UTF-8 text.");
  return whole;
}

/** Decodes as the bytes arrive, so that a large body is not held twice. Undefined when it is not UTF-8. */
function utf8Text(): { add(chunk: Uint8Array): void; end(): string | undefined } {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let text: string | undefined = "";
  const decode = (chunk?: Uint8Array) => {
    try {
      text += decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      text = undefined;
    }
  };
  return {
    add(chunk) {
      if (text !== undefined) decode(chunk);
    },
    end() {
      if (text !== undefined) decode();
      return text;
    },
  };
}

const isContainer = (value: unknown): value is object =>
  typeof value === "object" && value !== null;

/**
 * Walks without recursion: `JSON.parse` takes a million levels, which no recursive reader survives. Holds a level of
 * objects and lists only: of 100,000 members there are many more values.
 */
function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const below: object[] = [];
    for (const container of level) {
      for (const inner of Object.values(container)) if (isContainer(inner)) below.push(inner);
    }
    level = below;
  }
  return level.some((container) => Object.keys(container).length > 0);
}

/** The body as JSON: 415 for another media type, 413 above `maxMebibytes`, 400 for anything unreadable. */
export async function readBody(request: HonoRequest, maxMebibytes: number): Promise<JsonValue> {
  requireJson(request);
  const text = await readText(request, maxMebibytes * MEBIBYTE);
  let body: JsonValue;
  try {
    body = JSON.parse(text) as JsonValue;
  } catch {
    throw invalidSyntax("The body is not well-formed JSON.");
  }
  if (isTooDeep(body)) {
    throw invalidSyntax(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  return body;
}
