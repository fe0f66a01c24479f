import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

const ROOT = path.join(import.meta.dirname, "..");
/** What runs in the Worker; the console's script runs in browsers. */
const sources = globSync("src/**/*.{ts,tsx}", { cwd: ROOT })
  .filter((file) => !file.startsWith("src/admin/console/client/"))
  .toSorted()
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), "utf8") }));
const code = sources.map(({ file, text }) => ({
  file,
  text: text.replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, ""),
}));

/** The files in which a pattern stands, comments left out. */
const filesWith = (pattern: RegExp): string[] =>
  code.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

describe("the code of the Worker", () => {
  it("is here", () => {
    expect(code.length).toBeGreaterThan(300);
    expect(filesWith(/export default \{/)).toEqual(["src/worker.ts"]);
  });

  it("keeps nothing between requests but what this list names", () => {
    // Each holds what is true for every request: a key under its own digest, what the fence checks anew, or no more
    // than a hint that saves a write. `Map` and `Set` of constants are ReadonlyMap, ReadonlySet, or in capitals.
    expect(filesWith(/^(?:export )?let /m)).toEqual([]);
    expect(
      code.flatMap(({ file, text }) =>
        [...text.matchAll(/^(?:export )?const ([a-z]\w*)[^=\n]*= (?:new \w+[(<]|\[\]|\{\})/gm)]
          .filter(([, name = ""]) => !["text", "encoder", "decoder"].includes(name))
          .map(([, name]) => `${file} ${name}`),
      ),
    ).toEqual([
      "src/scim/schema/find-attribute.ts indexes",
      "src/tenancy/access-verifier.ts keySets",
      "src/tenancy/digest.ts keys",
      "src/worker/call.ts rememberedAdmissions",
      "src/worker/directory-of.ts compiledCatalogues",
      "src/worker/scim-deps.ts tenantsWithPeople",
    ]);
  });

  it("does behind an answer only what this list names, and nothing that the answer promises", () => {
    const places = code.flatMap(({ file, text }) =>
      [...text.matchAll(/\bwaitUntil\(/g)].map(() => file),
    );
    expect(places).toEqual(
      [
        // A look at the tenant before its first person, so that whoever sets it up sees it.
        "src/http/note-read.ts",
        // When a token, a client's secret and a key were used last, and by whom.
        "src/http/middleware/authenticate.ts",
        "src/http/oauth/issue-access-token.ts",
        // What was refused: nothing was done.
        "src/http/write-verb.ts",
        "src/worker/admin-deps.ts",
        // A move, and people whose settings have changed: what does not end here, the jobs do again.
        "src/worker/admin-deps.ts",
        "src/worker/admin-deps.ts",
        // A token for KV, and one under the newest pepper: what fails here, the next request does again.
        "src/worker/call.ts",
      ].toSorted(),
    );
    // The linter asks that every promise is awaited, given away or left alone with this word.
    expect(filesWith(/^\s*void \w/m)).toEqual([]);
  });

  it("makes SQL of constants and of placeholders", () => {
    // Conditions and checks of the tables, and places in the one parameter that holds all values.
    expect(filesWith(/\bsql\.raw\(/)).toEqual([
      "src/storage/catalogue-tables.ts",
      "src/storage/departments/assign-by-hand.ts",
      "src/storage/moves/move-rows.ts",
      "src/storage/notice-tables.ts",
      "src/storage/tables.ts",
      "src/storage/tenancy/carried-state.ts",
    ]);
    // The first only passes on.
    expect(filesWith(/(?<!places)\.prepare\(|\b(?:database|d1|DB)\.exec\(/i)).toEqual([
      "src/storage/d1/count-round-trips.ts",
      "src/storage/d1/prepare.ts",
      "src/storage/d1/schema-version.ts",
    ]);
  });

  it("takes randomness that nobody may guess from one place, and that of a pause from Math", () => {
    expect(filesWith(/getRandomValues|randomUUID|randomBytes = /)).toEqual([
      "src/worker/surroundings.ts",
    ]);
    // Each for how long to wait, or where a walk begins.
    expect(filesWith(/Math\.random/)).toEqual([
      "src/storage/d1/with-retry.ts",
      "src/worker/directory-of.ts",
      "src/worker/run-all-jobs.ts",
    ]);
  });

  it("fetches nothing but its own files, and the keys of Cloudflare Access", () => {
    expect(filesWith(/(?<![\w.])fetch\(request, env|globalThis\.fetch|cloudflare:sockets/)).toEqual(
      ["src/worker.ts"],
    );
    expect(filesWith(/(?<![\w.])fetch\((?!request, env)/)).toEqual([]);
    expect(filesWith(/new (?:WebSocket|EventSource)\b|connect\(\{/)).toEqual([]);
    expect(filesWith(/createRemoteJWKSet\(/)).toEqual(["src/tenancy/access-verifier.ts"]);
    expect(filesWith(/\.fetch\(/)).toEqual([
      "src/admin/api/api-description.ts",
      "src/admin/console/console-app.tsx",
      "src/admin/console/pages/connect.tsx",
      "src/admin/console/settings/read-fields.ts",
      "src/worker.ts",
    ]);
  });

  it("gives a tenant's directory no way to name another tenant", () => {
    const stores = [
      ["ports", "alerts/ports", "deactivations/ports", "departments/ports", "groups/ports"],
      ["invitations/ports", "people/ports", "stats/ports"],
    ].flat();
    const ports = code.filter(({ file }) =>
      stores.some((store) => file === `src/directory/${store}.ts`),
    );
    expect(ports).toHaveLength(stores.length);
    const naming = ports
      // A job works on all tenants of a database.
      .map(({ file, text }) => ({ file, text: text.replace(/^export type RaiseAlert.*$/m, "") }))
      .filter(({ text }) => /\btenant(?:Id|Key|Slug)?\??:/.test(text));
    expect(naming.map(({ file }) => file)).toEqual([]);
  });

  it("reads from the primary alone: a write never begins from what a replica remembers", () => {
    expect(filesWith(/withSession|first-unconstrained/)).toEqual([]);
  });

  it("appends to the journal, and has a closed list of places that take from it", () => {
    // Somebody who is erased.
    expect(filesWith(/(?:UPDATE|REPLACE INTO) (?:\$\{changes\}|changes\b)/)).toEqual([
      "src/storage/people/erase-statements.ts",
    ]);
    // What is older than the tenant wants it, and a tenant that was never made.
    expect(filesWith(/DELETE FROM (?:\$\{changes\}|changes\b)/)).toEqual([
      "src/storage/retention/retention-store.ts",
      "src/storage/tenancy/insert-tenant.ts",
    ]);
    // Whatever table it is: tenants that were deleted, and those that have moved.
    expect(filesWith(/DELETE FROM \$\{(?!changes\b)(?:named\(|table|sql\.|ofTenant)/)).toEqual([
      "src/storage/deletion/purge-store.ts",
      "src/storage/moves/move-rows.ts",
    ]);
  });

  it("copies nothing of a request by a merge, and reads no text as code", () => {
    expect(filesWith(/\beval\(|new Function\(|\bstructuredClone\(|Object\.assign\(/)).toEqual([]);
    expect(filesWith(/for \((?:const|let) \w+ in /)).toEqual([]);
  });

  it("takes of hono what routes, and none of its middleware that reads credentials or paths", () => {
    const taken = code.flatMap(({ text }) =>
      [...text.matchAll(/from "(hono[^"]*)"/g)].map(([, name = ""]) => name),
    );
    const parts = ["", "/body-limit", "/cookie", "/html", "/jsx", "/route", "/tiny"];
    const texts = ["/utils/encode", "/utils/html", "/utils/http-status"];
    expect([...new Set(taken)].sort()).toEqual([...parts, ...texts].map((part) => `hono${part}`));
    expect(filesWith(/\.mount\(|serveStatic|bearerAuth|ipRestriction/)).toEqual([]);
  });
});
