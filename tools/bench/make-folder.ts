import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { CleanUps } from "./clean-ups.ts";

const ALL = { recursive: true, force: true };

/** A temporary folder, and the way to remove it with all that is in it. */
export function makeFolder(ends: CleanUps): { folder: string; remove: () => Promise<void> } {
  // Not the asynchronous one: a process that ends before its answer leaves the folder behind.
  const folder = mkdtempSync(path.join(tmpdir(), "scim-edge-bench-"));
  const remove = ends.add(
    () => rm(folder, ALL),
    () => rmSync(folder, ALL),
  );
  return { folder, remove };
}
