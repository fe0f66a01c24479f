import * as z from "zod";

import { listPeople } from "../../../directory/people/list-people.ts";
import { Label } from "../../../tenancy/label.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { UserView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const LIST = "users";

export const listUsersOperation = defineOperation(
  {
    id: "listUsers",
    method: "get",
    path: "/tenants/{slug}/users",
    summary: "List the people of a tenant; a page may be short or empty and yet have a nextCursor",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      q: Label.optional().describe("The beginning of a userName, an email or a display name."),
      email: Label.optional().describe("A whole address, in any letters."),
      origin: z.enum(["scim", "manual"]).optional(),
      active: z
        .enum(["true", "false"])
        .transform((active) => active === "true")
        .optional(),
      department: Label.optional().describe("The id of a department."),
      ...pageQuery(LIST),
    }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(UserView), nextCursor: z.string().nullable() }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const page = await listPeople(directory, { ...query, cursor: query.cursor });
      const items = page.items.map((user) => userView(user, directory.settings));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
