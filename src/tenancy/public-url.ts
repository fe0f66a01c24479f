const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

const HOW =
  "set it under [vars] in wrangler.toml, or type: npx wrangler deploy --var PUBLIC_URL:https://scim.example.com";

/**
 * Where clients reach the deployment, without a slash at the end. Configured and never taken from a request:
 * a forged Host header would send an IdP, with its token, to somebody else.
 */
export function readPublicUrl(
  value: string | undefined,
): { kind: "url"; url: string } | { kind: "refused"; problem: string } {
  const given = value?.trim() ?? "";
  if (given === "") return refused("is missing");
  const url = URL.parse(given);
  if (url === null || !["https:", "http:"].includes(url.protocol))
    return refused("is not an http(s) URL");
  if (url.protocol === "http:" && !LOCAL_HOSTS.includes(url.hostname))
    return refused("must begin with https://");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return refused("must be only scheme, host and, if need be, port and path");
  }
  return { kind: "url", url: (url.origin + url.pathname).replace(/\/+$/, "") };
}

const refused = (why: string) => ({
  kind: "refused" as const,
  problem: `PUBLIC_URL ${why}: ${HOW}`,
});
