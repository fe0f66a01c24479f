import * as z from "zod/mini";

import type { GroupMember } from "../../../directory/groups/ports.ts";
import { withDepartments } from "../../../directory/people/with-departments.ts";
import type { UserRecord } from "../../../directory/ports.ts";
import type { Settings } from "../../../tenancy/settings.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { UserView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { GroupParams, noSuchGroup } from "./group-params.ts";

const LIST = "group-members";

const MemberView = z.discriminatedUnion("type", [
  z.extend(UserView, { type: z.literal("User"), addedAt: z.string() }),
  z.object({
    type: z.literal("Group"),
    id: z.string(),
    displayName: z.string(),
    addedAt: z.string(),
  }),
]);

export const listGroupMembersOperation = defineOperation(
  {
    id: "listGroupMembers",
    method: "get",
    path: "/tenants/{slug}/groups/{id}/members",
    status: 200,
    refusals: [404],
    params: GroupParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(MemberView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ groups, departments, settings }) => {
      const { limit, cursor } = query;
      const page = await groups.members(params.id, { limit, cursor });
      if (!page) return noSuchGroup;
      const people = page.items.flatMap((member) => (member.type === "User" ? [member.user] : []));
      const shown = new Map(
        (await withDepartments({ departments }, people)).map((user) => [user.id, user]),
      );
      const items = page.items.map((member) => memberView(member, shown, settings));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);

function memberView(
  member: GroupMember,
  shown: ReadonlyMap<string, UserRecord>,
  settings: Settings,
): z.infer<typeof MemberView> {
  switch (member.type) {
    case "User":
      return {
        ...userView(shown.get(member.user.id) ?? member.user, settings),
        type: "User",
        addedAt: member.addedAt,
      };
    case "Group": {
      const { id, displayName, addedAt } = member;
      return { type: "Group", id, displayName, addedAt };
    }
  }
}
