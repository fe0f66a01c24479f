import { requireVisible } from "./change-user.ts";
import { visibleTo, type DirectoryContext } from "../context.ts";
import type { ResourcePage, ResourceQuery, UserRecord } from "../ports.ts";

/** One person, inactive ones included. 404 when there is none. */
export const readUser = async (
  context: DirectoryContext,
  id: string,
  options: { groups: boolean },
): Promise<UserRecord> => requireVisible(context, await context.store.user(id, options));

export const listUsers = (
  context: DirectoryContext,
  query: Omit<ResourceQuery, "visible">,
): Promise<ResourcePage<UserRecord>> =>
  context.store.users({ ...query, visible: visibleTo(context) });
