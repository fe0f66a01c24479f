import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { callWorker } from "../call-worker.ts";
import {
  issueToken,
  mintTenant,
  ORIGIN,
  SCIM_BASE,
  throughTheDoor,
  type MintedTenant,
} from "../mint-tenant.ts";
import {
  ENTERPRISE,
  patchOf,
  readAnswer,
  scimClient,
  type Answer,
  type Json,
} from "../scim-client.ts";
import { interceptD1 } from "../storage/intercept-d1.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";

const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";

/** What an error must never repeat: input, SQL, places in the code, names of tables. */
const LEAKS =
  /canary|SELECT |INSERT |SQLITE|D1_ERROR|tenant_key|\bat .*\.ts|node_modules|constraint failed/i;

function expectError(answer: Answer, status: number, scimType?: string): void {
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: {
      schemas: [ERROR],
      status: String(status),
      ...(scimType !== undefined && { scimType }),
      // A sentence that somebody can act on.
      detail: expect.stringMatching(/^[A-Z"/][^\n]{15,}\.$/),
    },
  });
  expect(answer.headers.get("Content-Type")).toBe("application/scim+json");
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
  expect(answer.text).not.toMatch(LEAKS);
}

/** A tenant with two people and a group, and a client that waits for what is written after the answer. */
async function inhabited(options: Parameters<typeof mintTenant>[0] = {}) {
  const tenant = await mintTenant(options);
  const scim = tenant.through(callWorker());
  const made = async (path: string, body: Json) => {
    const answer = await scim.post(path, body);
    expect(answer.status).toBe(201);
    return answer.id;
  };
  const ana = await made("/Users", { userName: "ana", emails: ["ana@example.com"] });
  const ben = await made("/Users", { userName: "ben" });
  const staff = await made("/Groups", { displayName: "Staff", members: [{ value: ana }] });
  await made("/Groups", { displayName: "Other" });
  return { tenant, scim, ana, ben, staff };
}

/** Every case checks that it left the rows as they were: one tenant serves them all. */
let place: Awaited<ReturnType<typeof inhabited>>;

beforeAll(async () => {
  place = await inhabited();
});

const deep = (levels: number): Json =>
  JSON.parse(
    `{"userName":"x","urn:acme:1.0:User":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`,
  ) as Json;

describe("a body that cannot be used", () => {
  type Case = [
    what: string,
    method: string,
    path: string,
    body: unknown,
    status: number,
    scimType?: string | undefined,
    headers?: Record<string, string>,
  ];
  const SCIM_JSON = { "Content-Type": "application/scim+json" };
  const cases: Case[] = [
    ["is not JSON", "POST", "/Users", '{"userName": "canary', 400, "invalidSyntax"],
    ["is empty", "POST", "/Users", "", 400, "invalidSyntax", SCIM_JSON],
    ["is a list", "POST", "/Users", [{ userName: "canary" }], 400, "invalidSyntax"],
    ["is a text", "POST", "/Users", '"canary"', 400, "invalidSyntax"],
    ["is null", "PUT", "/Users/{ana}", "null", 400, "invalidSyntax"],
    ["is a number", "PATCH", "/Users/{ana}", "1e999", 400, "invalidSyntax"],
    ["has no userName", "POST", "/Users", { displayName: "canary" }, 400, "invalidValue"],
    ["has an empty userName", "POST", "/Users", { userName: " " }, 400, "invalidValue"],
    ["has a number for a userName", "POST", "/Users", { userName: 42 }, 400, "invalidValue"],
    ["loses the userName", "PUT", "/Users/{ana}", { displayName: "canary" }, 400, "invalidValue"],
    [
      "removes the userName",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "remove", path: "userName" }),
      400,
    ],
    ["has no displayName", "POST", "/Groups", { members: [] }, 400, "invalidValue"],
    [
      "removes a group's name",
      "PATCH",
      "/Groups/{staff}",
      patchOf({ op: "replace", path: "displayName", value: "" }),
      400,
    ],
    [
      "has an object for a text",
      "POST",
      "/Users",
      { userName: "canary", title: { a: 1 } },
      400,
      "invalidValue",
    ],
    [
      "has a text for a boolean",
      "POST",
      "/Users",
      { userName: "canary", active: "maybe" },
      400,
      "invalidValue",
    ],
    [
      "has a text for a name",
      "POST",
      "/Users",
      { userName: "canary", name: "canary" },
      400,
      "invalidValue",
    ],
    [
      "has a text for schemas",
      "POST",
      "/Users",
      { schemas: "canary", userName: "canary" },
      400,
      "invalidSyntax",
    ],
    [
      "has a text for the extension",
      "POST",
      "/Users",
      { userName: "canary", [ENTERPRISE]: "canary" },
      400,
      "invalidValue",
    ],
    [
      "has members without ids",
      "POST",
      "/Groups",
      { displayName: "canary", members: [{ display: "canary" }] },
      400,
      "invalidValue",
    ],
    [
      "has a number for a member",
      "PATCH",
      "/Groups/{staff}",
      patchOf({ op: "add", path: "members", value: [{ value: 1 }] }),
      400,
      "invalidValue",
    ],
    [
      "names an attribute twice",
      "POST",
      "/Users",
      '{"userName":"canary","USERNAME":"canary2"}',
      400,
    ],
    ["holds NUL", "POST", "/Users", { userName: "canary\0" }, 400, "invalidValue"],
    [
      "holds half a surrogate pair",
      "POST",
      "/Users",
      '{"userName":"canary\\ud800"}',
      400,
      "invalidValue",
    ],
    [
      "holds NUL deep inside",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "add", path: "name", value: { givenName: "\0" } }),
      400,
      "invalidValue",
    ],
    [
      "holds NUL in an unknown extension",
      "POST",
      "/Users",
      { userName: "canary", "urn:acme:1.0:User": { "\0": 1 } },
      400,
      "invalidValue",
    ],
    [
      "holds a number that is no number",
      "POST",
      "/Users",
      '{"userName":"canary","urn:acme:1.0:User":{"a":1e999}}',
      400,
      "invalidValue",
    ],
    ["is nested 17 levels deep", "POST", "/Users", deep(16), 400, "invalidSyntax"],
    [
      "is nested 50,000 levels deep",
      "POST",
      "/Users",
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      400,
      "invalidSyntax",
    ],
    [
      "is larger than 1 MiB",
      "POST",
      "/Users",
      { userName: "canary", x: "x".repeat(1024 * 1024) },
      413,
    ],
    [
      "is larger than 1 MiB for a PATCH",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "add", path: "title", value: "x".repeat(1024 * 1024) }),
      413,
    ],
    [
      "is larger than 16 MiB for a group",
      "PUT",
      "/Groups/{staff}",
      { displayName: "x".repeat(16 * 1024 * 1024) },
      413,
    ],
    [
      "is plain text",
      "POST",
      "/Users",
      '{"userName":"canary"}',
      415,
      undefined,
      { "Content-Type": "text/plain" },
    ],
    [
      "is a form",
      "POST",
      "/Users",
      "userName=canary",
      415,
      undefined,
      { "Content-Type": "application/x-www-form-urlencoded" },
    ],
    [
      "is of no type",
      "PATCH",
      "/Users/{ana}",
      '{"Operations":[]}',
      415,
      undefined,
      { "Content-Type": "" },
    ],
    [
      "is compressed",
      "POST",
      "/Users",
      '{"userName":"canary"}',
      415,
      undefined,
      { "Content-Encoding": "gzip", ...SCIM_JSON },
    ],
    [
      "is another message",
      "PATCH",
      "/Users/{ana}",
      { schemas: ["urn:canary"], Operations: [] },
      400,
      "invalidSyntax",
    ],
    ["has no Operations", "PATCH", "/Users/{ana}", { userName: "canary" }, 400, "invalidSyntax"],
    [
      "has Operations that are no list",
      "PATCH",
      "/Users/{ana}",
      { Operations: {} },
      400,
      "invalidSyntax",
    ],
    [
      "has an operation that is none",
      "PATCH",
      "/Users/{ana}",
      { Operations: ["canary"] },
      400,
      "invalidSyntax",
    ],
    [
      "has an unknown op",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "canary", path: "title", value: "x" }),
      400,
      "invalidSyntax",
    ],
    [
      "has no value",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "add", path: "title" }),
      400,
      "invalidValue",
    ],
    ["removes without a path", "PATCH", "/Users/{ana}", patchOf({ op: "remove" }), 400, "noTarget"],
    [
      "has a path that is no path",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "remove", path: 'emails[value eq "canary"' }),
      400,
      "invalidPath",
    ],
    [
      "has a path that is no text",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "remove", path: 7 }),
      400,
      "invalidPath",
    ],
    [
      "aims at nothing",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "replace", path: 'emails[value eq "canary"].type', value: "x" }),
      400,
      "noTarget",
    ],
    [
      "has 1,001 operations",
      "PATCH",
      "/Users/{ana}",
      patchOf(...Array.from({ length: 1001 }, () => ({ op: "remove", path: "title" }))),
      400,
      "invalidValue",
    ],
    [
      "has a prototype for a path",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "replace", path: "emails[__proto__ eq 1].value", value: "x" }),
      400,
    ],
    [
      "fails at its last operation",
      "PATCH",
      "/Users/{ana}",
      patchOf(
        { op: "replace", path: "userName", value: "eve" },
        { op: "add", path: "active", value: "canary" },
      ),
      400,
      "invalidValue",
    ],
    [
      "fails behind members",
      "PATCH",
      "/Groups/{staff}",
      patchOf(
        { op: "remove", path: "members" },
        { op: "replace", path: "displayName", value: { a: 1 } },
      ),
      400,
      "invalidValue",
    ],
    ["takes somebody's name", "POST", "/Users", { userName: "BEN" }, 409, "uniqueness"],
    ["takes somebody's name by PUT", "PUT", "/Users/{ana}", { userName: "ben" }, 409, "uniqueness"],
    [
      "takes somebody's name by PATCH",
      "PATCH",
      "/Users/{ana}",
      patchOf({ op: "replace", value: { userName: "ben", title: "x" } }),
      409,
      "uniqueness",
    ],
    [
      "takes a group's name",
      "POST",
      "/Groups",
      { displayName: "STAFF", members: [{ value: "{ana}" }] },
      409,
      "uniqueness",
    ],
    [
      "takes a group's name by PUT",
      "PUT",
      "/Groups/{staff}",
      { displayName: "other", members: [] },
      409,
      "uniqueness",
    ],
    [
      "takes a group's name by PATCH, with members",
      "PATCH",
      "/Groups/{staff}",
      patchOf(
        { op: "remove", path: "members" },
        { op: "replace", path: "displayName", value: "Other" },
      ),
      409,
      "uniqueness",
    ],
    [
      "is for nobody",
      "PUT",
      "/Users/01a2021b-0000-7000-8000-000000000000",
      { userName: "canary" },
      404,
    ],
    [
      "is for nobody, by PATCH",
      "PATCH",
      "/Users/canary",
      patchOf({ op: "remove", path: "title" }),
      404,
    ],
    ["is for no group", "PUT", "/Groups/canary", { displayName: "canary" }, 404],
    ["deletes nobody", "DELETE", "/Users/canary", undefined, 404],
    ["deletes no group", "DELETE", "/Groups/%00", undefined, 404],
  ];

  it.each(cases)(
    "and %s is refused and leaves every row as it was",
    async (_what, method, path, body, status, scimType, headers) => {
      const { tenant, scim, ...ids } = place;
      const before = await tenantRows(tenant.key);
      const fill = (text: string) =>
        text.replaceAll("{ana}", ids.ana).replaceAll("{staff}", ids.staff);
      const answer = await scim.send(method, fill(path), body, headers);
      if (scimType === undefined) {
        expectError(answer, status, answer.body["scimType"] as string | undefined);
        if (status !== 400) expect(answer.body).not.toHaveProperty("scimType");
      } else {
        expectError(answer, status, scimType);
      }
      expect(await tenantRows(tenant.key)).toEqual(before);
      expect(JSON.stringify(await rowsIn("changes", tenant.key))).not.toContain("canary2");
    },
  );

  it("of 16 levels, of 1 MiB less a little, or with a charset is taken", async () => {
    const tenant = await mintTenant();
    expect((await tenant.scim.post("/Users", deep(14))).status).toBe(201);
    const filler = { userName: "b", ignored: "x".repeat(1024 * 1024 - 200) };
    expect((await tenant.scim.post("/Users", filler)).status).toBe(201);
    for (const type of ["application/json", "Application/SCIM+JSON; charset=utf-8"]) {
      const made = await tenant.scim.post("/Users", { userName: type }, { "Content-Type": type });
      expect(made.status).toBe(201);
    }
  });

  it("reaches no prototype, whatever its names are", async () => {
    const tenant = await mintTenant();
    const evil = '{"a":{"polluted":1},"polluted":1}';
    const body = `{"userName":"ana","__proto__":${evil},"constructor":{"prototype":${evil}},"name":{"__proto__":${evil},"givenName":"Ana"},"urn:acme:1.0:User":{"__proto__":${evil},"b":1},"toString":${evil}}`;
    const made = await tenant.scim.post("/Users", body);
    expect(made.status).toBe(201);
    for (const path of [
      "__proto__.polluted",
      "constructor.prototype.polluted",
      "name.__proto__.polluted",
      "toString.polluted",
    ]) {
      const patched = await tenant.scim.patch(
        `/Users/${made.id}`,
        patchOf({ op: "add", path, value: { polluted: 1 } }),
      );
      expect(patched.status).toBeLessThan(500);
    }
    expect("polluted" in {}).toBe(false);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect((await tenant.scim.get(`/Users/${made.id}`)).text).not.toContain("polluted");
  });

  it("is recorded as refused, without what it said", async () => {
    const { tenant, scim } = await inhabited();
    await scim.post("/Users", { userName: "ana", displayName: "canaryName" });
    await scim.patch("/Users/none", patchOf({ op: "add", path: "title", value: "canaryName" }));
    const refused = (await rowsIn("changes", tenant.key)).filter(
      (row) => row["outcome"] === "refused",
    );
    expect(refused).toHaveLength(2);
    expect(refused).toMatchObject([
      {
        operation: "create",
        resource_type: "User",
        resource_id: null,
        status: 409,
        scim_type: "uniqueness",
      },
      {
        operation: "patch",
        resource_type: "User",
        resource_id: "none",
        status: 404,
        scim_type: null,
      },
    ]);
    expect(JSON.stringify(refused)).not.toContain("canaryName");
  });
});

describe("a query that cannot be answered", () => {
  const filters: [string, string][] = [
    ["an unknown attribute", 'shoeSize eq "canary"'],
    ["an unknown sub-attribute", 'emails.colour eq "canary"'],
    ["no operator", "userName"],
    ["an unknown operator", 'userName like "canary"'],
    ["no value", "userName eq"],
    ["an open quote", 'userName eq "canary'],
    ["an open bracket", 'emails[type eq "work"'],
    ["brackets on a simple attribute", 'userName[value eq "canary"]'],
    ["brackets in brackets", 'emails[type[value eq "x"] eq "canary"]'],
    ["two filters without a word between", 'userName eq "a" userName eq "b"'],
    ["a dangling and", 'userName eq "a" and'],
    ["not without parentheses", 'not userName eq "a"'],
    ["the password", 'password eq "canary"'],
    ["an order of booleans", "active gt true"],
    ["a boolean that is none", 'active eq "canary"'],
    ["a date that is none", 'meta.created gt "canary"'],
    ["NUL", 'userName eq "a\\u0000"'],
    ["half a surrogate pair", 'userName eq "\\ud800"'],
    ["51 terms", Array.from({ length: 51 }, () => "title pr").join(" or ")],
    ["21 levels", `${"(".repeat(21)}title pr${")".repeat(21)}`],
    ["10,000 levels", "(".repeat(8000)],
    ["more than 8,192 characters", `title eq "${"x".repeat(8200)}"`],
    ["nothing in it", " "],
    ["SQL", 'userName eq "a"); DROP TABLE users; --'],
    ["a prototype", '__proto__ eq "x"'],
  ];
  it.each(filters)(
    "because its filter has %s is 400 invalidFilter, never the whole list",
    async (_what, filter) => {
      const { scim } = place;
      for (const path of ["/Users", "/Groups"]) {
        const answer = await scim.get(`${path}?filter=${encodeURIComponent(filter)}`);
        expectError(answer, 400, "invalidFilter");
      }
    },
  );

  const parameters: [string, string][] = [
    ["startIndex=canary", "invalidValue"],
    ["count=1.5", "invalidValue"],
    ["count=ten", "invalidValue"],
    ["sortBy=shoeSize", "invalidPath"],
    ["sortBy=password", "invalidPath"],
    ["sortBy=name", "invalidPath"],
    ["sortOrder=canary&sortBy=userName", "invalidValue"],
    ["sortBy=userName;DROP+TABLE+users", "invalidPath"],
  ];
  it.each(parameters)("because of ?%s is 400 %s", async (query, scimType) => {
    const { scim } = place;
    expectError(await scim.get(`/Users?${query}`), 400, scimType);
  });

  it("because discovery takes no filter is 403", async () => {
    const { scim } = place;
    for (const path of ["/Schemas", "/ResourceTypes"]) {
      expectError(await scim.get(`${path}?filter=id+pr`), 403);
    }
  });

  it("has no say in answers: odd bytes, unknown and empty parameters are passed over", async () => {
    const { scim } = place;
    const odd = [
      "x=%zz",
      "%ff=%ff",
      "attributes=",
      "sortBy=",
      "sortOrder=",
      "count=",
      "&&&",
      "?",
      "filter=userName+pr&filter=shoeSize+pr",
    ];
    for (const query of odd) {
      const answer = await scim.get(`/Users?${query}`);
      expect([query, answer.status, answer.body["totalResults"]]).toEqual([query, 200, 2]);
    }
    for (const id of ["%zz", "%ff", "%00", "%2e%2e%2fGroups", "a%2fb", "'--", "x".repeat(5000)]) {
      expectError(await scim.get(`/Users/${id}`), 404);
    }
  });
});

describe("an address", () => {
  const methods: [string, string, string][] = [
    ["PUT", "/Users", "GET, HEAD, POST, OPTIONS"],
    ["PATCH", "/Users", "GET, HEAD, POST, OPTIONS"],
    ["DELETE", "/Groups", "GET, HEAD, POST, OPTIONS"],
    ["POST", "/Users/{ana}", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"],
    ["POST", "/Schemas", "GET, HEAD, OPTIONS"],
    ["PATCH", "/ServiceProviderConfig", "GET, HEAD, OPTIONS"],
    ["DELETE", "/ResourceTypes/User", "GET, HEAD, OPTIONS"],
  ];
  it.each(methods)("answers %s %s with 405 and what it takes", async (method, path, allow) => {
    const { tenant, scim, ana } = place;
    const before = await tenantRows(tenant.key);
    const answer = await scim.send(method, path.replace("{ana}", ana));
    expectError(answer, 405);
    expect(answer.headers.get("Allow")).toBe(allow);
    expect(await tenantRows(tenant.key)).toEqual(before);
  });

  it.each(methods)(
    "says what it takes instead of %s %s to OPTIONS, without a body",
    async (_method, path, allow) => {
      const { scim, ana } = place;
      const answer = await scim.send("OPTIONS", path.replace("{ana}", ana));
      expect([answer.status, answer.text, answer.headers.get("Allow")]).toEqual([204, "", allow]);
    },
  );

  it.each([
    "/Nobody",
    "/Nobody/1",
    "/Users/1/2",
    "/Users/1/groups",
    "",
    "/constructor",
    "/__proto__",
    "/Schemas/urn:x",
    "/ResourceTypes/x",
  ])("that leads nowhere (%s) is 404", async (path) => {
    const { scim } = place;
    expectError(await scim.get(path), 404);
    expectError(
      await scim.post(
        path === "/Schemas/urn:x" || path === "/ResourceTypes/x" ? "/Nobody" : path,
        {},
      ),
      404,
    );
  });

  it("outside the bases is 404 with a token, and 401 without", async () => {
    const { tenant } = place;
    for (const path of [
      "/",
      "/api",
      "/api/v1/scim",
      "/api/v1/scim/v1/Users",
      "/Users",
      "/favicon.ico",
    ]) {
      const at = (token: string) => scimClient(ORIGIN, token, throughTheDoor);
      expectError(await at(tenant.token).get(path), 404);
      expectError(await at("").get(path), 401);
    }
  });

  it.each(["get", "delete"] as const)("/Me is 501 with the reason (%s)", async (verb) => {
    const { scim } = place;
    expectError(await scim[verb]("/Me"), 501);
  });
});

describe("credentials", () => {
  const others: [string, (tenant: MintedTenant) => Record<string, string> | undefined][] = [
    ["none", () => undefined],
    ["an empty header", () => ({ Authorization: "" })],
    ["an empty bearer", () => ({ Authorization: "Bearer " })],
    ["only the word", () => ({ Authorization: "Bearer" })],
    ["blanks", () => ({ Authorization: " \t " })],
    ["a word", () => ({ Authorization: "non-token" })],
    ["Basic", ({ token }) => ({ Authorization: `Basic ${btoa(`scim:${token}`)}` })],
    ["Basic with the token itself", ({ token }) => ({ Authorization: `Basic ${token}` })],
    ["another scheme", ({ token }) => ({ Authorization: `Digest ${token}` })],
    ["two tokens", ({ token }) => ({ Authorization: `Bearer ${token}, Bearer ${token}` })],
    ["two words", ({ token }) => ({ Authorization: `Bearer ${token} ${token}` })],
    ["three schemes", ({ token }) => ({ Authorization: `Bearer Bearer Bearer ${token}` })],
    [
      "the token but for its last character",
      ({ token }) => ({ Authorization: `Bearer ${token.slice(0, -1)}` }),
    ],
    ["the token and one more", ({ token }) => ({ Authorization: `Bearer ${token}0` })],
    ["the token in capitals", ({ token }) => ({ Authorization: `Bearer ${token.toUpperCase()}` })],
    ["the token in quotes", ({ token }) => ({ Authorization: `Bearer "${token}"` })],
    ["8 KB", () => ({ Authorization: `Bearer ${"x".repeat(8300)}` })],
    ["letters that are not ASCII", () => ({ Authorization: "Bearer tökén" })],
    [
      "the key of the admin API",
      () => ({ Authorization: "Bearer admin-key-of-the-test-suite-0123456789abcdef" }),
    ],
    ["the token in the wrong header", ({ token }) => ({ "X-Api-Key": token })],
  ];

  it.each(others)(
    "that are no token (%s) are 401 on every path, always with the same words",
    async (_what, headersOf) => {
      const { tenant, ana, staff } = place;
      const before = await tenantRows(tenant.key);
      const headers = headersOf(tenant);
      const texts = new Set<string>();
      for (const [method, path] of [
        ["GET", "/Users"],
        ["GET", `/Users/${ana}`],
        ["POST", "/Users"],
        ["PUT", `/Users/${ana}`],
        ["PATCH", `/Groups/${staff}`],
        ["DELETE", `/Groups/${staff}`],
        ["GET", "/Schemas"],
        ["GET", "/ServiceProviderConfig"],
        ["GET", "/Me"],
        ["GET", "/Nobody"],
        ["OPTIONS", "/Users"],
      ] as const) {
        const response = await throughTheDoor(
          new Request(`${SCIM_BASE}${path}`, {
            method,
            headers: {
              ...headers,
              ...(method.startsWith("P") && { "Content-Type": "application/json" }),
            },
            ...(method.startsWith("P") && { body: '{"userName":"canary","displayName":"canary"}' }),
          }),
        );
        const answer = await readAnswer(response);
        expectError(answer, 401);
        expect(answer.headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
        expect(answer.text).not.toContain(tenant.token.slice(5, 20));
        texts.add(answer.text);
      }
      expect(texts.size).toBe(1);
      expect(await tenantRows(tenant.key)).toEqual(before);
    },
  );

  it.each([
    ["Bearer", (token: string) => `Bearer ${token}`],
    ["bearer", (token: string) => `bearer ${token}`],
    ["nothing in front", (token: string) => token],
    ["Bearer twice", (token: string) => `Bearer Bearer ${token}`],
    ["blanks around", (token: string) => `  BEARER \t ${token}  `],
  ])("that are a token are taken with %s", async (_what, header) => {
    const tenant = await mintTenant();
    const answer = await tenant.scim.get("/Users", { Authorization: header(tenant.token) });
    expect(answer.status).toBe(200);
  });

  it("are never looked for in the URL", async () => {
    const tenant = await mintTenant();
    for (const query of [`access_token=${tenant.token}`, `token=${tenant.token}`]) {
      expectError(await tenant.scim.get(`/Users?${query}`, { Authorization: "" }), 401);
    }
  });

  it("that were revoked are 401 where they were used", async () => {
    const tenant = await mintTenant();
    const second = await issueToken(tenant.slug);
    await env.DB.prepare("UPDATE credentials SET revoked_at = 'x' WHERE id = ?")
      .bind(second.id)
      .run();
    const scim = tenant.through(throughTheDoor, { token: second.token });
    expectError(await scim.get("/Users"), 401);
  });
});

describe("a fault of the server", () => {
  it("is a 500 that says nothing but the id of the request, which the log has too", async () => {
    const tenant = await mintTenant();
    // A row that no version of the code has written.
    const broken = interceptD1(env.DB, async ({ send }) =>
      (await send()).map((result) => ({ ...result, results: [{ id: "canary" }] })),
    );
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const answer = await tenant.through(callWorker({ DB: broken })).get("/Users/any");
    const [line] = logged.mock.calls.map(([text]) => String(text));
    logged.mockRestore();
    expectError(answer, 500);
    const requestId = answer.headers.get("X-Request-Id") ?? "no id";
    expect(answer.body["detail"]).toContain(requestId);
    expect(line).toContain(requestId);
    expect(line).not.toContain("canary");
  });
});
