import { remedyFor } from "./remedy.ts";
import type { Finished } from "./run-wrangler.ts";

/** A step that cannot go on: what happened, and what to do next. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
  readonly next: string;

  constructor(what: string, next: string) {
    super(what);
    this.next = next;
  }
}

/** The failure of a command, with all it said but where its log is. */
export function commandFailed(args: readonly string[], { stdout, stderr }: Finished): StepFailed {
  const said = `${stdout.trim()}\n${stderr.trim()}`.replaceAll(/^.*Logs were written to.*$/gm, "");
  return new StepFailed(`wrangler ${args.join(" ")} failed.\n\n${said.trim()}`, remedyFor(said));
}
