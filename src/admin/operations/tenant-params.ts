import * as z from "zod";

import type { Refusal } from "../operation.ts";

export const TenantParams = z.object({ slug: z.string() });

export const noSuchTenant: Refusal = {
  kind: "not-found",
  detail: "There is no tenant of this slug.",
};
