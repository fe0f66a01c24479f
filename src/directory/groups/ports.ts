import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { GroupRecord, UserRecord } from "../ports.ts";

export interface GroupSummary {
  /** Without members. */
  readonly group: GroupRecord;
  /** Nested groups included. */
  readonly memberCount: number;
  /** Of the department that it is linked to. */
  readonly departmentName: string | null;
}

export type GroupMember = { readonly addedAt: string } & (
  | { readonly type: "User"; readonly user: UserRecord }
  | { readonly type: "Group"; readonly id: string; readonly displayName: string }
);

/**
 * Groups as an administrator looks at them. A count costs a row for each member, since none is stored. Methods
 * throw what those of `DirectoryStore` throw.
 */
export interface GroupViews {
  /**
   * In the order of their ids, which is the order of creation; those whose name begins with `q`, in any letters, in
   * the order of their names.
   */
  list(page: PageRequest & { readonly q?: string | undefined }): Promise<Page<GroupSummary>>;
  byId(id: string): Promise<GroupSummary | undefined>;
  /** In the order of their ids; undefined: no such group. */
  members(id: string, page: PageRequest): Promise<Page<GroupMember> | undefined>;
}
