import { createRequire } from "node:module";

/** Loads a package in the version that wrangler depends on: none of them is a dependency of this project. */
export const fromWrangler = createRequire(
  createRequire(import.meta.url).resolve("wrangler/package.json"),
);
