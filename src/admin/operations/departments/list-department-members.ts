import * as z from "zod";

import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { UserView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment } from "./department-params.ts";

const LIST = "department-members";

const MemberView = UserView.extend({
  source: z.enum(["group", "attribute", "manual"]).describe("What puts them into it."),
  since: z.string(),
});

export const listDepartmentMembersOperation = defineOperation(
  {
    id: "listDepartmentMembers",
    method: "get",
    path: "/tenants/{slug}/departments/{id}/members",
    summary: "List the people whose department it is",
    status: 200,
    refusals: [404],
    params: DepartmentParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(MemberView), nextCursor: z.string().nullable() }),
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
