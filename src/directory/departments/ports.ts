import type { Change } from "../../journal/change.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { DepartmentDraft, UserRecord } from "../ports.ts";
import type { DepartmentSource, PersonsDepartment } from "./persons-department.ts";

export interface DepartmentRecord {
  readonly id: string;
  readonly name: string;
  readonly nameKey: string;
  /** Who made it. A hand-made one stays hand-made when a group or an attribute of its name comes along. */
  readonly origin: DepartmentSource;
  /** The group that feeds it, the oldest one where a merge left several; null where groups are no departments. */
  readonly groupId: string | null;
  /** Whose department it is, each counted once: with one department per person only where it is the one. */
  readonly memberCount: number;
  /** People by what links them to it, whether or not it is the one that counts for them. */
  readonly sources: Readonly<Record<DepartmentSource, number>>;
  readonly createdAt: string;
  readonly orphanedAt: string | null;
}

export interface DepartmentMember {
  /** With groups and departments. */
  readonly user: UserRecord;
  readonly source: DepartmentSource;
  readonly since: string;
}

/** A time in a department. */
export interface Assignment {
  readonly departmentId: string;
  readonly name: string;
  readonly source: DepartmentSource;
  readonly startedAt: string;
  /** Null: still. */
  readonly endedAt: string | null;
}

/** A change whose diff is made of what really happened, inside the transaction. */
export type ChangeWithoutDiff = Omit<Change, "diff">;

export interface AssignmentCounts {
  readonly added: number;
  readonly removed: number;
  /** Ids that name nobody of this tenant. */
  readonly unknown: readonly string[];
}

/**
 * The departments of one tenant, as its settings let them count: a source that is switched off is neither
 * counted nor shown, though its links stay. Retired departments are not there. Every method throws
 * `TenantFenced` and `StorageUnavailable` as those of `DirectoryStore` do.
 */
export interface DepartmentStore {
  /** In the order of their names. */
  list(
    page: PageRequest & {
      readonly orphaned?: boolean | undefined;
      /** The beginning of a name, in any letters. */
      readonly q?: string | undefined;
    },
  ): Promise<Page<DepartmentRecord>>;
  byId(id: string): Promise<DepartmentRecord | undefined>;
  /** In the order of their ids; undefined: no such department. */
  members(id: string, page: PageRequest): Promise<Page<DepartmentMember> | undefined>;
  /** One query for a page of people. Somebody without a department is not in the map. */
  departmentsOf(
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly PersonsDepartment[]>>;
  /** Present and ended times of one person, newest first; those of somebody who was soft-deleted too. */
  history(userId: string): Promise<readonly Assignment[]>;

  /**
   * A retired one of that name comes back under its old id. The record is read in the same transaction; undefined:
   * its answer was lost.
   */
  create(
    department: DepartmentDraft,
    change: Change,
  ): Promise<
    | { kind: "created"; id: string; department: DepartmentRecord | undefined }
    | { kind: "duplicate" }
  >;
  /** `stale`: it is gone, is not hand-made, has another name, or a group or an attribute refers to it. */
  rename(
    department: { id: string; from: string; name: string; nameKey: string },
    change: Change,
  ): Promise<{ kind: "renamed" } | { kind: "duplicate" } | { kind: "stale" }>;
  /** `stale`: it is gone, is not hand-made, or a group or an attribute refers to it. The assignments of its members end. */
  remove(id: string, change: Change): Promise<{ kind: "removed" } | { kind: "stale" }>;
  /** All links of `id` lead to `into` afterwards, which is read as for `create`. `stale`: one of them is gone. */
  merge(
    id: string,
    into: string,
    change: Change,
  ): Promise<{ kind: "merged"; department: DepartmentRecord | undefined } | { kind: "stale" }>;
  /** It is hand-made from now on. `stale`: it is gone, or was hand-made already. */
  keep(id: string, change: Change): Promise<{ kind: "kept" } | { kind: "stale" }>;
  /** At most 40,000 ids each, nobody in both; one transaction. Writes nothing where nothing changes. */
  assign(
    id: string,
    people: { readonly add: readonly string[]; readonly remove: readonly string[] },
    changes: { readonly assign: ChangeWithoutDiff; readonly unassign: ChangeWithoutDiff },
  ): Promise<{ kind: "assigned"; counts: AssignmentCounts } | { kind: "unknown" }>;
}
