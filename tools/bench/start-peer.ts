import { fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";

import type { CleanUps } from "./clean-ups.ts";
import { PEERS } from "./install-peers.ts";
import { makeFolder } from "./make-folder.ts";

/** Another SCIM server from npm. */
export interface Peer {
  readonly name: string;
  /** What is asked for its version. */
  readonly packages: readonly string[];
  readonly script: string;
  readonly setup: string;
}

export const PEER_LIST: readonly Peer[] = [
  {
    name: "scimmy-routers",
    packages: ["scimmy-routers", "scimmy", "express"],
    script: "scimmy-server.mjs",
    setup:
      "Express in Node; the library has no store, so ours is behind it: one SQLite table of documents for each type through node:sqlite (WAL, synchronous = NORMAL), with indexes on userName or displayName and on externalId, which `eq` filters use",
  },
  {
    name: "@better-auth/scim",
    packages: ["@better-auth/scim", "better-auth"],
    script: "better-auth-server.mjs",
    setup:
      "Node's http server; SQLite through node:sqlite (WAL, synchronous = NORMAL) with the tables and indexes of its own migrations; one static bearer token, no callbacks, rate limit off",
  },
];

export interface ScimServer {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;

/** Starts a peer on the loopback interface, with an empty store that goes when it is stopped. */
export async function startPeer(peer: Peer, ends: CleanUps): Promise<ScimServer> {
  const { folder, remove } = makeFolder(ends);
  const child = fork(path.join(PEERS, peer.script), [folder], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { promise: exited, resolve: onExit } = Promise.withResolvers<string>();
  child.once("error", (error) => onExit(error.message));
  child.once("exit", (code) => onExit(`${peer.name} ended with code ${code}`));
  const kill = ends.add(
    () => {
      child.kill("SIGKILL");
      return exited;
    },
    () => child.kill("SIGKILL"),
  );

  const { promise: listening, resolve, reject } = Promise.withResolvers<unknown>();
  child.once("message", resolve);
  void exited.then((reason) => reject(new Error(reason)));
  const late = setTimeout(
    () => reject(new Error(`${peer.name} does not start.`)),
    START_TIMEOUT_MS,
  );
  try {
    const { url, token } = (await listening) as { url: string; token: string };
    return {
      url,
      token,
      async stop() {
        await kill();
        await remove();
      },
    };
  } finally {
    clearTimeout(late);
  }
}

/** "name 1.2.3, name 4.5.6" of what is installed. */
export async function versionsOf({ packages }: Peer): Promise<string> {
  const versions = packages.map(async (name) => {
    const file = path.join(PEERS, "node_modules", name, "package.json");
    const { version } = JSON.parse(await readFile(file, "utf8")) as { version: string };
    return `${name} ${version}`;
  });
  return (await Promise.all(versions)).join(", ");
}
