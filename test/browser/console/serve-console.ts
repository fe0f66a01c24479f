import type { TestProject } from "vitest/node";

import { type DevServer, startDevServer } from "../../../tools/dev/start-dev-server.ts";
import { hasBrowser } from "../launch-browser.ts";

/** Where the console under test is; it has begun with an empty database. */
export type ServedConsole = Omit<DevServer, "stop">;

declare module "vitest" {
  export interface ProvidedContext {
    /**
     * What the server printed where it does not start: the tests of the console fail with it, and no others do.
     * Undefined without a browser: they are skipped.
     */
    served: ServedConsole | string | undefined;
  }
}

/** One server for all tests of the console. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!hasBrowser()) return undefined;
  try {
    const { stop, ...served } = await startDevServer();
    project.provide("served", served);
    return stop;
  } catch (error) {
    project.provide("served", error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
