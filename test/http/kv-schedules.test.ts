import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import worker from "../../src/worker.ts";
import { workerEnv } from "../call-worker.ts";
import {
  admin,
  issueToken,
  mintTenant,
  ORIGIN,
  SCIM_BASE,
  type MintedTenant,
} from "../mint-tenant.ts";
import { scimClient, type Transport } from "../scim-client.ts";
import { rowsIn } from "../tenant-rows.ts";

/** Some seconds; 10,000 of them take most of an hour. */
const SCHEDULES = 40;
const SEED = 20_261_122;

/** What KV does when it is read: `old` shows any value that it had since the tenants are there, of any of the keys. */
const GETS = [
  "fresh",
  "old",
  "none",
  "throws",
  "hangs",
  "text",
  "another shape",
  "of another token",
] as const;
const PUTS = ["kept", "lost", "throws", "hangs"] as const;
type Get = (typeof GETS)[number];
type Put = (typeof PUTS)[number];

/** KV as a day of trouble would have it. Every value that it was ever given may come back. */
interface TroubledKv {
  readonly namespace: KVNamespace;
  get: Get;
  put: Put;
}

const TOKENS = ["ofAnna", "ofAnnaForAnHour", "ofBert"] as const;
const TENANTS = ["anna", "bert"] as const;
type TokenName = (typeof TOKENS)[number];
type TenantName = (typeof TENANTS)[number];
const ownerOf = (token: TokenName): TenantName => (token === "ofBert" ? "bert" : "anna");

type Step =
  | {
      readonly kind: "request";
      readonly token: TokenName;
      readonly method: "GET" | "POST";
      readonly url: "shared" | TenantName;
      /** The isolate that answers: each remembers what it has seen. */
      readonly isolate: 0 | 1;
      readonly get: Get;
      readonly put: Put;
      /** Which of the old values. */
      readonly which: number;
    }
  | { readonly kind: "revoke"; readonly token: TokenName }
  | {
      readonly kind: "status";
      readonly tenant: TenantName;
      readonly status: "active" | "paused" | "suspended";
    }
  | { readonly kind: "settings"; readonly tenant: TenantName; readonly days: number }
  | { readonly kind: "wait"; readonly seconds: number };

const token = fc.constantFrom(...TOKENS);
const tenant = fc.constantFrom(...TENANTS);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("request" as const),
      token,
      method: fc.constantFrom("GET" as const, "POST" as const),
      url: fc.constantFrom("shared" as const, "shared" as const, ...TENANTS),
      isolate: fc.constantFrom(0 as const, 1 as const),
      get: fc.constantFrom(...GETS),
      put: fc.constantFrom(...PUTS),
      which: fc.nat(50),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("revoke" as const), token }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("status" as const),
      tenant,
      status: fc.constantFrom("active" as const, "paused" as const, "suspended" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("settings" as const),
      tenant,
      days: fc.integer({ min: 1, max: 365 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 61, 301, 3601),
    }),
  },
);

const NEVER = 8_640_000_000_000;
let hangs: (() => void)[] = [];
const hang = <Value>(value: Value) =>
  new Promise<Value>((resolve) => {
    hangs.push(() => resolve(value));
  });

/** All that KV was ever given, by everybody; `which` of it comes back. */
function troubledKv(given: Map<string, string[]>): TroubledKv & { which: number } {
  const kv = {
    get: "fresh" as Get,
    put: "kept" as Put,
    which: 0,
    namespace: new Proxy(env.TOKENS, {
      get(target, name) {
        if (name === "get") return (key: string) => read(key);
        if (name === "put") return (key: string, value: string) => write(key, value);
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    }),
  };
  const pick = (values: readonly string[]): unknown => {
    const value = values[kv.which % Math.max(1, values.length)];
    return value === undefined ? null : JSON.parse(value);
  };
  function read(key: string): Promise<unknown> {
    const own = given.get(key) ?? [];
    switch (kv.get) {
      case "fresh":
        return Promise.resolve(pick(own.slice(-1)));
      case "old":
        return Promise.resolve(pick(own));
      case "none":
        return Promise.resolve(null);
      case "throws":
        return Promise.reject(new Error("KV is down."));
      case "hangs":
        return hang(null);
      case "text":
        return Promise.resolve("scim");
      case "another shape":
        return Promise.resolve({ digest: key, tenant: { id: "x" } });
      case "of another token":
        return Promise.resolve(
          pick([...given].flatMap(([other, values]) => (other === key ? [] : values))),
        );
    }
  }
  function write(key: string, value: string): Promise<void> {
    if (kv.put === "throws") return Promise.reject(new Error("KV is down."));
    if (kv.put === "kept") given.set(key, [...(given.get(key) ?? []), value]);
    return kv.put === "hangs" ? hang(undefined) : Promise.resolve();
  }
  return kv;
}

const realTimeout = globalThis.setTimeout;
/** The patience with KV; nothing else of the product waits exactly as long. */
const KV_PATIENCE_MS = 250;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.stubGlobal("setTimeout", (run: () => void, milliseconds = 0) =>
    realTimeout(run, milliseconds === KV_PATIENCE_MS ? 1 : milliseconds),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

let tenants: Readonly<Record<TenantName, MintedTenant>>;
/** How many people each has. */
const made = { anna: 0, bert: 0 };
let names = 0;
beforeAll(async () => {
  tenants = { anna: await mintTenant(), bert: await mintTenant() };
});

async function play(steps: readonly Step[]): Promise<void> {
  const inAnHour = Date.now() + 3_600_000;
  const expiresAt = new Date(inAnHour).toISOString();
  const tokens = {
    ofAnna: { ...(await issueToken(tenants.anna.slug)), until: NEVER },
    ofAnnaForAnHour: {
      ...(await issueToken(tenants.anna.slug, { expiresAt })),
      until: inAnHour,
    },
    ofBert: { ...(await issueToken(tenants.bert.slug)), until: NEVER },
  };
  const status = { anna: "active", bert: "active" };
  const revoked = new Set<TokenName>();
  const given = new Map<string, string[]>();
  const isolates = [troubledKv(given), troubledKv(given)];
  const executions: ExecutionContext[] = [];

  const expected = (step: Extract<Step, { kind: "request" }>): number => {
    const owner = ownerOf(step.token);
    const isForeign = step.url !== "shared" && step.url !== owner;
    if (revoked.has(step.token) || Date.now() >= tokens[step.token].until || isForeign) return 401;
    if (status[owner] !== "active") return status[owner] === "paused" ? 503 : 403;
    return step.method === "GET" ? 200 : 201;
  };

  for (const [at, step] of steps.entries()) {
    switch (step.kind) {
      case "wait":
        vi.setSystemTime(Date.now() + step.seconds * 1000);
        break;
      case "revoke":
        revoked.add(step.token);
        await admin(
          "DELETE",
          `/tenants/${tenants[ownerOf(step.token)].slug}/tokens/${tokens[step.token].id}`,
        );
        break;
      case "status":
        status[step.tenant] = step.status;
        await tenants[step.tenant].change({ status: step.status });
        break;
      case "settings":
        await tenants[step.tenant].change({ settings: { logRetentionDays: step.days } });
        break;
      case "request": {
        const kv = isolates[step.isolate];
        if (!kv) throw new Error("An isolate that is not there.");
        Object.assign(kv, { get: step.get, put: step.put, which: step.which });
        const transport: Transport = async (request) => {
          const execution = createExecutionContext();
          executions.push(execution);
          const incoming = new Request<unknown, IncomingRequestCfProperties>(request);
          return worker.fetch(incoming, workerEnv({ TOKENS: kv.namespace }), execution);
        };
        const base =
          step.url === "shared"
            ? SCIM_BASE
            : `${ORIGIN}/api/v1/tenants/${tenants[step.url].slug}/scim/v2`;
        const scim = scimClient(base, tokens[step.token].token, transport);
        const wanted = expected(step);
        const answer =
          step.method === "GET"
            ? await scim.get("/Users?count=1")
            : await scim.post("/Users", { userName: `person-${++names}` });
        expect([at, answer.status]).toEqual([at, wanted]);
        const owner = ownerOf(step.token);
        if (answer.status === 201) made[owner] += 1;
        if (answer.status === 200) expect(answer.body["totalResults"]).toBe(made[owner]);
      }
    }
  }
  for (const kv of isolates) Object.assign(kv, { get: "fresh", put: "kept" });
  for (const end of hangs.splice(0)) end();
  await Promise.all(executions.map((execution) => waitOnExecutionContext(execution)));
  for (const name of TENANTS) {
    if (status[name] !== "active") await tenants[name].change({ status: "active" });
    expect(await rowsIn("tenant_counts", tenants[name].key)).toMatchObject([{ users: made[name] }]);
  }
}

describe("whatever KV shows, keeps or loses", () => {
  it(
    "a valid token is served at once, and a revoked, expired or foreign one does nothing",
    { timeout: 120_000 },
    async () => {
      await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 8, maxLength: 24 }), play), {
        seed: SEED,
        numRuns: SCHEDULES,
        plugins: [fc.interruptAfterTimeLimit(90_000)],
      });
    },
  );
});
