import { isWellFormedToken } from "../../src/tenancy/token.ts";

/** What a person needs to go on, once everything runs. */
export function welcome(url: string, scimToken: string, simulateFlags: string): string {
  const token = isWellFormedToken(scimToken)
    ? scimToken
    : "none: SCIM_TOKEN in .dev.vars is not one of ours (npm run token prints one)";
  return `
  Tenant URL    ${url}/api/v1/scim/v2
  Bearer token  ${token}
  Console       ${url}/console   (sign in with ADMIN_TOKEN from .dev.vars)

  Next, in another terminal:  npm run simulate -- entra${simulateFlags}
  Ctrl-C stops the server.
`;
}
