import * as z from "zod";

import { jsonAnswer } from "./json-answer.ts";

export interface ListedDatabase {
  readonly id: string;
  readonly name: string;
  /** Undefined where the answer does not count them. */
  readonly tables: number | undefined;
}

const Databases = z.array(
  z.object({ uuid: z.string(), name: z.string(), num_tables: z.number().nullish() }),
);

/** Reads `wrangler d1 list --json`. */
export function readDatabases(stdout: string): readonly ListedDatabase[] | undefined {
  return jsonAnswer(stdout, Databases)?.map(({ uuid, name, num_tables }) => ({
    id: uuid,
    name,
    tables: num_tables ?? undefined,
  }));
}

/** Reads the id out of the snippet that `wrangler d1 create` prints, for a TOML or a JSON configuration. */
export function readCreatedDatabase(stdout: string): string | undefined {
  return /database_id"?\s*[=:]\s*"([0-9a-f-]{36})"/.exec(stdout)?.[1];
}
