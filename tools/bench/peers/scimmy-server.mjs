/**
 * scimmy-routers on a SQLite file. The library leaves storage to its application, so this is ours: a table of
 * documents for each type, with a unique index on the name and one on externalId; an `eq` filter on one of them is
 * looked up, any other filter is matched by the library in memory.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import express from "express";
import SCIMMY from "scimmy";
import Routers from "scimmy-routers";

import { servePeer } from "./serve-peer.mjs";

const token = randomBytes(32).toString("base64url");
const database = new DatabaseSync(path.join(process.argv[2], "scimmy.sqlite"));
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");

/** The handlers of one resource type. */
function store(table, nameAttribute) {
  database.exec(`
    CREATE TABLE ${table} (id TEXT PRIMARY KEY, name_key TEXT NOT NULL UNIQUE, external_id TEXT, document TEXT NOT NULL);
    CREATE INDEX ${table}_external_id ON ${table} (external_id);`);
  const all = database.prepare(`SELECT document FROM ${table}`);
  const byId = database.prepare(`SELECT document FROM ${table} WHERE id = ?`);
  const byName = database.prepare(`SELECT document FROM ${table} WHERE name_key = ?`);
  const byExternalId = database.prepare(`SELECT document FROM ${table} WHERE external_id = ?`);
  const save = database.prepare(
    `INSERT INTO ${table} (id, name_key, external_id, document) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name_key = excluded.name_key, external_id = excluded.external_id,
       document = excluded.document`,
  );
  const drop = database.prepare(`DELETE FROM ${table} WHERE id = ?`);
  const read = (rows) => rows.map(({ document }) => JSON.parse(document));

  function find(filter) {
    if (filter === undefined) return read(all.all());
    const [only, ...others] = filter;
    const [[attribute, condition] = [], ...more] = Object.entries(only ?? {});
    if (others.length === 0 && more.length === 0 && condition?.[0] === "eq") {
      if (attribute === nameAttribute) return read(byName.all(String(condition[1]).toLowerCase()));
      if (attribute === "externalId") return read(byExternalId.all(condition[1]));
    }
    return filter.match(read(all.all()));
  }

  return {
    egress(resource) {
      if (!resource.id) return find(resource.filter);
      const [found] = read(byId.all(resource.id));
      if (found === undefined) throw new SCIMMY.Types.Error(404, null, `${resource.id} not found`);
      return found;
    },
    ingress(resource, data) {
      const id = resource.id ?? randomUUID();
      const now = new Date().toISOString();
      const created = resource.id ? read(byId.all(id))[0]?.meta.created : now;
      const document = {
        ...JSON.parse(JSON.stringify(data)),
        id,
        meta: { created, lastModified: now },
      };
      const name = String(document[nameAttribute]).toLowerCase();
      try {
        save.run(id, name, document.externalId ?? null, JSON.stringify(document));
      } catch (error) {
        if (!String(error).includes("UNIQUE")) throw error;
        throw new SCIMMY.Types.Error(409, "uniqueness", `${nameAttribute} is taken`);
      }
      return document;
    },
    degress: (resource) => void drop.run(resource.id),
  };
}

SCIMMY.Resources.declare(SCIMMY.Resources.User, {
  ...store("users", "userName"),
  extensions: [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }],
});
SCIMMY.Resources.declare(SCIMMY.Resources.Group, store("groups", "displayName"));

const app = express();
app.use(
  "/scim",
  new Routers({
    type: "bearer",
    handler(request) {
      if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("Not authorized");
      return "bench";
    },
  }),
);
servePeer(createServer(app), { path: "/scim", token });
