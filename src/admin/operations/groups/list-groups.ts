import * as z from "zod";

import { GroupView, groupView } from "../../group-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const LIST = "groups";

export const listGroupsOperation = defineOperation(
  {
    id: "listGroups",
    method: "get",
    path: "/tenants/{slug}/groups",
    summary: "List the groups of a tenant in the order of their creation",
    principals: ["operator"],
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(GroupView), nextCursor: z.string().nullable() }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ groups, settings }) => {
      const page = await groups.list({ limit: query.limit, cursor: query.cursor });
      const items = page.items.map((one) => groupView(one, settings));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
