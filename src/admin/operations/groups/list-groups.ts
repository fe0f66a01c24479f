import * as z from "zod/mini";

import { Label } from "../../../tenancy/label.ts";
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
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      q: z.optional(Label).check(z.describe("The beginning of a name; those are listed by name.")),
      ...pageQuery(LIST),
    }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(GroupView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ groups, settings }) => {
      const { limit, cursor, q } = query;
      const page = await groups.list({ limit, cursor, q });
      const items = page.items.map((one) => groupView(one, settings));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
