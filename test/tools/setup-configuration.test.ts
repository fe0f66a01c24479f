import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import {
  isPlaceholder,
  readConfiguration,
  withDatabaseId,
  withNamespaceId,
  withPublicUrl,
} from "../../tools/setup/configuration.ts";

const TOML = `name = "scim-edge" # the Worker
account_id = '0123456789abcdef0123456789abcdef'
crons = [
  "*/5 * * * *",
]

[vars]
# PUBLIC_URL = "https://commented.example.com"
PUBLIC_URL = "" # where it is reached

[[d1_databases]]
binding = "DB"
database_name = "scim-edge"
database_id = "00000000-0000-0000-0000-000000000001"
#
# [[d1_databases]]
# binding = "DB_9"
# database_id = "00000000-0000-0000-0000-000000000009"

  [[ d1_databases ]]
  database_id='00000000-0000-0000-0000-000000000002' # its id
  database_name = 'two'
  binding = 'DB_1'

[[kv_namespaces]]
binding = "TOKENS"
id = "00000000000000000000000000000001"

[[env.staging.d1_databases]]
binding = "DB"
database_id = "00000000-0000-0000-0000-000000000003"
`;
const ID = "5f7a1c2e-0b1d-4a8e-9c3f-000000000001";

/** The lines in which two texts differ. */
const changedLines = (before: string, after: string) =>
  after.split("\n").filter((line, at) => line !== before.split("\n")[at]);

describe("wrangler.toml, as the deployment reads and writes it", () => {
  it("names the Worker, its account, address, databases and namespaces, and nothing in comments or environments", () => {
    expect(readConfiguration(TOML)).toEqual({
      name: "scim-edge",
      accountId: "0123456789abcdef0123456789abcdef",
      publicUrl: "",
      databases: [
        { binding: "DB", name: "scim-edge", id: "00000000-0000-0000-0000-000000000001" },
        { binding: "DB_1", name: "two", id: "00000000-0000-0000-0000-000000000002" },
      ],
      namespaces: [{ binding: "TOKENS", id: "00000000000000000000000000000001" }],
    });
  });

  it("changes the id of one database and not another letter", () => {
    const first = withDatabaseId(TOML, "DB", ID);
    expect(changedLines(TOML, first)).toEqual([`database_id = "${ID}"`]);
    expect(changedLines(TOML, withDatabaseId(TOML, "DB_1", ID))).toEqual([
      `  database_id='${ID}' # its id`,
    ]);
    expect(readConfiguration(first).databases.map(({ id }) => isPlaceholder(id))).toEqual([
      false,
      true,
    ]);
  });

  it("changes the id of a namespace, and the address, in the same way", () => {
    const id = "9b1d2c3e4f5061728394a5b6c7d8e9f0";
    expect(changedLines(TOML, withNamespaceId(TOML, "TOKENS", id))).toEqual([`id = "${id}"`]);
    expect(changedLines(TOML, withPublicUrl(TOML, "https://a.example.com"))).toEqual([
      'PUBLIC_URL = "https://a.example.com" # where it is reached',
    ]);
  });

  it("keeps Windows line ends", () => {
    const windows = TOML.replaceAll("\n", "\r\n");
    expect(withDatabaseId(windows, "DB", ID)).toBe(
      withDatabaseId(TOML, "DB", ID).replaceAll("\n", "\r\n"),
    );
    expect(readConfiguration(windows)).toEqual(readConfiguration(TOML));
  });

  it("takes a text with dollar signs for what it is", () => {
    expect(readConfiguration(withPublicUrl(TOML, "https://$1.$&.example")).publicUrl).toBe(
      "https://$1.$&.example",
    );
  });

  it("refuses to write where there is no such line", () => {
    expect(() => withPublicUrl('[vars]\nOTHER = "x"\n', "https://a.example.com")).toThrow(
      "[vars] has no PUBLIC_URL in quotes.",
    );
  });

  it("fits the project's own file", () => {
    const own = readFileSync(path.join(import.meta.dirname, "../../wrangler.toml"), "utf8");
    const { name, databases, namespaces } = readConfiguration(own);
    expect(name).not.toBe("");
    expect(databases.map(({ binding }) => binding)).toContain("DB");
    expect(databases.every((database) => database.name !== "" && database.id !== "")).toBe(true);
    expect(namespaces.map(({ binding }) => binding)).toEqual(["TOKENS"]);
    expect(changedLines(own, withPublicUrl(own, "https://x.example"))).toEqual([
      'PUBLIC_URL = "https://x.example"',
    ]);
  });

  it.each([
    ["00000000-0000-0000-0000-000000000001", true],
    ["00000000-0000-0000-0000-000000000012", true],
    ["00000000000000000000000000000001", true],
    [ID, false],
    ["9b1d2c3e4f5061728394a5b6c7d8e9f0", false],
    ["", false],
  ])("knows whether the id %o only keeps a place", (id, expected) => {
    expect(isPlaceholder(id)).toBe(expected);
  });
});
