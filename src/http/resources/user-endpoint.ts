import { createUser } from "../../directory/people/create-user.ts";
import { deleteUser } from "../../directory/people/delete-user.ts";
import { patchUser } from "../../directory/people/patch-user.ts";
import type { UserRecord } from "../../directory/ports.ts";
import { listUsers, readUser } from "../../directory/people/read-users.ts";
import { replaceUser } from "../../directory/people/replace-user.ts";
import { parsePatch } from "../../scim/patch/parse.ts";
import { wants } from "../../scim/list/projection.ts";
import type { ResourceRecord } from "../../scim/represent.ts";
import { readResource } from "../../scim/resource.ts";
import type { ResourceEndpoint } from "./resource-endpoint.ts";

const recordOf = (user: UserRecord): ResourceRecord => ({
  id: user.id,
  document: user.document,
  version: user.version,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
  ...(user.groups &&
    user.groups.length > 0 && {
      groups: user.groups.map(({ id, displayName }) => ({ value: id, display: displayName })),
    }),
});

export const USER_ENDPOINT: ResourceEndpoint = {
  async list(directory, _type, query) {
    const page = await listUsers(directory, {
      ...query,
      related: wants(query.projection, "groups"),
    });
    return { ...page, records: page.items.map(recordOf) };
  },

  async read(directory, _type, id, projection) {
    return recordOf(await readUser(directory, id, { groups: wants(projection, "groups") }));
  },

  async create(directory, type, body) {
    return recordOf(await createUser(directory, readResource(body, type)));
  },

  async replace(directory, type, id, body, { precondition }) {
    return recordOf(await replaceUser(directory, id, readResource(body, type), precondition));
  },

  async patch(directory, type, id, body, { precondition }) {
    const patch = { ...parsePatch(body, type), type };
    return recordOf(await patchUser(directory, id, patch, precondition));
  },

  remove: (directory, _type, id, { precondition }) => deleteUser(directory, id, precondition),
};
