import * as z from "zod/mini";

import type { Refusal } from "../../operation.ts";
import { TenantParams } from "../tenant-params.ts";

export const ClientParams = z.extend(TenantParams, { clientId: z.string() });

export const noSuchClient: Refusal = {
  kind: "not-found",
  detail: "This tenant has no OAuth client of this id.",
};
