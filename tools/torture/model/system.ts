import type { Json } from "./person-document.ts";

export interface ModelAnswer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** The server under test: one tenant of its own for each run. */
export interface System {
  /** A request to SCIM, below the Tenant URL. */
  scim(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ModelAnswer>;
  /** A request to the admin API, below the tenant. */
  admin(method: string, path: string, body?: unknown): Promise<ModelAnswer>;
  /** Runs the jobs of the cron trigger once. */
  cron(): Promise<void>;
  /** How many changes of people, groups and departments the journal of the tenant has. */
  changes(): Promise<number>;
  /** What of the database's rules does not hold for the tenant. */
  violations(): Promise<readonly string[]>;
}

/** A difference between the server and the model: what a run ends with. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

export function expectSame(what: string, expected: unknown, actual: unknown): void {
  const [wanted, found] = [expected, actual].map((value) => JSON.stringify(value) ?? "nothing");
  if (wanted !== found)
    throw new Mismatch(`${what}: the model says ${wanted}, the server ${found}`);
}
