/** @better-auth/scim on a SQLite file: its own tables, made by its own migrations, with the indexes that it asks for. */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";

import { servePeer } from "./serve-peer.mjs";

const token = randomBytes(32).toString("base64url");
const database = new DatabaseSync(path.join(process.argv[2], "better-auth.sqlite"));
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");

const options = {
  baseURL: "http://127.0.0.1/api/auth",
  secret: randomBytes(32).toString("base64url"),
  database,
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: "error" },
  plugins: [
    scim({
      connections: [{ id: "bench", credentials: [{ type: "bearer", id: "bench", token }] }],
    }),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const server = createServer(toNodeHandler(betterAuth(options)));
servePeer(server, { path: "/api/auth/scim/v2", token });
