import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import worker from "../../src/worker.ts";
import { callWorker, workerEnv } from "../call-worker.ts";
import { admin, mintTenant, ORIGIN, type MintedTenant } from "../mint-tenant.ts";
import { seedChanges } from "../seed-changes.ts";
import { seedPeople } from "../seed-people.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";

/** Three portions of a file. */
const ROWS = 1_100;
const AUTHORIZATION = "Bearer admin-key-of-the-test-suite-0123456789abcdef";
const FILES = ["/users/export", "/changes"] as const;

let tenant: MintedTenant;
beforeAll(async () => {
  tenant = await mintTenant();
  const model = await tenant.scim.post("/Users", { userName: "model" });
  await seedPeople(tenant.key, model.id, ROWS);
  await seedChanges(tenant.key, ROWS, { lastAt: Date.now() });
});
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Received {
  readonly status: number;
  readonly text: string;
  /** The transfer came to its end. */
  readonly isWhole: boolean;
  readonly trips: number;
}

/** A file of the admin API, through a database that does something at that round trip. */
async function receive(path: string, at = 0, act?: () => Promise<unknown>): Promise<Received> {
  let trips = 0;
  const DB = interceptD1(env.DB, async ({ send }) => {
    trips += 1;
    if (trips === at) await act?.();
    return send();
  });
  const request = new Request<unknown, IncomingRequestCfProperties>(
    `${ORIGIN}/api/v1/admin/tenants/${tenant.slug}${path}`,
    {
      headers: {
        Authorization: AUTHORIZATION,
        Accept: "text/csv",
      },
    },
  );
  const { status, body } = await worker.fetch(request, workerEnv({ DB }), createExecutionContext());
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true });
    return { status, text, isWhole: true, trips };
  } catch {
    return { status, text, isWhole: false, trips };
  }
}

const failing = (message: string) => () => Promise.reject(new Error(message));

describe("a file that is sent while it is read", () => {
  it.each(FILES)(
    "(%s) is whole, or breaks off: nobody takes a part for the whole",
    async (path) => {
      const file = await receive(path);
      expect([file.status, file.isWhole]).toEqual([200, true]);
      expect(file.text.split("\r\n").length).toBeGreaterThan(ROWS);
      for (let at = 1; at <= file.trips; at++) {
        const retried = await receive(path, at, failing("D1_ERROR: Network connection lost."));
        expect([at, retried.isWhole, retried.text === file.text]).toEqual([at, true, true]);
        const broken = await receive(
          path,
          at,
          failing("D1_ERROR: a text that nobody has seen yet"),
        );
        const isLater = broken.status === 200;
        expect([at, isLater || broken.status === 503]).toEqual([at, true]);
        if (isLater) expect([at, broken.isWhole]).toEqual([at, false]);
      }
    },
  );

  it.each(FILES)("(%s) goes on when the settings change meanwhile", async (path) => {
    const { trips } = await receive(path);
    let days = 90;
    for (let at = 2; at <= trips; at++) {
      days += 1;
      const change = () =>
        admin("PATCH", `/tenants/${tenant.slug}`, { settings: { logRetentionDays: days } });
      const file = await receive(path, at, change);
      expect([at, file.status, file.isWhole]).toEqual([at, 200, true]);
      expect(file.text.split("\r\n").length).toBeGreaterThan(ROWS);
    }
  });
});

describe("a body that never comes to its end", () => {
  it.each([
    ["/users", "application/json", '{"email":"torn@example.com"'],
    ["/users/import", "text/csv", "email\ntorn@example.com"],
  ])("to %s is 400, and nothing is made", async (path, type, begun) => {
    const torn = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(begun));
      },
      pull(controller) {
        controller.error(new Error("gone"));
      },
    });
    const request = new Request(`${ORIGIN}/api/v1/admin/tenants/${tenant.slug}${path}`, {
      method: "POST",
      headers: { Authorization: AUTHORIZATION, "Content-Type": type },
      body: torn,
    });
    const answer = await callWorker()(request);
    expect(answer.status).toBe(400);
    const found = await admin("GET", `/tenants/${tenant.slug}/users?q=torn`);
    expect(found.body["items"]).toEqual([]);
  });
});
