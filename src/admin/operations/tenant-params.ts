import * as z from "zod/mini";

export const TenantParams = z.object({ slug: z.string() });

/** Also for a tenant that is there and that the key may not see. */
export const noSuchTenant = {
  kind: "not-found",
  detail: "There is no tenant of this slug.",
} as const;
