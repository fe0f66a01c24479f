import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isWellFormedToken } from "../../src/tenancy/token.ts";
import { completeDevVars, newestOf, readDevVars } from "../../tools/dev/dev-vars.ts";

const ALL = ["ADMIN_TOKEN", "TOKEN_PEPPER", "SIGNING_KEY", "SCIM_TOKEN"];

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dev-vars-"));
  file = path.join(folder, ".dev.vars");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("completing .dev.vars", () => {
  it("makes a file with four random secrets that nobody else may read", () => {
    expect(completeDevVars(file)).toEqual(ALL);
    const vars = readDevVars(file);
    for (const name of ["ADMIN_TOKEN", "TOKEN_PEPPER", "SIGNING_KEY"]) {
      expect(vars[name]).toMatch(/^[\w-]{43}$/);
    }
    expect(isWellFormedToken(vars["SCIM_TOKEN"] ?? "")).toBe(true);
    expect(new Set(ALL.map((name) => vars[name])).size).toBe(4);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("changes nothing when nothing is missing", () => {
    completeDevVars(file);
    const before = readFileSync(file, "utf8");
    expect(completeDevVars(file)).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("adds what is missing and leaves every other byte, placeholders and empty values included", () => {
    const before = '# mine\nADMIN_TOKEN="replace-me"\nexport OTHER=1 # why\nTOKEN_PEPPER=';
    writeFileSync(file, before, { mode: 0o640 });
    expect(completeDevVars(file)).toEqual(["SIGNING_KEY", "SCIM_TOKEN"]);
    expect(readFileSync(file, "utf8").startsWith(`${before}\nSIGNING_KEY="`)).toBe(true);
    expect(readDevVars(file)).toMatchObject({
      ADMIN_TOKEN: "replace-me",
      TOKEN_PEPPER: "",
      OTHER: "1",
    });
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("does not take a secret that is commented out for one that is there", () => {
    writeFileSync(file, '# SCIM_TOKEN="scim_old"\n');
    expect(completeDevVars(file)).toEqual(ALL);
  });
});

describe("a secret under rotation", () => {
  it.each([
    ["new,old", "new"],
    ["only", "only"],
    [" new , old", "new"],
    [undefined, ""],
  ])("reads %j as %j", (secret, newest) => {
    expect(newestOf(secret)).toBe(newest);
  });
});
