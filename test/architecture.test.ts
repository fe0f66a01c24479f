import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

const ROOT = path.join(import.meta.dirname, "..");
const CLIENT = "src/admin/console/client/";

/** Which rooms a room may open the door of; DESIGN.md's table. A room may always use its own files. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  scim: [],
  journal: [],
  tenancy: ["journal"],
  directory: ["scim", "tenancy", "journal"],
  storage: ["scim", "tenancy", "directory", "journal"],
  http: ["scim", "tenancy", "directory"],
  admin: ["tenancy", "directory", "journal"],
  delivery: ["tenancy", "directory", "journal"],
  jobs: ["tenancy", "directory", "journal"],
  // Where the Worker's bindings become what the rooms ask for.
  worker: [
    "scim",
    "journal",
    "tenancy",
    "directory",
    "storage",
    "http",
    "admin",
    "delivery",
    "jobs",
  ],
};

/** Packages that only some rooms may know. */
const PACKAGES: Record<string, readonly string[]> = {
  hono: ["http", "admin", "delivery"],
  "drizzle-orm": ["storage"],
  zod: ["tenancy", "directory", "storage", "admin"],
  jose: ["tenancy"],
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const source = readFileSync(path.join(ROOT, file), "utf8");
  const room = file.split("/")[1] ?? "";
  return [...source.matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g)].map((found) => ({
    file,
    room,
    target: found[1] ?? found[2] ?? "",
  }));
}

const files = globSync("src/**/*.{ts,tsx}", { cwd: ROOT });
const inRooms = files.filter((file) => file.split("/").length > 2);
const resolve = ({ file, target }: Import) => path.join(path.dirname(file), target);

describe("the rooms", () => {
  it("are the ones that the table names", () => {
    const rooms = new Set(inRooms.map((file) => file.split("/")[1]));
    for (const room of rooms) expect(Object.keys(MAY_IMPORT)).toContain(room);
  });

  it("import only the rooms below them", () => {
    const crossings = inRooms
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith("."))
      .map((found) => ({ ...found, into: resolve(found).split("/")[1] ?? "" }))
      .filter(({ room, into }) => into !== room && !(MAY_IMPORT[room] ?? []).includes(into))
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(crossings).toEqual([]);
  });

  it("know only the packages that are theirs", () => {
    const strangers = inRooms
      .flatMap(importsOf)
      .filter(({ target }) => !target.startsWith("."))
      .filter(({ room, target }) => {
        const name = target.split("/")[0] ?? "";
        return !(PACKAGES[name] ?? []).includes(room);
      })
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(strangers).toEqual([]);
  });

  it("import no tool and no test", () => {
    const outside = files
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith("."))
      .filter((found) => !resolve(found).startsWith("src/"))
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(outside).toEqual([]);
  });

  it("take hono's smallest preset: the others bring two more routers", () => {
    const large = files.filter((file) =>
      /import \{[^}]*(?<!type )\bHono\b[^}]*\} from "hono"/.test(
        readFileSync(path.join(ROOT, file), "utf8"),
      ),
    );
    expect(large).toEqual([]);
  });

  it("take zod's small form: the other one is three times as large", () => {
    const large = files.flatMap(importsOf).filter(({ target }) => target === "zod");
    expect(large).toEqual([]);
  });

  it("do not import the scripts that run in browsers", () => {
    const mixed = files
      .filter((file) => !file.startsWith(CLIENT))
      .flatMap(importsOf)
      .filter((found) => found.target.startsWith(".") && resolve(found).startsWith(CLIENT))
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(mixed).toEqual([]);
  });

  it("have no file that only passes on what others export", () => {
    expect(
      files.filter((file) => /(?:^|\/)(?:index|utils|helpers|common)\.tsx?$/.test(file)),
    ).toEqual([]);
  });
});

describe("the Worker's entry", () => {
  it("is the only file that sees the bindings", () => {
    const seers = files
      .filter((file) => !file.startsWith("src/worker") && file !== "src/env.d.ts")
      .filter((file) =>
        /\benv\.(?:DB|TOKENS|ASSETS)\b/.test(readFileSync(path.join(ROOT, file), "utf8")),
      );
    expect(seers).toEqual([]);
    expect(existsSync(path.join(ROOT, "src/worker.ts"))).toBe(true);
  });
});
