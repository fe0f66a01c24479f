import { readFileSync } from "node:fs";

const INTERVAL_MS = 1000;

/**
 * Calls back once when npm, which started us, is gone. npm runs a script through a shell that does not pass
 * signals on: killing npm would leave everything running. Started without npm (`nohup node tools/dev.ts &`)
 * nothing is watched, because a parent may then leave on purpose.
 */
export function whenNpmIsGone(callback: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  const timer = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return;
    clearInterval(timer);
    callback();
  }, INTERVAL_MS);
  timer.unref();
}

/** The parent of a process where the system tells (Linux): the fourth field of its `stat`. */
function parentOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses, and may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  } catch {
    return undefined;
  }
}
