declare namespace Cloudflare {
  interface Env {
    readonly DB: D1Database;
    /** For tests that want more than one; under these names, so that all others have a deployment with one. */
    readonly SPARE_1: D1Database;
    readonly SPARE_2: D1Database;
    readonly TOKENS: KVNamespace;
    /** Lets three requests a minute pass for each key. */
    readonly LIMIT_OF_3: RateLimit;
    /** How often properties are checked in workerd, and from where; empty: as often as the suite has time for. */
    readonly FUZZ_RUNS: string;
    readonly FUZZ_SEED: string;
    readonly TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
  interface GlobalProps {
    mainModule: typeof import("../src/worker.ts");
  }
}

/** The text of a file, as Vite brings it into workerd. */
declare module "*.sql?raw" {
  const text: string;
  export default text;
}
