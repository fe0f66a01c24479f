import * as z from "zod";

import type { GroupMember } from "../../../directory/groups/ports.ts";
import type { Settings } from "../../../tenancy/settings.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { UserView, userView } from "../../user-view.ts";
import { inDirectory } from "../in-directory.ts";
import { GroupParams, noSuchGroup } from "./group-params.ts";

const LIST = "group-members";

const MemberView = z.discriminatedUnion("type", [
  UserView.extend({ type: z.literal("User"), addedAt: z.string() }),
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
    summary: "List the members of a group: people, and groups in it",
    principals: ["operator"],
    status: 200,
    refusals: [404],
    params: GroupParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(MemberView), nextCursor: z.string().nullable() }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ groups, settings }) => {
      const { limit, cursor } = query;
      const page = await groups.members(params.id, { limit, cursor });
      if (!page) return noSuchGroup;
      const items = page.items.map((member) => memberView(member, settings));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);

function memberView(member: GroupMember, settings: Settings): z.infer<typeof MemberView> {
  switch (member.type) {
    case "User":
      return { ...userView(member.user, settings), type: "User", addedAt: member.addedAt };
    case "Group": {
      const { id, displayName, addedAt } = member;
      return { type: "Group", id, displayName, addedAt };
    }
  }
}
