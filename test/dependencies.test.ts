import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

// The guarantee of the casts: npm writes these files so.
const read = (file: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, "..", file), "utf8"));
const manifest = read("package.json") as Record<string, Record<string, string> | undefined>;
const { packages } = read("package-lock.json") as { packages: Record<string, Locked> };
const locked = Object.entries(packages)
  .filter(([name]) => name !== "")
  .map(([name, facts]) => ({ name: name.slice(name.lastIndexOf("node_modules/") + 13), ...facts }));

const wanted = Object.entries({
  ...manifest["dependencies"],
  ...manifest["devDependencies"],
  ...manifest["optionalDependencies"],
});

describe("the packages that the Worker is made of", () => {
  it("are few, and each is one version", () => {
    expect(Object.keys(manifest["dependencies"] ?? {})).toEqual([
      "drizzle-orm",
      "hono",
      "jose",
      "zod",
    ]);
    for (const [name, version] of wanted) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
      expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    }
  });

  it("are what the lock file says, byte by byte", () => {
    expect(locked.length).toBeGreaterThan(100);
    const unproved = locked.filter(({ integrity }) => integrity?.startsWith("sha512-") !== true);
    expect(unproved.map(({ name }) => name)).toEqual([]);
  });

  it("bring no package of their own, and run nothing when they are installed", () => {
    const own = Object.keys(manifest["dependencies"] ?? {});
    const ofTools = Object.keys(manifest["devDependencies"] ?? {});
    const shipped = locked
      .filter(({ dev, optional }) => dev !== true && optional !== true)
      // A package that one of them may use, and that is here for its types.
      .filter(({ name }) => !ofTools.includes(name));
    expect(shipped.map(({ name }) => name).toSorted()).toEqual(own.toSorted());
    expect(shipped.filter(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  });

  it("hold a router without the known holes, and no foreign engine for PATCH", () => {
    const [major = 0, minor = 0, patch = 0] = (packages["node_modules/hono"]?.version ?? "")
      .split(".")
      .map(Number);
    // CVE-2026-29045, CVE-2026-39407 and CVE-2026-47673 to 47676 were mended by 4.12.21.
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(4_012_021);
    expect(locked.filter(({ name }) => /^scim|scim-patch/.test(name))).toEqual([]);
  });
});
