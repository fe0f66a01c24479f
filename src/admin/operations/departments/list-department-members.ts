import * as z from "zod/mini";

import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { UserView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment } from "./department-params.ts";

const LIST = "department-members";

const MemberView = z.extend(UserView, {
  source: z.enum(["group", "attribute", "manual"]).check(z.describe("What puts them into it.")),
  since: z.string(),
});

export const listDepartmentMembersOperation = defineOperation(
  {
    id: "listDepartmentMembers",
    method: "get",
    path: "/tenants/{slug}/departments/{id}/members",
    status: 200,
    refusals: [404],
    params: DepartmentParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(MemberView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ departments, settings }) => {
      const { limit, cursor } = query;
      const page = await departments.members(params.id, { limit, cursor });
      if (!page) return noSuchDepartment;
      const items = page.items.map(({ user, source, since }) => ({
        ...userView(user, settings),
        source,
        since,
      }));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
