import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import type { GeneratedFile } from "./generated-files.ts";

const WRITTEN_BY_HAND: ReadonlySet<string> = new Set(["public/console/console.css"]);

/** What is wrong with the files of `public/`, a line each: other content than is generated, missing, left over. */
export function findStale(root: string, files: readonly GeneratedFile[]): string[] {
  const present = globSync("public/**/*.*", { cwd: root }).map((file) =>
    file.replaceAll("\\", "/"),
  );
  const generated = new Set(files.map((file) => file.path));
  const leftOver = present.filter((file) => !generated.has(file) && !WRITTEN_BY_HAND.has(file));
  return [
    ...files.flatMap((file) => {
      if (!present.includes(file.path)) return [`${file.path} is missing`];
      const content = readFileSync(path.join(root, file.path), "utf8");
      return content === file.content ? [] : [`${file.path} is out of date`];
    }),
    ...leftOver.map((file) => `${file} is not generated any more`),
  ];
}
