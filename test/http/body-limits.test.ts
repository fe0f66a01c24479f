import { beforeAll, describe, expect, it } from "vitest";

import { callWorker } from "../call-worker.ts";
import { mintTenant, SCIM_BASE, type MintedTenant } from "../mint-tenant.ts";
import { patchOf, readAnswer, type Answer } from "../scim-client.ts";

const MEBIBYTE = 1024 * 1024;
const BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

let tenant: MintedTenant;
let ana: string;
beforeAll(async () => {
  tenant = await mintTenant();
  ana = (await tenant.scim.post("/Users", { userName: "ana" })).id;
});

let made = 0;
const newName = () => `somebody-${++made}`;

async function send(
  method: string,
  path: string,
  body: NonNullable<RequestInit["body"]>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const request = new Request(`${SCIM_BASE}${path}`, {
    method,
    body,
    headers: {
      Authorization: `Bearer ${tenant.token}`,
      "Content-Type": "application/scim+json",
      ...headers,
    },
  });
  return readAnswer(await callWorker()(request));
}

/** In pieces, so that nobody says beforehand how much it is. */
const inPieces = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.byteLength; at += 60_000)
        controller.enqueue(bytes.slice(at, at + 60_000));
      controller.close();
    },
  });

describe("the depth of a body", () => {
  /** So many containers inside each other, the outermost included. */
  const nested = (levels: number): string =>
    levels === 0 ? "1" : `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const lists = (levels: number): string => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
  const user = (value: string) => `{"userName":"${newName()}","urn:acme:1.0:User":${value}}`;
  const patch = (value: string) =>
    JSON.stringify(patchOf({ op: "add", path: "urn:acme:1.0:User", value: "VALUE" })).replace(
      '"VALUE"',
      value,
    );

  it.each([15, 16])("may be %i", async (levels) => {
    expect((await send("POST", "/Users", user(nested(levels - 1)))).status).toBe(201);
    expect((await send("POST", "/Users", user(`{"a":${lists(levels - 2)}}`))).status).toBe(201);
    // The message, its list and the operation are three.
    expect((await send("PATCH", `/Users/${ana}`, patch(nested(levels - 3)))).status).toBe(200);
  });

  it.each([17, 5000, 500_000])("may not be %i", async (levels) => {
    const bodies = [
      await send("POST", "/Users", user(nested(levels - 1))),
      await send("POST", "/Users", user(`{"a":${lists(levels - 2)}}`)),
      await send("PATCH", `/Users/${ana}`, patch(nested(levels - 3))),
      await send("PUT", `/Users/${ana}`, user(nested(levels - 1))),
      await send("POST", "/Users/.search", nested(levels)),
      await send("POST", "/Bulk", `{"schemas":["${BULK}"],"Operations":${lists(levels - 1)}}`),
    ];
    const tooLarge = levels > 100_000;
    for (const { status, body } of bodies) {
      expect(status).toBeOneOf(tooLarge ? [400, 413] : [400]);
      if (status === 400) {
        expect(body).toMatchObject({
          scimType: "invalidSyntax",
          detail: "The body is nested deeper than 16 levels.",
        });
      }
    }
  });
});

describe("the size of a body", () => {
  const bulk = () => JSON.stringify({ schemas: [BULK], Operations: [] });
  const cases: [string, number, number, () => string][] = [
    ["/Users", 1, 201, () => JSON.stringify({ userName: newName() })],
    ["/Groups", 16, 201, () => JSON.stringify({ displayName: newName() })],
    ["/Bulk", 4, 200, bulk],
  ];

  it.each(cases)(
    "of %s may be %i MiB in bytes, announced or not",
    async (path, mebibytes, status, document) => {
      /** The document in so many bytes: of letters that have two and are ignored, and of blanks. */
      const ofSize = (bytes: number): Uint8Array => {
        const text = document();
        const before = `${text.slice(0, -1)},"x":"${"é".repeat(1000)}"}`;
        const encoded = new TextEncoder().encode(before);
        const whole = new Uint8Array(bytes).fill(32);
        whole.set(encoded);
        return whole;
      };
      const cap = mebibytes * MEBIBYTE;
      for (const [bytes, expected] of [
        [cap - 1, status],
        [cap, status],
        [cap + 1, 413],
      ] as const) {
        expect((await send("POST", path, ofSize(bytes))).status).toBe(expected);
        expect((await send("POST", path, inPieces(ofSize(bytes)))).status).toBe(expected);
      }
      const refused = await send("POST", path, ofSize(cap + 1));
      expect(refused.body["detail"]).toContain(`${mebibytes} MiB (${cap} bytes)`);
    },
  );

  it("is what arrives, and what is announced only when it is more", async () => {
    const document = () => JSON.stringify({ userName: newName() });
    const large = new Uint8Array(MEBIBYTE + 1).fill(32);
    for (const announced of ["0", "5", "-1", "abc", "NaN", "1, 2", " "]) {
      const headers = { "Content-Length": announced };
      const small = await send(
        "POST",
        "/Users",
        inPieces(new TextEncoder().encode(document())),
        headers,
      );
      expect([announced, small.status]).toEqual([announced, 201]);
      const tooLarge = await send("POST", "/Users", inPieces(large), headers);
      expect([announced, tooLarge.status]).toEqual([announced, 413]);
    }
    for (const announced of [String(MEBIBYTE + 1), "9".repeat(30), "1e99"]) {
      const answer = await send("POST", "/Users", document(), { "Content-Length": announced });
      expect([announced, answer.status]).toEqual([announced, 413]);
    }
  });

  it("that never comes is 400, and nothing is made", async () => {
    const before = await tenant.scim.get("/Users");
    const torn = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"userName":"torn"'));
      },
      pull(controller) {
        controller.error(new Error("gone"));
      },
    });
    const answer = await send("POST", "/Users", torn);
    expect([answer.status, answer.body["scimType"]]).toEqual([400, "invalidSyntax"]);
    expect((await tenant.scim.get("/Users")).body["totalResults"]).toBe(
      before.body["totalResults"],
    );
  });
});

/** As gzip, and whole: a stream that nobody reads to its end makes the runtime complain. */
async function packed(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

describe("a body that is packed", () => {
  it.each(["gzip", "GZIP", "br", "deflate", "zstd", "compress", "gzip, identity", "x"])(
    "as %s is 415: what it unpacks to is not known beforehand",
    async (encoding) => {
      const body = await packed(JSON.stringify({ userName: newName() }));
      const headers = { "Content-Encoding": encoding };
      const answer = await send("POST", "/Users", body, headers);
      expect(answer.status).toBe(415);
      expect(answer.body["detail"]).toMatch(/uncompressed/);
    },
  );

  it("is never unpacked: without the header it is not text", async () => {
    const body = await packed(JSON.stringify({ userName: newName() }));
    expect((await send("POST", "/Users", body)).status).toBe(400);
    const plain = JSON.stringify({ userName: newName() });
    expect((await send("POST", "/Users", plain, { "Content-Encoding": "identity" })).status).toBe(
      201,
    );
  });
});
