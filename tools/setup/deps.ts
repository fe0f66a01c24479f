import type { HealthAnswer } from "./read-health.ts";
import type { RunWrangler } from "./run-wrangler.ts";

/** What the steps of a deployment reach the world through. */
export interface Deps {
  readonly run: RunWrangler;
  /** The text of wrangler.toml. */
  readToml(): string;
  writeToml(text: string): void;
  /** Prints what a step is about to do. */
  announce(line: string): void;
  /** Prints what a step has found or done. */
  say(line: string): void;
  /** Asks the person at the terminal; undefined when there is none. */
  ask(question: string): Promise<string | undefined>;
  /** A fresh random secret: characters that may stand in a header, 32 or more. */
  randomSecret(): string;
  /** The id in the environment variable CLOUDFLARE_ACCOUNT_ID. */
  readonly chosenAccount: string | undefined;
  /** Name of the newest file in migrations/. */
  readonly newestMigration: string;
  /** Asks an address of `/healthz` once; undefined when nothing answers. */
  askHealth(url: string): Promise<HealthAnswer | undefined>;
  pause(milliseconds: number): Promise<void>;
}
