import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";

import { callWorker } from "../../call-worker.ts";
import type { Json } from "../../scim-client.ts";
import { stageOf, withoutChance, type Dump } from "./database-dump.ts";
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
  /** An answer without what chance made of it; of what resumes, its status. */
  words(answer: Seen, one: FaultCase): string;
  /**
   * The rows that are new, and those that are not there any more, without what chance made of them; where one of the
   * requests resumes, those that it is about.
   */
  left(...cases: readonly FaultCase[]): Promise<string>;
  /** The two together. */
  outcome(answer: Seen, one: FaultCase): Promise<string>;
  /** What administrators read at these paths, without what chance made of it. */
  view(paths: readonly string[]): Promise<string>;
  /** To be told when something else than a play has written. */
  changed(): void;
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
  /** What is there, as long as nothing has been played since. */
  let present: Promise<Dump[]> | undefined;
  const dumps = () => (present ??= Promise.all(stages.map((stage) => stage.dump())));
  const before = await dumps();
  const beginning = JSON.stringify(before);
  const inWords = withoutChance(beginning);
  const words: Theatre["words"] = ({ status, text }, { by, resumes }) => {
    const told = by === "scim" ? comparable(status, text) : text;
    return inWords([`${status} ${resumes === undefined ? told : ""}`]);
  };
  const linesOf = (all: readonly Dump[], begun: ReadonlySet<string>): string[] =>
    all.flatMap((dump, index) =>
      Object.entries(dump)
        .filter(([table]) => !begun.has(table))
        .flatMap(([table, found]) =>
          found.map((row) => `${names[index]}.${table} ${JSON.stringify(withoutPast(row))}`),
        ),
    );
  const left: Theatre["left"] = async (...cases) => {
    const begun = new Set(cases.flatMap(({ resumes = [] }) => resumes));
    const old = new Set(linesOf(before, begun));
    const now = new Set(linesOf(await dumps(), begun));
    return inWords([
      ...[...now].filter((line) => !old.has(line)),
      ...[...old].filter((line) => !now.has(line)).map((line) => `not ${line}`),
    ]);
  };
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
      present = undefined;
      return { answer, trips };
    },
    rows: async () => JSON.stringify(await dumps()),
    words,
    left,
    outcome: async (answer, one) => `${words(answer, one)}\n${await left(one)}`,
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
    changed() {
      present = undefined;
    },
    async reset() {
      const now = await dumps();
      await Promise.all(
        stages.map((stage, index) => stage.restore(before[index] ?? {}, now[index] ?? {})),
      );
      present = Promise.resolve(before);
    },
  };
}

/**
 * An answer of SCIM, but for the groups of a person and the members of a group, which are those of the moment when it was
 * read, and for the words of a 401, which tell whether the token was good when the request came in.
 */
const comparable = (status: number, text: string): string =>
  status === 401 ? "" : text.replace(/,"(?:groups|members)":\[[^\]]*\]/, "");

/** A former person's departments are those that they had when the person was read; their history is exact. */
const withoutPast = (row: Json): Json =>
  "deleted_at" in row ? { ...row, departments: undefined } : row;

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
