import path from "node:path";

import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

// Each file costs one to two seconds of set-up in workerd, so pure tests run in Node instead.
export default defineConfig({
  test: {
    // The Worker logs a line per request: shown for the tests that fail.
    silent: "passed-only",
    coverage: {
      provider: "istanbul",
      include: ["src/**"],
      // Runs in browsers only (test/browser).
      exclude: ["src/admin/console/client/**"],
      reporter: ["text-summary", "text"],
      // Pure functions that strangers' input goes through: no branch of them is without a test.
      thresholds: { "src/scim/**": { branches: 100, functions: 100, lines: 100, statements: 100 } },
    },
    projects: [
      {
        test: {
          name: "pure",
          include: [
            "test/{scim,tenancy,directory,journal,delivery,tools,sql}/**/*.test.ts",
            "test/{,browser/}*.test.ts",
          ],
        },
      },
      {
        test: {
          name: "console",
          include: ["test/browser/console/**/*.test.ts"],
          globalSetup: ["./test/browser/console/serve-console.ts"],
          // What a person does, on machines that do other things too.
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // On their own: they watch what happens within seconds.
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // Not as DB_1 and DB_2: the Worker would put tenants there, and most tests look for them in DB.
              d1Databases: { SPARE_1: "spare-1", SPARE_2: "spare-2" },
              // The Worker's own are out of reach, so that tests may ask as much as they like; the small one is for
              // the test of the limits themselves.
              ratelimits: {
                REQUEST_LIMIT: { namespace_id: "1", simple: { limit: 1_000_000, period: 60 } },
                REFUSAL_LIMIT: { namespace_id: "2", simple: { limit: 1_000_000, period: 60 } },
                LIMIT_OF_3: { namespace_id: "3", simple: { limit: 3, period: 60 } },
              },
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(
                  path.join(import.meta.dirname, "migrations"),
                ),
                PUBLIC_URL: "https://scim.example.com",
                DEFAULT_TENANT: "",
                ADMIN_TOKEN: "admin-key-of-the-test-suite-0123456789abcdef",
                TOKEN_PEPPER: "pepper-of-the-test-suite-0123456789abcdef",
                SIGNING_KEY: "signing-key-of-the-test-suite-0123456789abcdef",
                SCIM_TOKEN: "",
                FUZZ_RUNS: process.env["FUZZ_RUNS"] ?? "",
                FUZZ_SEED: process.env["FUZZ_SEED"] ?? "",
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          include: ["test/{storage,http,admin,jobs,scenarios}/**/*.test.ts"],
          setupFiles: ["./test/setup.ts"],
        },
      },
    ],
  },
});
