import type { HonoRequest } from "hono";

const AGENTS: readonly [RegExp, string][] = [
  [/okta/i, "Okta"],
  [/onelogin/i, "OneLogin"],
  [/jumpcloud/i, "JumpCloud"],
  [/ping/i, "Ping Identity"],
  [/sailpoint/i, "SailPoint"],
  [/azure|microsoft/i, "Microsoft Entra ID"],
];

/**
 * Which IdP seems to be calling, for people to read: no behaviour depends on it. Entra sends no User-Agent at
 * all, only a header of its own.
 */
export function identityProviderOf(request: HonoRequest): string | null {
  if (request.header("ADSCIMVersion") !== undefined) return "Microsoft Entra ID";
  const agent = request.header("User-Agent") ?? "";
  return AGENTS.find(([pattern]) => pattern.test(agent))?.[1] ?? null;
}
