import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";

import { callWorker } from "../../call-worker.ts";
import { stageOf, withoutChance } from "./database-dump.ts";
import { makeScene, type Scene } from "./fault-scene.ts";
import { requestOf, type FaultCase } from "./fault-table.ts";
import { faulty, impatient, type Fault, type Patience, type Trip } from "./faulty-databases.ts";

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Play {
  readonly answer: Seen;
  /** What each round trip did. */
  readonly trips: readonly Trip[];
}

/** One scene, and how it is played again and again, each time from its beginning. */
export interface Theatre {
  readonly scene: Scene;
  /** The request of a case, its round trip of that number through the fault. */
  play(one: FaultCase, at?: number, fault?: Fault): Promise<Play>;
  /** All rows, as text. */
  rows(): Promise<string>;
  /** The rows of the beginning. */
  readonly beginning: string;
  /** An answer and all rows, without what chance made of them. Of what resumes, the rows that it is about. */
  outcome(answer: Seen, one: FaultCase): Promise<string>;
  /** What administrators read at these paths, without what chance made of it. */
  view(paths: readonly string[]): Promise<string>;
  reset(): Promise<void>;
}

/** The databases of a deployment by their bindings, as the Worker is to see them. */
type Bindings = Readonly<Record<"DB" | `DB_${number}`, D1Database>>;

export async function openTheatre(
  make: () => Promise<Scene> = makeScene,
  bindings: Bindings = { DB: env.DB },
): Promise<Theatre> {
  const scene = await make();
  const names = Object.keys(bindings);
  const stages = await Promise.all(Object.values(bindings).map(stageOf));
  const dumps = () => Promise.all(stages.map((stage) => stage.dump()));
  const before = await dumps();
  const beginning = JSON.stringify(before);
  const inWords = withoutChance(beginning);
  return {
    scene,
    beginning,
    async play(one, at = 0, fault) {
      const patience: Patience = { isOver: false };
      vi.stubGlobal("setTimeout", impatient(patience));
      const { databases, trips } = faulty(Object.values(bindings), at, fault, patience);
      const intercepted = Object.fromEntries(names.map((name, index) => [name, databases[index]]));
      const transport = callWorker({ TOKENS: forgetful(), ...intercepted });
      const answer = await readWhole(await transport(requestOf(one, scene)));
      return { answer, trips };
    },
    rows: async () => JSON.stringify(await dumps()),
    async outcome({ status, text }, { by, resumes }) {
      const rows = (await dumps()).flatMap((dump, index) =>
        Object.entries(dump)
          .filter(([table]) => resumes?.includes(table) !== true)
          .flatMap(([table, found]) =>
            found.map((row) => `${names[index]}.${table} ${JSON.stringify(row)}`),
          ),
      );
      const whole = by === "scim" ? text.replace(READ_BEFORE, "") : text;
      const told = resumes === undefined ? whole : "";
      return inWords([`${status} ${told}`, ...rows]);
    },
    view: async (paths) => {
      const answers = await Promise.all(
        paths.map(async (path) => {
          const request = requestOf({ method: "GET", path: () => path }, scene);
          const { status, text } = await readWhole(await callWorker(bindings)(request));
          return `${path} ${status} ${text}`;
        }),
      );
      return inWords(answers);
    },
    async reset() {
      await Promise.all(stages.map((stage, index) => stage.restore(before[index] ?? {})));
    },
  };
}

/** The groups of a person in an answer of SCIM are those that they had when the person was read. */
const READ_BEFORE = /,"groups":\[[^\]]*\]/;

/** A KV that knows nothing, and an isolate that remembers nothing: tokens are looked up in D1. */
const forgetful = (): KVNamespace =>
  new Proxy(env.TOKENS, {
    get: (target, name) =>
      name === "get" || name === "put" ? () => Promise.resolve(null) : Reflect.get(target, name),
  });

const readWhole = async (response: Response): Promise<Seen> => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
});

/** No jitter: every pause takes no time. Nothing is logged. For `afterEach`: what undoes it. */
export function withoutWaiting(): () => void {
  vi.spyOn(Math, "random").mockReturnValue(0);
  for (const level of ["log", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => undefined);
  }
  return () => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  };
}

export function expectUnavailable({ status, headers, text }: Seen): void {
  expect([status, text]).toEqual([503, text]);
  expect(headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
  expect(headers.get("Content-Type")).toBe("application/problem+json");
  expect(text).not.toMatch(/D1|SELECT|INSERT|UPDATE/);
}
