declare namespace Cloudflare {
  interface Env {
    readonly DB: D1Database;
    readonly TOKENS: KVNamespace;
    readonly TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
  interface GlobalProps {
    mainModule: typeof import("../src/worker.ts");
  }
}
