import * as z from "zod/mini";

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
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object({
      q: z
        .optional(Label)
        .check(z.describe("The beginning of a userName, an email or a display name.")),
      email: z.optional(Label).check(z.describe("A whole address, in any letters.")),
      origin: z.optional(z.enum(["scim", "manual"])),
      active: z.optional(
        z.pipe(
          z.enum(["true", "false"]),
          z.transform((active) => active === "true"),
        ),
      ),
      department: z.optional(Label).check(z.describe("The id of a department.")),
      ...pageQuery(LIST),
    }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(UserView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const page = await listPeople(directory, { ...query, cursor: query.cursor });
      const items = page.items.map((user) => userView(user, directory.settings));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
