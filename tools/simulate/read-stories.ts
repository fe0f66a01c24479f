import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { parseStory, type Story } from "../../test/scenarios/story.ts";
import type { Idp } from "./people.ts";

const FOLDER = path.join(import.meta.dirname, "../../test/scenarios");

/** The stories of an identity provider by the names of their files, in alphabetical order. */
export function readStories(idp: Idp): ReadonlyMap<string, Story> {
  const folder = path.join(FOLDER, idp);
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return new Map(
    files.toSorted().map((file) => {
      const content: unknown = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
      return [path.basename(file, ".json"), parseStory(file, content)];
    }),
  );
}
