import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { callWorker } from "../call-worker.ts";
import { mintTenant, type MintedTenant } from "../mint-tenant.ts";
import {
  ENTERPRISE,
  filterOf,
  patchOf,
  type Answer,
  type Json,
  type ScimClient,
} from "../scim-client.ts";
import { rowsIn, tenantRows } from "../tenant-rows.ts";
import { D1_MESSAGES } from "./d1-messages.ts";
import { interceptD1, type Around } from "./intercept-d1.ts";

const NETWORK = "D1_ERROR: Network connection lost.";
const OVERLOAD = "D1_ERROR: D1 DB is overloaded. Requests queued for too long.";
const TIMEOUT =
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.";

interface Fault {
  /** Which round trip fails, from 1. */
  readonly at: number;
  /** Before it reaches the database, or after the database has done it. */
  readonly when: "before" | "after";
  readonly message: string;
}

/** Fails at one round trip, and tells how many there were. */
function faulty(fault: Fault | undefined): { database: D1Database; trips: () => number } {
  let trips = 0;
  const around: Around = async ({ send }) => {
    trips += 1;
    if (trips !== fault?.at) return send();
    if (fault.when === "after") await send();
    throw new Error(fault.message);
  };
  return { database: interceptD1(env.DB, around), trips: () => trips };
}

interface Scene {
  readonly tenant: MintedTenant;
  readonly ana: string;
  readonly ben: string;
  readonly gone: string;
  readonly staff: string;
}

async function setUp(): Promise<Scene> {
  const tenant = await mintTenant({ preset: "training", settings: { deactivationGuard: null } });
  const { scim } = tenant;
  const person = (userName: string, fields: Json = {}) =>
    scim.post("/Users", { userName, [ENTERPRISE]: { department: "Retail" }, ...fields });
  const ana = await person("ana@example.com", { title: "Nurse" });
  const ben = await person("ben@example.com");
  const gone = await person("gone@example.com", { active: false });
  const staff = await scim.post("/Groups", { displayName: "Staff", members: [{ value: ana.id }] });
  return { tenant, ana: ana.id, ben: ben.id, gone: gone.id, staff: staff.id };
}

interface Write {
  readonly name: string;
  readonly status: number;
  readonly send: (scim: ScimClient, scene: Scene) => Promise<Answer>;
  /** What is to be seen afterwards, once. */
  readonly expectApplied: (scene: Scene, answer: Answer) => Promise<void>;
}

const member = (...ids: string[]) => ids.map((value) => ({ value }));
const membersOf = async ({ tenant, staff }: Scene) =>
  (await rowsIn("group_members", tenant.key))
    .filter((row) => row["group_id"] === staff)
    .map((row) => row["member_id"])
    .sort();

const WRITES: Write[] = [
  {
    name: "POST /Users",
    status: 201,
    send: (scim) =>
      scim.post("/Users", { userName: "new@example.com", [ENTERPRISE]: { department: "New" } }),
    async expectApplied({ tenant }, { id }) {
      const users = await rowsIn("users", tenant.key);
      expect(users.filter((user) => user["user_name_key"] === "new@example.com")).toMatchObject([
        { id, version: 1 },
      ]);
    },
  },
  {
    name: "POST /Users for somebody inactive",
    status: 201,
    send: (scim) => scim.post("/Users", { userName: "gone@example.com", title: "Back" }),
    async expectApplied({ tenant, gone }, { id, body }) {
      expect([id, body["active"]]).toEqual([gone, true]);
      expect((await tenant.scim.get(`/Users/${gone}`)).body).toMatchObject({
        active: true,
        meta: { version: 'W/"2"' },
      });
    },
  },
  {
    name: "PUT /Users/{id}",
    status: 200,
    send: (scim, { ana }) => scim.put(`/Users/${ana}`, { userName: "ana.gil@example.com" }),
    async expectApplied({ tenant, ana }, { body }) {
      expect((await tenant.scim.get(`/Users/${ana}`)).body).toEqual(body);
      expect(body).toMatchObject({ userName: "ana.gil@example.com", meta: { version: 'W/"2"' } });
    },
  },
  {
    name: "PATCH /Users/{id}",
    status: 200,
    send: (scim, { ana }) =>
      scim.patch(`/Users/${ana}`, patchOf({ op: "Replace", path: "active", value: "False" })),
    async expectApplied({ tenant, ana }, { body }) {
      expect((await tenant.scim.get(`/Users/${ana}`)).body).toEqual(body);
      expect(body).toMatchObject({ active: false, meta: { version: 'W/"2"' } });
    },
  },
  {
    name: "DELETE /Users/{id}",
    status: 204,
    send: (scim, { ana }) => scim.delete(`/Users/${ana}`),
    async expectApplied({ tenant, ana }) {
      expect((await tenant.scim.get(`/Users/${ana}`)).status).toBe(404);
      expect(await rowsIn("former_people", tenant.key)).toHaveLength(1);
    },
  },
  {
    name: "POST /Groups",
    status: 201,
    send: (scim, { ana, ben }) =>
      scim.post("/Groups", { displayName: "New", members: member(ana, ben) }),
    async expectApplied({ tenant }, { id, body }) {
      expect((await tenant.scim.get(`/Groups/${id}`)).body).toEqual(body);
      expect(body["members"]).toHaveLength(2);
    },
  },
  {
    name: "PUT /Groups/{id}",
    status: 200,
    send: (scim, { staff, ben }) =>
      scim.put(`/Groups/${staff}`, { displayName: "Crew", members: member(ben) }),
    async expectApplied(scene, { body }) {
      expect(await membersOf(scene)).toEqual([scene.ben]);
      expect((await scene.tenant.scim.get(`/Groups/${scene.staff}`)).body).toEqual(body);
      expect(body).toMatchObject({ displayName: "Crew", meta: { version: 'W/"2"' } });
    },
  },
  {
    name: "PATCH /Groups/{id} of members",
    status: 204,
    send: (scim, { staff, ana, ben }) =>
      scim.patch(
        `/Groups/${staff}`,
        patchOf(
          { op: "remove", path: "members", value: member(ana) },
          { op: "add", path: "members", value: member(ben) },
        ),
      ),
    async expectApplied(scene) {
      expect(await membersOf(scene)).toEqual([scene.ben]);
      expect((await scene.tenant.scim.get(`/Groups/${scene.staff}`)).body["meta"]).toMatchObject({
        version: 'W/"2"',
      });
    },
  },
  {
    name: "PATCH /Groups/{id} of the name",
    status: 204,
    send: (scim, { staff }) =>
      scim.patch(`/Groups/${staff}`, patchOf({ op: "replace", value: { displayName: "Crew" } })),
    async expectApplied(scene) {
      expect(await membersOf(scene)).toEqual([scene.ana]);
      expect((await scene.tenant.scim.get(`/Groups/${scene.staff}`)).body).toMatchObject({
        displayName: "Crew",
        meta: { version: 'W/"2"' },
      });
    },
  },
  {
    name: "DELETE /Groups/{id}",
    status: 204,
    send: (scim, { staff }) => scim.delete(`/Groups/${staff}`),
    async expectApplied({ tenant, staff }) {
      expect((await tenant.scim.get(`/Groups/${staff}`)).status).toBe(404);
      expect(await rowsIn("group_members", tenant.key)).toEqual([]);
    },
  },
];

/** What holds whatever happened: counters tell the truth, the journal has one row for each write. */
async function expectSound(
  { tenant }: Scene,
  journalBefore: number,
  written: boolean,
): Promise<void> {
  const {
    users = [],
    groups = [],
    tenant_counts: counts,
    changes = [],
  } = await tenantRows(tenant.key);
  const count = (name: string, wanted: unknown) =>
    users.filter((user) => user[name] === wanted).length;
  expect(counts).toMatchObject([
    {
      users: users.length,
      users_active: count("active", 1),
      users_scim: count("origin", "scim"),
      groups: groups.length,
    },
  ]);
  expect(changes).toHaveLength(journalBefore + (written ? 1 : 0));
  expect(changes.map((change) => Number(change["seq"])).toSorted((a, b) => a - b)).toEqual(
    changes.map((_, at) => at + 1),
  );
}

function expectUnavailable(answer: Answer): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status: 503,
    body: { status: "503" },
  });
  expect(answer.headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.get("Content-Type")).toBe("application/scim+json");
  expect(answer.text).not.toMatch(/D1|SELECT|INSERT/);
}

/** Sends a write through a database that fails once; says whether it was applied. */
async function play(write: Write, fault: Fault): Promise<{ applied: boolean; reached: boolean }> {
  const scene = await setUp();
  // KV knows the token, so that every round trip belongs to the write itself.
  const before = await tenantRows(scene.tenant.key);
  const journal = before["changes"]?.length ?? 0;
  const { database, trips } = faulty(fault);
  const answer = await write.send(scene.tenant.through(callWorker({ DB: database })), scene);
  const reached = trips() >= fault.at;
  if (answer.status === 503) {
    expectUnavailable(answer);
    expect(await tenantRows(scene.tenant.key)).toEqual(before);
    return { applied: false, reached };
  }
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: write.status });
  await write.expectApplied(scene, answer);
  await expectSound(scene, journal, true);
  return { applied: true, reached };
}

beforeEach(() => {
  // No jitter: every pause takes no time.
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const named = WRITES.map((write) => [write.name, write] as const);

describe("a database that fails once", () => {
  it.each(named)(
    "at any round trip of %s leaves it applied once, or not at all with a 503",
    { timeout: 60_000 },
    async (_name, write) => {
      for (const when of ["before", "after"] as const) {
        // One that is sent again, and one whose trace alone tells what became of it.
        for (const message of when === "before" ? [NETWORK] : [NETWORK, TIMEOUT]) {
          for (let at = 1; ; at++) {
            const { applied, reached } = await play(write, { at, when, message });
            if (message === NETWORK || !reached) expect(applied).toBe(true);
            if (!reached) break;
            expect(at).toBeLessThan(10);
          }
        }
      }
    },
  );

  const messages = D1_MESSAGES.map((message) => [message.text, message] as const);
  it.each(messages)(
    "with '%s' is retried, looked up or passed on as it deserves",
    async (_text, { text, ran, retried }) => {
      const writeNamed = (name: string) => {
        const write = WRITES.find((one) => one.name.startsWith(name));
        if (!write) throw new Error(`No ${name}.`);
        return write;
      };
      const patch = writeNamed("PATCH /Users");
      for (const [write, at] of [
        [writeNamed("POST /Users"), 1],
        [patch, 1],
        [patch, 2],
      ] as const) {
        const refused = await play(write, { at, when: "before", message: text });
        expect(refused.applied).toBe(retried);
        if (ran) {
          const lost = await play(write, { at, when: "after", message: text });
          // The first round trip of a PATCH of a person only reads.
          const isWrite = write !== patch || at === 2;
          expect(lost.applied).toBe(retried || isWrite);
        }
      }
    },
  );
});

describe("a database that is down", () => {
  const down = (message: string) =>
    callWorker({ DB: interceptD1(env.DB, () => Promise.reject(new Error(message))) });

  it.each(named)(
    "answers %s with 503, and the same request works when it is back",
    async (_name, write) => {
      const scene = await setUp();
      const before = await tenantRows(scene.tenant.key);
      for (const { text } of D1_MESSAGES) {
        expectUnavailable(await write.send(scene.tenant.through(down(text)), scene));
      }
      expect(await tenantRows(scene.tenant.key)).toEqual(before);
      const again = await write.send(scene.tenant.scim, scene);
      expect(again.status).toBe(write.status);
      await write.expectApplied(scene, again);
    },
  );

  it("is never mistaken for an empty one", async () => {
    const { tenant, ana, staff } = await setUp();
    for (const { text } of D1_MESSAGES) {
      const scim = tenant.through(down(text));
      for (const path of [
        `/Users/${ana}`,
        `/Groups/${staff}`,
        "/Users",
        "/Groups?excludedAttributes=members",
        `/Users?${filterOf('userName eq "ana@example.com"')}`,
        `/Users?${filterOf("title pr")}`,
        "/Users/none",
        "/Schemas",
      ]) {
        expectUnavailable(await scim.get(path));
      }
    }
  });

  it("leaves a line in the log that says where, and not what the database said", async () => {
    const { tenant, ana } = await setUp();
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const answer = await tenant.through(down("D1_ERROR: near canary")).get(`/Users/${ana}`);
    const [line] = logged.mock.calls.map(([text]) => String(text));
    expect(line).toContain("storage-unavailable");
    expect(line).toContain(answer.headers.get("X-Request-Id") ?? "no id");
    expect(line).not.toContain("canary");
  });

  it("answers 503 to a token that KV does not know, and never 401", async () => {
    const tenant = await mintTenant();
    expectUnavailable(await tenant.through(down(NETWORK)).get("/Users"));
  });

  it("asks an overloaded database once, and is asked to wait longer", async () => {
    const { tenant, ana } = await setUp();
    let trips = 0;
    const scim = tenant.through(
      callWorker({
        DB: interceptD1(env.DB, () => {
          trips += 1;
          return Promise.reject(new Error(OVERLOAD));
        }),
      }),
    );
    const answer = await scim.get(`/Users/${ana}`);
    expectUnavailable(answer);
    expect(trips).toBe(1);
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThanOrEqual(10);
  });
});

describe("a database that hangs", () => {
  it.each(["GET", "PATCH"])("answers %s with 503 after ten seconds", async (method) => {
    const { tenant, ana } = await setUp();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const hanging = interceptD1(env.DB, () => {
      setTimeout(() => vi.advanceTimersByTime(10_000), 0);
      queueMicrotask(() => vi.advanceTimersByTime(1));
      return new Promise(() => undefined);
    });
    const scim = tenant.through(callWorker({ DB: hanging }));
    const path = `/Users/${ana}`;
    const patch = patchOf({ op: "replace", path: "title", value: "Doctor" });
    const answer = method === "GET" ? scim.get(path) : scim.patch(path, patch);
    expectUnavailable(await answer);
    vi.useRealTimers();
    expect((await tenant.scim.get(path)).body["title"]).toBe("Nurse");
  });
});

describe("an answer that is lost after everything was written", () => {
  it("meets its own success when the client asks again", async () => {
    const scene = await setUp();
    const { tenant } = scene;
    for (const write of WRITES) {
      const first = await write.send(tenant.scim, scene);
      const rows = await tenantRows(tenant.key);
      const again = await write.send(tenant.scim, scene);
      const expected = write.name.startsWith("POST")
        ? 409
        : write.name.startsWith("DELETE")
          ? 404
          : write.status;
      // A write behind the DELETE of its person finds nobody, the first time too.
      if (first.status !== 404) expect([write.name, again.status]).toEqual([write.name, expected]);
      expect(await tenantRows(tenant.key)).toEqual(rows);
    }
  });
});

describe("requests at the same moment", () => {
  it("make one person of one userName: one 201, 409 for all others", async () => {
    const tenant = await mintTenant();
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        tenant.scim.post("/Users", { userName: at % 2 === 0 ? "Ana" : "aNA" }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 59 }, () => 409),
    ]);
    expect(await rowsIn("users", tenant.key)).toHaveLength(1);
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([{ users: 1 }]);
  });

  it("make one person of one email where addresses are unique, and adopt nobody twice", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const send = (at: number) =>
      tenant.scim.post("/Users", {
        userName: `user-${at}`,
        emails: [{ value: "ana@example.com", type: "work" }],
      });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => send(at)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    const [winner] = answers.filter(({ status }) => status === 201);
    await tenant.scim.patch(
      `/Users/${winner?.id}`,
      patchOf({ op: "replace", value: { active: false } }),
    );
    const back = await Promise.all(Array.from({ length: 10 }, (_, at) => send(at)));
    expect(back.filter(({ status }) => status === 201).map(({ id }) => id)).toEqual([winner?.id]);
    expect(await rowsIn("users", tenant.key)).toHaveLength(1);
  });

  it("make one group of one name and one department of one name", async () => {
    const tenant = await mintTenant({ preset: "training" });
    const [groups, people] = await Promise.all([
      Promise.all(
        Array.from({ length: 10 }, () => tenant.scim.post("/Groups", { displayName: "Retail" })),
      ),
      Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          tenant.scim.post("/Users", {
            userName: `user-${at}`,
            [ENTERPRISE]: { department: "RETAIL" },
          }),
        ),
      ),
    ]);
    expect(groups.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(groups.filter(({ status }) => status === 409)).toHaveLength(9);
    expect(people.every(({ status }) => status === 201)).toBe(true);
    const departments = await rowsIn("departments", tenant.key);
    expect(departments).toHaveLength(1);
    const linked = (await rowsIn("users", tenant.key)).map((user) => user["department_id"]);
    expect(new Set(linked)).toEqual(new Set([departments[0]?.["id"]]));
  });

  it("add 30 members, and none is lost", async () => {
    const tenant = await mintTenant();
    const people = await Promise.all(
      Array.from({ length: 30 }, (_, at) => tenant.scim.post("/Users", { userName: `user-${at}` })),
    );
    const ids = people.map(({ id }) => id);
    const group = await tenant.scim.post("/Groups", {
      displayName: "All",
      members: member(...ids.slice(0, 5)),
    });
    const add = (id: string) =>
      tenant.scim.patch(
        `/Groups/${group.id}`,
        patchOf({ op: "add", path: "members", value: member(id) }),
      );
    const remove = (id: string) =>
      tenant.scim.patch(
        `/Groups/${group.id}`,
        patchOf({ op: "remove", path: `members[value eq "${id}"]` }),
      );
    const answers = await Promise.all([...ids.slice(5).map(add), ...ids.slice(0, 5).map(remove)]);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 204));
    const rows = await rowsIn("group_members", tenant.key);
    expect(rows.map((row) => row["member_id"]).sort()).toEqual(ids.slice(5).sort());
    // Each of them changed something, so each raised the version and left a row.
    const { body } = await tenant.scim.get(`/Groups/${group.id}?attributes=meta`);
    expect(body["meta"]).toMatchObject({ version: 'W/"31"' });
    const changes = await rowsIn("changes", tenant.key);
    expect(changes.filter((change) => change["resource_id"] === group.id)).toHaveLength(31);
  });

  it(
    "change one person 30 times: what was confirmed is there, and what was not is not",
    { timeout: 30_000 },
    async () => {
      vi.restoreAllMocks();
      const tenant = await mintTenant();
      const { id } = await tenant.scim.post("/Users", { userName: "ana" });
      const add = (at: number) =>
        tenant.scim.patch(
          `/Users/${id}`,
          patchOf({ op: "add", path: "entitlements", value: [{ value: `e-${at}` }] }),
        );
      const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => add(at)));
      const confirmed = answers.flatMap(({ status }, at) => (status === 200 ? [`e-${at}`] : []));
      for (const answer of answers) if (answer.status !== 200) expectUnavailable(answer);
      expect(confirmed.length).toBeGreaterThan(7);
      const { body } = await tenant.scim.get(`/Users/${id}`);
      expect((body["entitlements"] as Json[]).map(({ value }) => value).sort()).toEqual(
        confirmed.sort(),
      );
      expect(body["meta"]).toMatchObject({ version: `W/"${1 + confirmed.length}"` });
    },
  );

  it("with one If-Match let one of 20 pass", async () => {
    const tenant = await mintTenant();
    const { id } = await tenant.scim.post("/Users", { userName: "ana" });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        tenant.scim.patch(`/Users/${id}`, patchOf({ op: "add", path: "title", value: `t-${at}` }), {
          "If-Match": 'W/"1"',
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
  });

  it("delete once: one 204, 404 for all others, one former person", async () => {
    const { tenant, ana } = await setUp();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => tenant.scim.delete(`/Users/${ana}`)),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(9);
    expect(await rowsIn("former_people", tenant.key)).toHaveLength(1);
    expect(await rowsIn("tenant_counts", tenant.key)).toMatchObject([{ users: 2 }]);
  });

  it("leave nobody in a group who was deleted while joining it", async () => {
    const { tenant, ana, ben, staff } = await setUp();
    await Promise.all([
      tenant.scim.delete(`/Users/${ana}`),
      tenant.scim.patch(
        `/Groups/${staff}`,
        patchOf({ op: "add", path: "members", value: member(ana, ben) }),
      ),
      tenant.scim.put(`/Groups/${staff}`, { displayName: "Staff", members: member(ana, ben) }),
    ]);
    expect(
      (await rowsIn("group_members", tenant.key)).map((row) => row["member_id"]),
    ).not.toContain(ana);
  });
});
