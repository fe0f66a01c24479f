import * as z from "zod/mini";

import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const HOUR_MS = 3_600_000;
const MAX_DAYS = 366;

export const getTrafficOperation = defineOperation(
  {
    id: "getTraffic",
    method: "get",
    path: "/tenants/{slug}/traffic",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      days: z._default(
        z.coerce
          .number("Use a whole number.")
          .check(z.int("Use a whole number."), z.minimum(1), z.maximum(MAX_DAYS)),
        30,
      ),
    }),
    body: NO_INPUT,
    answer: z.object({
      items: z.array(
        z.object({
          at: z.string().check(z.describe("The beginning of the hour.")),
          writes: z.int(),
          refused: z.int(),
        }),
      ),
      nextCursor: z.null().check(z.describe("All of them are on this page.")),
    }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ stats }) => {
      const since = deps.clock.now() - query.days * 24 * HOUR_MS;
      const hour = new Date(Math.floor(since / HOUR_MS) * HOUR_MS).toISOString();
      return {
        kind: "done",
        answer: { items: [...(await stats.traffic(hour))], nextCursor: null },
      };
    }),
);
