import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { listDatabases } from "../../tools/dev/list-databases.ts";

describe("the databases that npm run dev migrates", () => {
  it("are those of wrangler.toml", () => {
    const file = path.join(import.meta.dirname, "../../wrangler.toml");
    expect(listDatabases(readFileSync(file, "utf8"))).toEqual(["DB"]);
  });

  it("are all that are listed, in their order, and nothing that is a comment or another binding", () => {
    const toml = `name = "x"
# [[d1_databases]]
# binding = "DB_9"
[[d1_databases]]
binding = "DB"
database_name = "one"
  [[ d1_databases ]]
  database_name = 'two'
  binding = 'DB_1' # the second
[[kv_namespaces]]
binding = "TOKENS"
[[env.staging.d1_databases]]
binding = "DB_7"
[[d1_databases]]
binding="DB_2"
`;
    expect(listDatabases(toml)).toEqual(["DB", "DB_1", "DB_2"]);
    expect(listDatabases(toml.replaceAll("\n", "\r\n"))).toEqual(["DB", "DB_1", "DB_2"]);
  });

  it("are DB where a configuration says nothing of them", () => {
    expect(listDatabases('{ "name": "x" }')).toEqual(["DB"]);
  });
});
