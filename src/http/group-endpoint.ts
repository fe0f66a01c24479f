import { createGroup } from "../directory/create-group.ts";
import { deleteGroup } from "../directory/delete-group.ts";
import { patchGroup } from "../directory/patch-group.ts";
import type { GroupRecord } from "../directory/ports.ts";
import { listGroups, readGroup } from "../directory/read-groups.ts";
import { replaceGroup } from "../directory/replace-group.ts";
import { readMembers } from "../scim/members.ts";
import { parsePatch } from "../scim/patch/parse.ts";
import { wants } from "../scim/projection.ts";
import type { ResourceRecord } from "../scim/represent.ts";
import { readResource } from "../scim/resource.ts";
import { GROUP } from "../scim/schema/resource-types.ts";
import type { ResourceEndpoint } from "./resource-endpoint.ts";

const recordOf = (group: GroupRecord): ResourceRecord => ({
  id: group.id,
  document: group.document,
  version: group.version,
  createdAt: group.createdAt,
  updatedAt: group.updatedAt,
  ...(group.members && {
    members: group.members.map(({ id, type }) => ({ value: id, type })),
  }),
});

export const GROUP_ENDPOINT: ResourceEndpoint = {
  type: GROUP,
  scope: "groups",
  // A PUT of 100,000 members.
  maxBodyMebibytes: 16,

  async list(directory, query) {
    const page = await listGroups(directory, {
      ...query,
      related: wants(query.projection, "members"),
    });
    return { total: page.total, records: page.items.map(recordOf) };
  },

  async read(directory, id, projection) {
    return recordOf(await readGroup(directory, id, { members: wants(projection, "members") }));
  },

  async create(directory, body) {
    const memberIds = readMembers(body) ?? [];
    return recordOf(await createGroup(directory, readResource(body, GROUP), memberIds));
  },

  async replace(directory, id, body, { precondition }) {
    const given = { document: readResource(body, GROUP), memberIds: readMembers(body) ?? [] };
    return recordOf(await replaceGroup(directory, id, given, precondition));
  },

  // 204 and no members: Entra sends one request per member, and would be sent the whole group each time.
  async patch(directory, id, body, condition) {
    await patchGroup(directory, id, { ...parsePatch(body, GROUP), type: GROUP }, condition);
    return undefined;
  },

  remove: (directory, id, { precondition }) => deleteGroup(directory, id, precondition),
};
