import * as z from "zod/mini";

import { AlertView, alertView } from "../../alert-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const LIST = "alerts";

export const listAlertsOperation = defineOperation(
  {
    id: "listAlerts",
    method: "get",
    path: "/tenants/{slug}/alerts",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      open: z
        .optional(
          z.pipe(
            z.enum(["true", "false"]),
            z.transform((open) => open === "true"),
          ),
        )
        .check(z.describe("Only those that are not resolved, or only the others.")),
      ...pageQuery(LIST),
    }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(AlertView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ alerts }) => {
      const { limit, cursor, open } = query;
      const page = await alerts.list({ limit, cursor, open });
      const items = page.items.map(alertView);
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
