import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

import { mintToken, TOKEN_RANDOM_BYTES } from "../../src/tenancy/token.ts";

const HEADING = `# Secrets of \`npm run dev\` on this machine. Keep this file out of version control.
# To rotate one, put "NEW,OLD": both work until the next change.
`;

/** How each secret that the Worker reads is made. */
const SECRETS: Readonly<Record<string, () => string>> = {
  ADMIN_TOKEN: () => randomBytes(32).toString("base64url"),
  TOKEN_PEPPER: () => randomBytes(32).toString("base64url"),
  SIGNING_KEY: () => randomBytes(32).toString("base64url"),
  SCIM_TOKEN: () => mintToken(randomBytes(TOKEN_RANDOM_BYTES)),
};

/** The names and values of a `.dev.vars`, in the dotenv format that wrangler reads; none without a file. */
export function readDevVars(file: string): Readonly<Record<string, string | undefined>> {
  return existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
}

/**
 * Adds the secrets that are missing and returns their names. What is there stays as it is, placeholders and
 * empty values included: the Worker refuses those and says what to type.
 */
export function completeDevVars(file: string): readonly string[] {
  const content = existsSync(file) ? readFileSync(file, "utf8") : HEADING;
  const present = parseEnv(content);
  const missing = Object.entries(SECRETS).filter(([name]) => !Object.hasOwn(present, name));
  if (missing.length === 0) return [];
  const separator = content === "" || content.endsWith("\n") ? "" : "\n";
  const lines = missing.map(([name, make]) => `${name}="${make()}"\n`);
  replaceFile(file, content + separator + lines.join(""));
  return missing.map(([name]) => name);
}

/** A secret may be "NEW,OLD" while it is being rotated: clients use the new one. */
export function newestOf(secret: string | undefined): string {
  return (secret ?? "").split(",", 1).join("").trim();
}

/** In one step, so that an interruption leaves the old file; readable by its owner alone when it is new. */
function replaceFile(file: string, content: string): void {
  const mode = existsSync(file) ? statSync(file).mode & 0o777 : 0o600;
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, file);
}
