import * as z from "zod/mini";

import type { Refusal } from "../../operation.ts";
import { TenantParams } from "../tenant-params.ts";

export const GroupParams = z.extend(TenantParams, { id: z.string() });

export const noSuchGroup: Refusal = {
  kind: "not-found",
  detail: "This tenant has no group of this id.",
};
