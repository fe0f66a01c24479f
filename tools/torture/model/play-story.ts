import fc from "fast-check";

import type { Command } from "./commands/define-command.ts";
import { compareDepartments, compareLists } from "./compare.ts";
import { emptyDirectory } from "./directory.ts";
import { Mismatch, type System } from "./system.ts";

/** Plays commands in an empty tenant and in the model, and compares everything at the end. Throws at a difference. */
export async function playStory(commands: Iterable<Command>, system: System): Promise<void> {
  const model = emptyDirectory();
  await fc.asyncModelRun(() => ({ model, real: system }), commands);
  await compareLists(model, system);
  await compareDepartments(model, system);
  const violations = await system.violations();
  if (violations.length > 0) throw new Mismatch(violations.join("\n"));
}
