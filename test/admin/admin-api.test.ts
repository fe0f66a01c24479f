import { exports } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type { AdminDeps } from "../../src/admin/admin-deps.ts";
import { adminApp } from "../../src/admin/api/admin-app.ts";
import { defineOperation, NO_ANSWER, NO_INPUT } from "../../src/admin/operation.ts";
import { OPERATIONS } from "../../src/admin/operations/operations.ts";
import { answerRequest } from "../../src/http/answer-request.ts";
import { PRESETS } from "../../src/tenancy/presets.ts";
import { rateLimits } from "../../src/tenancy/rate-limit.ts";
import { isWellFormedToken } from "../../src/tenancy/token.ts";
import { StorageUnavailable } from "../../src/tenancy/unavailable.ts";
import { inMemoryCredentials, inMemoryTenants } from "../tenancy/in-memory-stores.ts";

const ORIGIN = "https://scim.example.com";
const KEY = "admin-key-of-the-test-suite-0123456789abcdef";
const ADMIN = { Authorization: `Bearer ${KEY}` };

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, for `toMatchObject` and `toEqual`. */
  readonly json: Record<string, unknown>;
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const json: unknown = text === "" ? {} : JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: json as Record<string, unknown>,
  };
}

/** A request to the Worker itself, below the base of the API. A body that is no string is sent as JSON. */
async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const init: RequestInit = { method, headers: { ...ADMIN, ...headers } };
  if (body !== undefined) {
    init.body = typeof body === "string" ? body : JSON.stringify(body);
    init.headers = { "Content-Type": "application/json", ...ADMIN, ...headers };
  }
  return reply(await exports.default.fetch(`${ORIGIN}/api/v1/admin${path}`, init));
}

let minted = 0;
/** Storage lasts as long as this file: every test has a tenant of its own. */
async function tenant(fields: Record<string, unknown> = {}): Promise<string> {
  const slug = `tenant-${++minted}`;
  const made = await call("POST", "/tenants", { slug, name: `Tenant ${minted}`, ...fields });
  expect(made.status).toBe(201);
  return slug;
}

async function token(slug: string, fields: Record<string, unknown> = {}): Promise<Reply> {
  const issued = await call("POST", `/tenants/${slug}/tokens`, { name: "Entra", ...fields });
  expect(issued.status).toBe(201);
  return issued;
}

function expectProblem(answer: Reply, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  expect(answer.json).toMatchObject({
    type: "about:blank",
    title: expect.any(String),
    status,
    detail: expect.any(String),
  });
}

/** The paths of the fields that a 422 complains of. */
function faultsOf(answer: Reply): string[] {
  expectProblem(answer, 422);
  return (answer.json["errors"] as { path: string }[]).map(({ path }) => path).sort();
}

describe("the key", () => {
  const logged: string[] = [];
  beforeAll(() => {
    vi.spyOn(console, "log").mockImplementation((line: string) => void logged.push(line));
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ["none", {}],
    ["an empty one", { Authorization: "" }],
    ["an empty bearer", { Authorization: "Bearer " }],
    ["a wrong one", { Authorization: `Bearer ${KEY}0` }],
    ["the beginning of the right one", { Authorization: `Bearer ${KEY.slice(0, -1)}` }],
    ["the right one as Basic", { Authorization: `Basic ${btoa(`admin:${KEY}`)}` }],
    ["two", { Authorization: `Bearer ${KEY}, Bearer ${KEY}` }],
  ])("is asked for: %s is 401", async (_what, headers) => {
    const answer = await reply(
      await exports.default.fetch(`${ORIGIN}/api/v1/admin/tenants`, { headers }),
    );
    expectProblem(answer, 401);
    expect(answer.headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
    expect(answer.text).not.toContain(KEY.slice(0, -1));
    expect(JSON.parse(logged.at(-1) ?? "")).toMatchObject({
      event: "request",
      app: "admin",
      status: 401,
      refusal: expect.stringMatching(/^[a-z-]+$/),
    });
    expect(logged.at(-1)).not.toContain(KEY.slice(0, -1));
  });

  it.each([
    ["GET", "/tenants"],
    ["GET", "/tenants/"],
    ["GET", "/tenants/any"],
    ["POST", "/tenants"],
    ["DELETE", "/tenants/any/tokens/any"],
    ["PUT", "/tenants"],
    ["OPTIONS", "/tenants"],
    ["HEAD", "/tenants"],
    ["GET", "/openapi.json"],
    ["GET", "/nothing/here"],
    ["GET", ""],
    ["GET", "/%74enants"],
    ["GET", "//tenants"],
    ["GET", "/../admin/tenants"],
  ])("is asked for on every path: %s %s", async (method, path) => {
    const response = await exports.default.fetch(`${ORIGIN}/api/v1/admin${path}`, { method });
    expect(response.status).toBe(401);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  });

  it("is never a SCIM token", async () => {
    const slug = await tenant();
    const issued = await token(slug);
    const headers = { Authorization: `Bearer ${String(issued.json["token"])}` };
    expectProblem(await call("GET", `/tenants/${slug}`, undefined, headers), 401);
  });
});

describe("POST /tenants", () => {
  it("makes a tenant and shows it whole", async () => {
    const made = await call("POST", "/tenants", {
      slug: "whole",
      name: " Whole & Co ",
      organisation: "Holding",
      preset: "training",
      settings: { ssoActive: true, ignoredGroups: ["Everyone"] },
    });
    expect(made.status).toBe(201);
    expect(made.headers.get("Content-Type")).toMatch(/^application\/json/);
    expect(made.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      slug: "whole",
      name: "Whole & Co",
      organisation: "Holding",
      status: "active",
      preset: "training",
      settings: { ...PRESETS.training, ssoActive: true, ignoredGroups: ["Everyone"] },
      scimUrl: `${ORIGIN}/api/v1/scim/v2`,
      tenantScimUrl: `${ORIGIN}/api/v1/tenants/whole/scim/v2`,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect((await call("GET", "/tenants/whole")).json).toEqual(made.json);
  });

  it("takes the strict preset and no organisation when nothing is said", async () => {
    const made = await call("POST", "/tenants", { slug: "plain", name: "Plain" });
    expect(made.json).toMatchObject({
      preset: "generic",
      organisation: null,
      settings: PRESETS.generic,
    });
  });

  it("answers 409 to a slug that is taken, also to one of many at once", async () => {
    const slug = await tenant();
    expectProblem(await call("POST", "/tenants", { slug, name: "Again" }), 409);
    const race = await Promise.all(
      Array.from({ length: 8 }, () => call("POST", "/tenants", { slug: "race", name: "Race" })),
    );
    const statuses = race.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(7);
  });

  it("takes URLs from the configuration, whatever the Host header says", async () => {
    const response = await exports.default.fetch("https://evil.example.net/api/v1/admin/tenants", {
      method: "POST",
      headers: {
        ...ADMIN,
        "Content-Type": "application/json",
        "X-Forwarded-Host": "evil.example.net",
      },
      body: JSON.stringify({ slug: "hosted", name: "Hosted" }),
    });
    expect((await reply(response)).text).not.toContain("evil");
  });

  it.each([
    ["nothing", {}, ["name", "slug"]],
    ["no body at all", undefined, ["name", "slug"]],
    ["a list", [], [""]],
    ["a bad slug", { slug: "Under_score", name: "x" }, ["slug"]],
    ["a number", { slug: 7, name: "x" }, ["slug"]],
    ["a blank name", { slug: "x", name: " " }, ["name"]],
    ["a name that the database would cut", { slug: "x", name: "a\0b" }, ["name"]],
    ["an unknown preset", { slug: "x", name: "x", preset: "none" }, ["preset"]],
    ["unknown fields", { slug: "x", name: "x", id: "1", isAdmin: true }, ["id", "isAdmin"]],
    [
      "bad settings",
      {
        slug: "x",
        name: "x",
        settings: { colour: 1, groups: "some", deactivationGuard: { percent: 0 } },
      },
      [
        "settings.colour",
        "settings.deactivationGuard.people",
        "settings.deactivationGuard.percent",
        "settings.deactivationGuard.windowMinutes",
        "settings.groups",
      ],
    ],
    [
      "a fault deep inside",
      { slug: "x", name: "x", settings: { excludedEmails: ["a@b.example", "?"] } },
      ["settings.excludedEmails.1"],
    ],
  ])("answers 422 to %s, one entry per field", async (_what, body, paths) => {
    expect(faultsOf(await call("POST", "/tenants", body))).toEqual(paths);
  });

  it("says in words what is wrong and never what was sent", async () => {
    const answer = await call("POST", "/tenants", {
      slug: "canary-Value",
      preset: "canary-value",
      settings: { notifyEmail: "canary-value" },
    });
    expectProblem(answer, 422);
    expect(answer.text).not.toMatch(/canary/i);
    expect(answer.json["errors"]).toContainEqual({
      path: "name",
      message: "This field is required.",
    });
    expect(answer.json["errors"]).toContainEqual({
      path: "slug",
      message: "Use 1 to 63 of the characters a-z, 0-9 and hyphen.",
    });
  });

  it("does not let a body reach the prototype of anything", async () => {
    const body =
      '{"slug":"proto","name":"x","__proto__":{"polluted":1},"settings":{"constructor":{"prototype":{"polluted":1}}}}';
    expectProblem(await call("POST", "/tenants", body), 422);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});

describe("GET /tenants", () => {
  it("pages through an organisation, each tenant once", async () => {
    const organisation = "paged";
    const slugs: string[] = [];
    for (let count = 0; count < 5; count++) slugs.push(await tenant({ organisation }));
    await tenant({ organisation: "another" });

    const seen: string[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < 10; pages++) {
      const page = await call(
        "GET",
        `/tenants?organisation=${organisation}&limit=2&cursor=${cursor}`,
      );
      expect(page.status).toBe(200);
      const items = page.json["items"] as { slug: string }[];
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ slug }) => slug));
      cursor = page.json["nextCursor"] as string | null;
      if (cursor !== null) expect(cursor).toMatch(/^[\w-]+$/);
    }
    expect(cursor).toBeNull();
    expect(seen.sort()).toEqual(slugs.sort());
  });

  it("finds by the beginning of slug or name", async () => {
    const slug = await tenant({ name: "Quixotic Ltd" });
    const byName = await call("GET", "/tenants?q=quixot");
    expect(byName.json).toMatchObject({ items: [{ slug }], nextCursor: null });
    const bySlug = await call("GET", `/tenants?q=${slug}`);
    expect(bySlug.json["items"]).toContainEqual(expect.objectContaining({ slug }));
    expect((await call("GET", "/tenants?q=no-such-thing")).json).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it("takes parameters left empty as not given, unknown ones and a limit beyond 200", async () => {
    await tenant();
    const answer = await call("GET", "/tenants?organisation=&q=&cursor=&limit=1000&unknown=1");
    expect(answer.status).toBe(200);
    expect((answer.json["items"] as unknown[]).length).toBeGreaterThan(0);
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=-1", "limit"],
    ["limit=1.5", "limit"],
    ["limit=many", "limit"],
    ["limit=1&limit=2", "limit"],
    ["cursor=garbage", "cursor"],
    ["cursor=%00", "cursor"],
    [`cursor=${"x".repeat(3000)}`, "cursor"],
    // The cursor of another list, and one of the wrong shape.
    [`cursor=${btoa('["tokens","x"]')}`, "cursor"],
    [`cursor=${btoa('["tenants",1]')}`, "cursor"],
    [`q=${"x".repeat(257)}`, "q"],
  ])("answers 422 to ?%s", async (query, path) => {
    expect(faultsOf(await call("GET", `/tenants?${query}`))).toEqual([path]);
  });
});

describe("GET and PATCH /tenants/{slug}", () => {
  it.each([
    ["a slash at the end", (slug: string) => `/tenants/${slug}/`],
    ["doubled slashes", (slug: string) => `//tenants///${slug}`],
  ])("tolerates %s", async (_what, path) => {
    const slug = await tenant();
    expect((await call("GET", path(slug))).json).toMatchObject({ slug });
  });

  it("changes what is named, keeps the rest and merges settings", async () => {
    const slug = await tenant({
      organisation: "Holding",
      settings: { ignoredGroups: ["Everyone"] },
    });
    const changed = await call("PATCH", `/tenants/${slug}`, {
      name: "New name",
      status: "paused",
      settings: { groups: "off", notifyEmail: "admin@example.com" },
    });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({
      slug,
      name: "New name",
      organisation: "Holding",
      status: "paused",
      settings: { groups: "off", notifyEmail: "admin@example.com", ignoredGroups: ["Everyone"] },
    });
    expect((await call("GET", `/tenants/${slug}`)).json).toEqual(changed.json);

    const cleared = await call("PATCH", `/tenants/${slug}`, {
      organisation: null,
      settings: { notifyEmail: null },
    });
    expect(cleared.json).toMatchObject({
      organisation: null,
      settings: { notifyEmail: null, groups: "off" },
    });
  });

  it("answers the tenant as it is to a change of nothing", async () => {
    const slug = await tenant();
    const before = await call("GET", `/tenants/${slug}`);
    expect((await call("PATCH", `/tenants/${slug}`, {})).json).toEqual(before.json);
  });

  it.each([
    [{ settings: { colour: "red" } }, "settings.colour"],
    [{ settings: { logRetentionDays: 0 } }, "settings.logRetentionDays"],
    [{ settings: null }, "settings"],
    [{ status: "deleted" }, "status"],
    [{ slug: "other" }, "slug"],
    [{ preset: "training" }, "preset"],
    [{ createdAt: "2020-01-01T00:00:00Z" }, "createdAt"],
  ])("answers 422 to %j and changes nothing", async (body, path) => {
    const slug = await tenant();
    const before = await call("GET", `/tenants/${slug}`);
    expect(faultsOf(await call("PATCH", `/tenants/${slug}`, { name: "New", ...body }))).toEqual([
      path,
    ]);
    expect((await call("GET", `/tenants/${slug}`)).json).toEqual(before.json);
  });

  it.each(["missing", "UPPER_case", "%00", "..%2F", "a".repeat(500)])(
    "answers 404 to the slug %s",
    async (slug) => {
      expectProblem(await call("GET", `/tenants/${slug}`), 404);
      expectProblem(await call("PATCH", `/tenants/${slug}`, { name: "x" }), 404);
    },
  );
});

describe("tokens", () => {
  it("are shown in full once, at their birth", async () => {
    const slug = await tenant();
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const issued = await token(slug, { scopes: ["groups:read", "users:read"], expiresAt });
    const { token: secret, ...shown } = issued.json;
    expect(isWellFormedToken(String(secret))).toBe(true);
    expect(shown).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "Entra",
      last4: String(secret).slice(-4),
      scopes: ["users:read", "groups:read"],
      createdAt: expect.any(String),
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
      lastUsedBy: null,
      safeToRevoke: false,
      underOldPepper: false,
    });

    const listed = await call("GET", `/tenants/${slug}/tokens`);
    expect(listed.json).toEqual({ items: [shown], nextCursor: null });
    const revoked = await call("DELETE", `/tenants/${slug}/tokens/${String(shown["id"])}`);
    for (const { text } of [listed, revoked, await call("GET", `/tenants/${slug}`)]) {
      expect(text).not.toContain(String(secret));
      expect(text).not.toMatch(/scim_|digest|pepperId/i);
    }
  });

  it("have every scope and no end when nothing is said", async () => {
    const issued = await token(await tenant());
    expect(issued.json).toMatchObject({
      scopes: ["users:read", "users:write", "groups:read", "groups:write"],
      expiresAt: null,
    });
  });

  it("are revoked with 204, again too, and stay in the list", async () => {
    const slug = await tenant();
    const { id } = (await token(slug)).json;
    const path = `/tenants/${slug}/tokens/${String(id)}`;
    const revoked = await call("DELETE", path);
    expect(revoked.status).toBe(204);
    expect(revoked.text).toBe("");
    expect(revoked.headers.get("Cache-Control")).toBe("no-store");
    const first = await call("GET", `/tenants/${slug}/tokens`);
    expect(first.json).toMatchObject({ items: [{ id, revokedAt: expect.any(String) }] });

    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", `/tenants/${slug}/tokens`)).json).toEqual(first.json);
  });

  it("are revoked many at once, each of them", async () => {
    const slug = await tenant();
    const ids: string[] = [];
    for (let count = 0; count < 4; count++) ids.push(String((await token(slug)).json["id"]));
    const answers = await Promise.all(
      ids.map((id) => call("DELETE", `/tenants/${slug}/tokens/${id}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    const listed = await call("GET", `/tenants/${slug}/tokens`);
    const items = listed.json["items"] as { revokedAt: string | null }[];
    expect(items.filter(({ revokedAt }) => revokedAt === null)).toEqual([]);
  });

  it("of another tenant are as unknown as those that never were", async () => {
    const mine = await tenant();
    const theirs = await tenant();
    const { id } = (await token(theirs)).json;
    const foreign = await call("DELETE", `/tenants/${mine}/tokens/${String(id)}`);
    expectProblem(foreign, 404);
    const unknown = await call(
      "DELETE",
      `/tenants/${mine}/tokens/01890000-0000-7000-8000-000000000000`,
    );
    expect({ ...foreign.json, requestId: "" }).toEqual({ ...unknown.json, requestId: "" });
    expect((await call("GET", `/tenants/${mine}/tokens`)).json).toEqual({
      items: [],
      nextCursor: null,
    });
    expect((await call("GET", `/tenants/${theirs}/tokens`)).json).toMatchObject({
      items: [{ id, revokedAt: null }],
    });
  });

  it("are listed in pages, with cursors of their own", async () => {
    const slug = await tenant();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push(String((await token(slug)).json["id"]));
    const first = await call("GET", `/tenants/${slug}/tokens?limit=2`);
    const cursor = String(first.json["nextCursor"]);
    const second = await call("GET", `/tenants/${slug}/tokens?limit=2&cursor=${cursor}`);
    expect(second.json["nextCursor"]).toBeNull();
    const items = [first, second].flatMap(({ json }) => json["items"] as { id: string }[]);
    expect(items.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(faultsOf(await call("GET", `/tenants?cursor=${cursor}`))).toEqual(["cursor"]);
  });

  it("are not issued while single sign-on is required and not active", async () => {
    const slug = await tenant({ preset: "training" });
    const refused = await call("POST", `/tenants/${slug}/tokens`, { name: "Entra" });
    expectProblem(refused, 409);
    expect(refused.json["detail"]).toContain("ssoActive");
    expect((await call("GET", `/tenants/${slug}/tokens`)).json["items"]).toEqual([]);

    await call("PATCH", `/tenants/${slug}`, { settings: { ssoActive: true } });
    await token(slug);
  });

  it.each([
    [undefined, ["name"]],
    [{ name: "" }, ["name"]],
    [{ name: "x", scopes: [] }, ["scopes"]],
    [{ name: "x", scopes: ["users:read", "all"] }, ["scopes.1"]],
    [{ name: "x", expiresAt: "tomorrow" }, ["expiresAt"]],
    [{ name: "x", expiresAt: "2020-01-01T00:00:00Z" }, ["expiresAt"]],
    [{ name: "x", token: "mine" }, ["token"]],
  ])("answers 422 to %j", async (body, paths) => {
    const slug = await tenant();
    expect(faultsOf(await call("POST", `/tenants/${slug}/tokens`, body))).toEqual(paths);
  });

  it("answers 404 for a tenant that is not there", async () => {
    expectProblem(await call("POST", "/tenants/missing/tokens", { name: "x" }), 404);
    expectProblem(await call("GET", "/tenants/missing/tokens"), 404);
    expectProblem(await call("DELETE", "/tenants/missing/tokens/any"), 404);
  });
});

describe("methods, media types and sizes", () => {
  it.each([
    ["PUT", "/tenants", "POST, GET, HEAD"],
    ["PUT", "/tenants/any", "GET, HEAD, PATCH, DELETE"],
    ["OPTIONS", "/tenants/any/tokens", "POST, GET, HEAD"],
    ["GET", "/tenants/any/tokens/any", "DELETE"],
    ["POST", "/openapi.json", "GET, HEAD"],
  ])("answers 405 to %s %s and names what there is", async (method, path, allow) => {
    const answer = await call(method, path);
    expectProblem(answer, 405);
    expect(answer.headers.get("Allow")).toBe(allow);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
  });

  it("answers HEAD like GET, without the body", async () => {
    const slug = await tenant();
    const answer = await call("HEAD", `/tenants/${slug}`);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("");
  });

  it.each(["/nothing", "/tenants/any/nothing", "/tenants/any/tokens/any/nothing"])(
    "answers 404 to %j",
    async (path) => {
      expectProblem(await call("GET", path), 404);
    },
  );

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "text/json",
    "application/jsonp",
    "",
  ])("answers 415 to a body of type %j", async (type) => {
    const body = JSON.stringify({ slug: "typed", name: "Typed" });
    expectProblem(await call("POST", "/tenants", body, { "Content-Type": type }), 415);
  });

  it("answers 415 to a compressed body", async () => {
    const headers = { "Content-Encoding": "gzip" };
    expectProblem(await call("POST", "/tenants", { slug: "zipped", name: "Zipped" }, headers), 415);
  });

  it.each(["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"])(
    "takes a body of type %s",
    async (type) => {
      const slug = await tenant();
      const headers = { "Content-Type": type };
      const answer = await call("PATCH", `/tenants/${slug}`, { name: "Typed" }, headers);
      expect(answer.json).toMatchObject({ name: "Typed" });
    },
  );

  it.each(["{", "nothing", '{"slug":', "\uFEFF{", '{"a":'.repeat(10)])(
    "answers 400 to the body %j",
    async (body) => {
      expectProblem(await call("POST", "/tenants", body), 400);
    },
  );

  it("answers 400 to bytes that are not UTF-8", async () => {
    const response = await exports.default.fetch(`${ORIGIN}/api/v1/admin/tenants`, {
      method: "POST",
      headers: { ...ADMIN, "Content-Type": "application/json" },
      body: new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
    });
    expectProblem(await reply(response), 400);
  });

  it("survives a body that is nested as deep as it can be", async () => {
    const depth = 500_000;
    const answer = await call("POST", "/tenants", `${"[".repeat(depth)}${"]".repeat(depth)}`);
    expect([400, 422]).toContain(answer.status);
  });

  it("answers 413 to a byte more than 1 MiB, with and without Content-Length", async () => {
    const frame = JSON.stringify({ slug: "large", name: "" });
    const body = (bytes: number) =>
      JSON.stringify({ slug: "large", name: "x".repeat(bytes - frame.length) });
    expectProblem(await call("POST", "/tenants", body(1024 * 1024 + 1)), 413);
    expect(faultsOf(await call("POST", "/tenants", body(1024 * 1024)))).toEqual(["name"]);

    const chunk = new TextEncoder().encode(" ".repeat(300_000));
    const chunked = new Request(`${ORIGIN}/api/v1/admin/tenants`, {
      method: "POST",
      headers: { ...ADMIN, "Content-Type": "application/json" },
      body: new ReadableStream({
        start(controller) {
          for (let count = 0; count < 4; count++) controller.enqueue(chunk);
          controller.close();
        },
      }),
    });
    expectProblem(await reply(await exports.default.fetch(chunked)), 413);
  });
});

describe("GET /openapi.json", () => {
  it("describes every operation that there is", async () => {
    const answer = await call("GET", "/openapi.json");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const paths = answer.json["paths"] as Record<string, Record<string, { operationId: string }>>;
    const described = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(described.sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
    expect(paths).toMatchObject({
      "/api/v1/admin/tenants": {
        post: {
          security: [{ adminKey: [] }],
          requestBody: {
            content: {
              "application/json": {
                schema: { required: expect.arrayContaining(["slug", "name"]) },
              },
            },
          },
          responses: { 201: {}, 401: {}, 409: {}, 413: {}, 422: {} },
        },
      },
      "/api/v1/admin/tenants/{slug}/tokens/{id}": { delete: { responses: { 204: {}, 404: {} } } },
    });
  });
});

const OPERATOR = { kind: "operator", id: "operator", hint: "operator" } as const;

/** The app without a Worker around it, over stores that can be broken. */
function bareApp(broken: Partial<AdminDeps["tenants"]> = {}) {
  const deps: AdminDeps = {
    authenticate: async () => ({ kind: "admitted", principal: OPERATOR }),
    publicUrl: ORIGIN,
    assets: { fetch: () => Promise.reject(new Error("No test of these asks for a file.")) },
    tenants: { ...inMemoryTenants().tenants, ...broken },
    moves: { begin: () => Promise.resolve("there") },
    databases: ["DB"],
    goOnMoving: () => undefined,
    credentialsOf: () => inMemoryCredentials().credentials,
    clientsOf: () => {
      throw new Error("No operation of these tests needs a client.");
    },
    catalogueOf: () => {
      throw new Error("No operation of these tests needs a catalogue.");
    },
    directoryOf: () => {
      throw new Error("No operation of these tests needs a directory.");
    },
    digest: async (value) => ({ digest: value.length.toString(), pepperId: "0badcafe" }),
    newestPepper: async () => "0badcafe",
    credentialsByPepper: async () => [],
    schemaVersion: async () => "0001_first.sql",
    sendsMail: false,
    recomputePeople: () => undefined,
    organisations: { list: async () => ({ items: [], nextCursor: undefined }) },
    reconciliations: {
      run: () => Promise.resolve({ kind: "busy", id: "" }),
      list: () => Promise.resolve({ items: [], nextCursor: undefined }),
      byId: () => Promise.resolve(undefined),
    },
    departmentGraceHours: 24,
    limits: rateLimits({ requests: undefined, refusals: undefined }),
    log: { requestId: "1", note: () => undefined },
    clock: { now: () => Date.now() },
    ids: { next: () => crypto.randomUUID() },
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  };
  const out = { requestId: "01a2", isHttps: true, d1Calls: () => 0, now: () => 0 };
  const ask = async (path: string) => {
    const request = new Request(`${ORIGIN}/api/v1/admin${path}`, { headers: ADMIN });
    return reply(
      await answerRequest(request, out, (log) => adminApp().fetch(request, { ...deps, log })),
    );
  };
  return { deps, ask };
}

describe("when something fails", () => {
  it("answers 503 with whole seconds while the database cannot answer, never 404 or an empty list", async () => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const down = () => Promise.reject(new StorageUnavailable(7));
    const { ask } = bareApp({ bySlug: down, liveBySlug: down, list: down });
    for (const path of ["/tenants", "/tenants/acme", "/tenants/acme/tokens"]) {
      const answer = await ask(path);
      expectProblem(answer, 503);
      expect(answer.headers.get("Retry-After")).toBe("7");
    }
    log.mockRestore();
  });

  it("answers an opaque 500 and logs one line under the same request id, without what the error said", async () => {
    const lines: string[] = [];
    const log = vi
      .spyOn(console, "error")
      .mockImplementation((line: string) => void lines.push(line));
    const cause = new TypeError("canary@example.com");
    const { ask } = bareApp({
      bySlug: () =>
        Promise.reject(new Error("select * where email = 'canary@example.com'\nat all", { cause })),
    });
    const answer = await ask("/tenants/acme");
    log.mockRestore();

    expectProblem(answer, 500);
    expect(answer.text).not.toMatch(/canary|select/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/canary|select/);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      requestId: answer.json["requestId"],
      operation: "getTenant",
      error: "Error",
      cause: "TypeError",
    });
    expect(answer.headers.get("X-Request-Id")).toBe(answer.json["requestId"]);
  });
});

describe("an operation", () => {
  it("is refused to who is not in its table, before its input is looked at", async () => {
    let ran = false;
    const operation = defineOperation(
      {
        id: "deleteTenant",
        method: "post",
        path: "/nobodys",
        summary: "Not for a reader",
        status: 204,
        refusals: [],
        params: NO_INPUT,
        query: NO_INPUT,
        body: NO_INPUT,
        answer: NO_ANSWER,
      },
      async () => {
        ran = true;
        return { kind: "done", answer: undefined };
      },
    );
    const tenant = { id: "1", slug: "acme" };
    const principal = { kind: "reader", id: "1", hint: "abcd", tenant } as const;
    const request = {
      caller: { principal, requestId: "1" },
      params: {},
      query: {},
      body: "not an object",
    };
    expect(await operation.perform(request, bareApp().deps)).toEqual({ kind: "forbidden" });
    expect(ran).toBe(false);
  });
});

describe("the door of the console", () => {
  it("says where to connect and how to begin, and loads nothing", async () => {
    const page = await exports.default.fetch(`${ORIGIN}/console/`);
    expect(page.status).toBe(200);
    expect(page.headers.get("Content-Type")?.toLowerCase()).toBe("text/html; charset=utf-8");
    expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(await page.text()).toContain(`${ORIGIN}/api/v1/scim/v2`);
  });
});
