import * as z from "zod";

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
    summary: "List the alerts of a tenant, newest first, resolved ones included",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      open: z
        .enum(["true", "false"])
        .transform((open) => open === "true")
        .optional()
        .describe("Only those that are not resolved, or only the others."),
      ...pageQuery(LIST),
    }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(AlertView), nextCursor: z.string().nullable() }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ alerts }) => {
      const { limit, cursor, open } = query;
      const page = await alerts.list({ limit, cursor, open });
      const items = page.items.map(alertView);
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
