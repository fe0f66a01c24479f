import * as z from "zod";

import type { ClientWithSecrets } from "../tenancy/clients/client.ts";
import { SCOPES } from "../tenancy/scopes.ts";

/** An OAuth client on the wire, without its secrets themselves. */
export const ClientView = z.object({
  clientId: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.string(),
  tokenUrl: z.string().describe("Where it fetches its access tokens."),
  secrets: z
    .array(
      z.object({
        id: z.string(),
        last4: z.string(),
        createdAt: z.string(),
        lastUsedAt: z
          .string()
          .nullable()
          .describe("By itself or by an access token that was given for it."),
        lastUsedBy: z.string().nullable(),
        underOldPepper: z
          .boolean()
          .describe(
            "Not used since TOKEN_PEPPER was rotated: it ends when the old pepper is taken away.",
          ),
      }),
    )
    .describe("Those that are good, oldest first."),
});
export type ClientView = z.infer<typeof ClientView>;

/** The client with a secret that is shown in this answer only. */
export const ClientWithSecretView = ClientView.extend({ clientSecret: z.string() });

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
