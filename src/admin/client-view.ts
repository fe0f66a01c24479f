import * as z from "zod/mini";

import type { ClientWithSecrets } from "../tenancy/clients/client.ts";
import { SCOPES } from "../tenancy/scopes.ts";

/** An OAuth client on the wire, without its secrets themselves. */
export const ClientView = z.object({
  clientId: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.string(),
  tokenUrl: z.string().check(z.describe("Where it fetches its access tokens.")),
  secrets: z
    .array(
      z.object({
        id: z.string(),
        last4: z.string(),
        createdAt: z.string(),
        lastUsedAt: z
          .nullable(z.string())
          .check(z.describe("By itself or by an access token that was given for it.")),
        lastUsedBy: z.nullable(z.string()),
        underOldPepper: z
          .boolean()
          .check(
            z.describe(
              "Not used since TOKEN_PEPPER was rotated: it ends when the old pepper is taken away.",
            ),
          ),
      }),
    )
    .check(z.describe("Those that are good, oldest first.")),
});
export type ClientView = z.infer<typeof ClientView>;

/** The client with a secret that is shown in this answer only. */
export const ClientWithSecretView = z.extend(ClientView, { clientSecret: z.string() });

/** Names each field, so that nothing a store adds can slip out. */
export function clientView(
  { id, name, scopes, createdAt, secrets }: ClientWithSecrets,
  around: { readonly publicUrl: string; readonly newestPepper: string },
): ClientView {
  return {
    clientId: id,
    name,
    scopes: [...scopes],
    createdAt,
    tokenUrl: `${around.publicUrl}/api/v1/oauth/token`,
    secrets: secrets.map((secret) => ({
      id: secret.id,
      last4: secret.last4,
      createdAt: secret.createdAt,
      lastUsedAt: secret.lastUsedAt,
      lastUsedBy: secret.lastUsedBy,
      underOldPepper: secret.pepperId !== around.newestPepper,
    })),
  };
}
