import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";

type Verify = (assertion: string) => Promise<{ readonly email: string } | undefined>;

// As many entries as the deployment has team domains, which is one. Inside are public keys, and nothing of a request.
const keySets = new Map<string, JWTVerifyGetKey>();

/** The only address that this Worker fetches anything from. */
function keySetOf(issuer: string): JWTVerifyGetKey {
  const known = keySets.get(issuer);
  if (known) return known;
  const keySet = createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`));
  keySets.set(issuer, keySet);
  return keySet;
}

/**
 * Says whom an assertion of Cloudflare Access (header `Cf-Access-Jwt-Assertion`) speaks of, when the team has
 * signed it for this very application; undefined for every other one, also when the keys cannot be had. Without a
 * team domain or an audience there is no Access, and no header makes anybody an operator.
 */
export function accessVerifier(
  teamDomain: string,
  audience: string,
  keysOf: (issuer: string) => JWTVerifyGetKey = keySetOf,
): Verify | undefined {
  const host = teamDomain
    .trim()
    .replace(/^https:\/\//, "")
    .replace(/\/+$/, "");
  if (host === "" || audience.trim() === "") return undefined;
  const issuer = `https://${host}`;
  return async (assertion) => {
    try {
      const { payload } = await jwtVerify(assertion, keysOf(issuer), {
        issuer,
        audience: audience.trim(),
        algorithms: ["RS256", "ES256"],
        requiredClaims: ["exp"],
      });
      const { email } = payload;
      // A service token of Access has no address: it is no person, and gets no operator's rights by itself.
      return typeof email === "string" && email !== "" ? { email } : undefined;
    } catch {
      return undefined;
    }
  };
}
