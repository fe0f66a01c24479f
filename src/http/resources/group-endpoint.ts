import { createGroup } from "../../directory/groups/create-group.ts";
import { deleteGroup } from "../../directory/groups/delete-group.ts";
import { patchGroup } from "../../directory/groups/patch-group.ts";
import type { GroupRecord, Member } from "../../directory/ports.ts";
import { listGroups, readGroup } from "../../directory/groups/read-groups.ts";
import { replaceGroup } from "../../directory/groups/replace-group.ts";
import { readMembers } from "../../scim/members.ts";
import { parsePatch } from "../../scim/patch/parse.ts";
import { wants } from "../../scim/list/projection.ts";
import { readResource } from "../../scim/resource.ts";
import type { PagedRecord, ResourceEndpoint } from "./resource-endpoint.ts";

const memberOf = ({ id, type }: Member) => ({ value: id, type });

async function* shownPages(pages: AsyncIterable<readonly Member[]>) {
  for await (const page of pages) yield page.map(memberOf);
}

const recordOf = (group: GroupRecord): PagedRecord => ({
  id: group.id,
  document: group.document,
  version: group.version,
  createdAt: group.createdAt,
  updatedAt: group.updatedAt,
  ...(group.members && {
    members: group.members.inHand.map(memberOf),
    ...(group.members.rest && { moreMembers: shownPages(group.members.rest) }),
  }),
});

export const GROUP_ENDPOINT: ResourceEndpoint = {
  async list(directory, _type, query) {
    const page = await listGroups(directory, {
      ...query,
      related: wants(query.projection, "members"),
    });
    return { ...page, records: page.items.map(recordOf) };
  },

  async read(directory, _type, id, projection) {
    return recordOf(await readGroup(directory, id, { members: wants(projection, "members") }));
  },

  async create(directory, type, body) {
    const memberIds = readMembers(body) ?? [];
    return recordOf(await createGroup(directory, readResource(body, type), memberIds));
  },

  async replace(directory, type, id, body, { precondition }) {
    const given = { document: readResource(body, type), memberIds: readMembers(body) ?? [] };
    return recordOf(await replaceGroup(directory, id, given, precondition));
  },

  // 204 and no members: Entra sends one request per member, and would be sent the whole group each time.
  async patch(directory, type, id, body, condition) {
    await patchGroup(directory, id, { ...parsePatch(body, type), type }, condition);
    return undefined;
  },

  remove: (directory, _type, id, { precondition }) => deleteGroup(directory, id, precondition),
};
