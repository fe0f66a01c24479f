import { readPublicUrl } from "./public-url.ts";
import { isWellFormedToken } from "./token.ts";

export interface SecretsEnv {
  readonly ADMIN_TOKEN?: string;
  readonly TOKEN_PEPPER?: string;
  readonly SIGNING_KEY?: string;
  readonly SCIM_TOKEN?: string;
  readonly PUBLIC_URL?: string;
}

/** At least one value, the newest first: `NEW,OLD` while a secret is being rotated. */
export type Values = readonly [string, ...string[]];

export interface Secrets {
  readonly adminKeys: Values;
  readonly peppers: Values;
  readonly signingKeys: Values;
  /** Empty when the secret SCIM_TOKEN is not used. */
  readonly deploymentTokens: readonly string[];
  /** Without a slash at the end. */
  readonly publicUrl: string;
}

const MIN_CHARACTERS = 32;
const MIN_DIFFERENT_CHARACTERS = 8;
const PLACEHOLDER =
  /(replace|change)[-_ ]?me|placeholder|your[-_ ]?(secret|token|key)|example|^<.*>$/i;

/**
 * The configuration that nothing works without, or every problem with it at once, each with the command that
 * ends it. A weak secret is refused like a missing one: `Bearer ` against an unset key, and a placeholder that
 * went to production, have both opened other people's doors. No message holds a value.
 */
export function readSecrets(
  env: SecretsEnv,
): { kind: "ready"; secrets: Secrets } | { kind: "refused"; problems: string[] } {
  const adminKeys = values(env.ADMIN_TOKEN);
  const peppers = values(env.TOKEN_PEPPER);
  const signingKeys = values(env.SIGNING_KEY);
  // Optional, so that empty means unused.
  const deploymentTokens = (env.SCIM_TOKEN ?? "").trim() === "" ? [] : values(env.SCIM_TOKEN);
  const publicUrl = readPublicUrl(env.PUBLIC_URL);

  const problems = [
    ...adminKeys.flatMap((key) => problemsOf("ADMIN_TOKEN", key, isHeaderWord)),
    ...peppers.flatMap((pepper) => problemsOf("TOKEN_PEPPER", pepper)),
    ...signingKeys.flatMap((key) => problemsOf("SIGNING_KEY", key)),
    ...deploymentTokens.flatMap((token) => problemsOfToken(token)),
  ];
  if (publicUrl.kind === "refused")
    return { kind: "refused", problems: [...new Set(problems), publicUrl.problem] };
  if (problems.length > 0) return { kind: "refused", problems: [...new Set(problems)] };
  return {
    kind: "ready",
    secrets: { adminKeys, peppers, signingKeys, deploymentTokens, publicUrl: publicUrl.url },
  };
}

/** Never empty: a missing secret is one empty value, which is then refused as such. */
function values(secret: string | undefined): Values {
  const [newest = "", ...older] = (secret ?? "").split(",").map((value) => value.trim());
  return [newest, ...older];
}

function problemsOf(
  name: string,
  value: string,
  isUsable: (value: string) => boolean = () => true,
): string[] {
  const problem = (why: string) => [
    `${name} ${why}: type npx wrangler secret put ${name} (locally, delete its line from .dev.vars: npm run dev makes a new one)`,
  ];
  if (value === "") return problem("is missing or has an empty value");
  if (PLACEHOLDER.test(value)) return problem("is still a placeholder");
  if (value.length < MIN_CHARACTERS) return problem(`is shorter than ${MIN_CHARACTERS} characters`);
  if (new Set(value).size < MIN_DIFFERENT_CHARACTERS) return problem("is not random");
  if (!isUsable(value)) return problem("holds characters that cannot stand in an HTTP header");
  return [];
}

/** An ADMIN_TOKEN with anything else could never be sent. */
function isHeaderWord(value: string): boolean {
  return /^[\x21-\x7e]+$/.test(value);
}

function problemsOfToken(token: string): string[] {
  if (isWellFormedToken(token)) return [];
  return [
    "SCIM_TOKEN is not a token of ours: type npm run token, then npx wrangler secret put SCIM_TOKEN with what it printed (leave the secret empty to do without)",
  ];
}
