/**
 * `node supervise.ts SCRIPT …` runs a Node script as long as its own parent lives. Wrangler starts two
 * workerd processes and survives the one that started it; whoever kills `npm run dev`, with whatever signal,
 * must not find the port taken afterwards. The channel to the parent closes when the parent is gone.
 *
 * The parent starts this as the leader of a process group, so that a group kill reaches everything below.
 * It takes one: workerd answers SIGTERM by waiting for its clients to hang up, and a browser does not.
 */
import { spawn } from "node:child_process";

const GRACE_MS = 1500;

const child = spawn(process.execPath, process.argv.slice(2), {
  stdio: ["ignore", "inherit", "inherit"],
});
let stopping = false;

child.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  // The parent kills what is left of the group; without one, nobody else does.
  if (!process.connected) killGroup();
  process.exit(code ?? (signal === null ? 1 : 143));
});

function stop(): void {
  if (stopping) return;
  stopping = true;
  child.kill("SIGTERM");
  setTimeout(killGroup, GRACE_MS);
}

/** This process included. */
function killGroup(): void {
  if (process.platform === "win32") child.kill("SIGKILL");
  else process.kill(-process.pid, "SIGKILL");
}

process.on("disconnect", stop);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
