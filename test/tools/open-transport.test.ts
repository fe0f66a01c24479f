import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { NoAnswer, openTransport, TimeIsUp } from "../../tools/simulate/open-transport.ts";
import { newTally, percentile } from "../../tools/simulate/tally.ts";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that gives the answers in turn, and the last one for ever. */
async function serve(
  ...answers: [status: number, retryAfter?: string | undefined][]
): Promise<string> {
  let next = 0;
  server = createServer((_, response) => {
    const [status, retryAfter] = answers[Math.min(next++, answers.length - 1)] ?? [500];
    if (retryAfter !== undefined) response.setHeader("Retry-After", retryAfter);
    response.writeHead(status).end("{}");
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim`;
}

const GET = { method: "GET", headers: {} };

function open(baseUrl: string, rate?: number, minutes = 1) {
  const tally = newTally();
  const deadline = Date.now() + minutes * 60_000;
  return { tally, fetch: openTransport({ baseUrl, rate, deadline, tally }) };
}

describe("the simulator's transport", () => {
  it.each([
    [429, { throttled: 1, unavailable: 0 }],
    [503, { throttled: 0, unavailable: 1 }],
  ])("waits as a %i tells it to, asks again and counts that apart", async (status, counts) => {
    const baseUrl = await serve([status, "1"], [200]);
    const { fetch, tally } = open(baseUrl);
    const begun = Date.now();
    const answer = await fetch(`${baseUrl}/Users`, GET);
    expect(answer.status).toBe(200);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(990);
    expect(tally).toMatchObject({ ...counts, calls: new Map([["GET", 2]]) });
  });

  it.each([[undefined], ["Sun, 22 Nov 2026 10:00:00 GMT"], ["1.5"], [""]])(
    "hands out a 429 whose Retry-After is %j",
    async (retryAfter) => {
      const baseUrl = await serve([429, retryAfter], [200]);
      const { fetch, tally } = open(baseUrl);
      expect((await fetch(`${baseUrl}/Users`, GET)).status).toBe(429);
      expect(tally.throttled).toBe(0);
    },
  );

  it("gives up after ten attempts", async () => {
    const baseUrl = await serve([503, "0"]);
    const { fetch, tally } = open(baseUrl);
    expect((await fetch(`${baseUrl}/Users`, GET)).status).toBe(503);
    expect(tally.latencies).toHaveLength(10);
  });

  it("keeps to the rate, whoever asks", async () => {
    const baseUrl = await serve([200]);
    const { fetch } = open(baseUrl, 20);
    const begun = Date.now();
    await Promise.all(Array.from({ length: 11 }, () => fetch(`${baseUrl}/Users`, GET)));
    expect(Date.now() - begun).toBeGreaterThanOrEqual(490);
  });

  it("talks to nobody else, and follows nobody elsewhere", async () => {
    const baseUrl = await serve([302]);
    const { fetch } = open(baseUrl);
    await expect(fetch("http://127.0.0.1:9/scim/Users", GET)).rejects.toThrow("is not under");
    await expect(fetch(`${baseUrl}.evil.example.com/Users`, GET)).rejects.toThrow("is not under");
    expect((await fetch(`${baseUrl}/Users`, GET)).status).toBe(302);
  });

  it("says that nobody answers", async () => {
    const baseUrl = await serve([200]);
    server?.close();
    await expect(open(baseUrl).fetch(`${baseUrl}/Users`, GET)).rejects.toThrow(NoAnswer);
  });

  it("sends nothing after its time is up", async () => {
    const baseUrl = await serve([200]);
    await expect(open(baseUrl, undefined, -1).fetch(`${baseUrl}/Users`, GET)).rejects.toThrow(
      TimeIsUp,
    );
  });
});

describe("a percentile", () => {
  it.each([
    [50, 50],
    [95, 95],
    [99, 99],
    [100, 100],
  ])("p%i of 1 to 100 is %i", (percent, value) => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(percentile(values, percent)).toBe(value);
  });

  it("of nothing is 0", () => {
    expect(percentile([], 50)).toBe(0);
  });
});
