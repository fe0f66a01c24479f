import type { Change } from "../journal/change.ts";
import type { AttributePath, Filter } from "../scim/filter/ast.ts";
import type { JsonObject } from "../scim/json.ts";
import type { ResourceRecord } from "../scim/represent.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import type { PersonsDepartment } from "./departments/persons-department.ts";
import type { DeactivationLimit } from "./deactivations/is-mass-deactivation.ts";
import type { UniqueKey } from "./unique-keys.ts";
import type { UserKeys } from "./people/user-keys.ts";

export type ResourceTypeName = "User" | "Group";

/** Where a person came from: the IdP, or somebody's hand (enrolled, imported). */
export type Origin = "scim" | "manual";

export interface GroupReference {
  readonly id: string;
  readonly displayName: string;
}

export interface UserRecord {
  readonly id: string;
  readonly document: JsonObject;
  /** As stored: behind a change of settings they differ from what `userKeys` makes of the document. */
  readonly keys: UserKeys;
  readonly email: string | null;
  readonly active: boolean;
  /** Where the attribute has put them. */
  readonly departmentId: string | null;
  readonly departmentSince?: string | null;
  readonly origin: Origin;
  readonly adoptedAt: string | null;
  readonly adoptedBy: string | null;
  readonly deactivatedByHand: boolean;
  /** Somebody soft-deleted who had the same userName. */
  readonly predecessorId: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Only when they were asked for. */
  readonly groups: readonly GroupReference[] | undefined;
  /** The present ones, only when they were asked for. */
  readonly departments?: readonly PersonsDepartment[];
}

export interface GroupRecord {
  readonly id: string;
  readonly document: JsonObject;
  readonly departmentId: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Only when they were asked for. */
  readonly members: MemberPages | undefined;
}

export interface Member {
  readonly id: string;
  readonly type: ResourceTypeName;
}

/** The members of a group in the order of their ids. A group may have 100,000: only a page of them is ever read at once. */
export interface MemberPages {
  /** Read along with the group; all of them unless there is a `rest`. */
  readonly inHand: readonly Member[];
  /**
   * The others, each page read when it is asked for. To be walked once, and for the groups of a list in the order
   * of the list. Throws `MembersChanged` when a group is not at the version of its record any more.
   */
  readonly rest: AsyncIterable<readonly Member[]> | undefined;
}

/** What a create is compared with: a person who fits one of these may already be here. */
export interface MatchKeys {
  readonly userNameKey: string;
  readonly externalId: string | null;
  readonly emailKey: string | null;
}

export interface ResourceQuery {
  readonly filter: Filter | undefined;
  /** Where the URLs of resources begin: a filter may compare them. */
  readonly baseUrl: string;
  readonly sortBy: AttributePath | undefined;
  readonly sortOrder: "ascending" | "descending";
  /** 1-based. Means nothing together with `after`. */
  readonly startIndex: number;
  /** Paging by cursor: behind which resource the page begins. */
  readonly after?: ListPosition | "start" | undefined;
  readonly count: number;
  /** Whether to read a user's groups, or a group's members. */
  readonly related: boolean;
  /** `scim`: people enrolled by hand are not seen (adoption is off). */
  readonly visible: "all" | "scim";
}

/** A resource in an ordered list: its id, and its key when the list is sorted by an attribute. */
export interface ListPosition {
  readonly sortValue: string | number | null | undefined;
  readonly id: string;
}

export interface ResourcePage<Resource> {
  readonly total: number;
  readonly items: readonly Resource[];
  /** The last resource of the page, when another one follows it. */
  readonly next?: ListPosition;
}

/** A person to write. Storage derives its columns from `document` and `keys`. */
export interface UserDraft {
  readonly id: string;
  readonly document: JsonObject;
  readonly keys: UserKeys;
  readonly origin: Origin;
  readonly adoptedAt: string | null;
  readonly adoptedBy: string | null;
  /** The document before the adoption, for its undoing; undefined: what is stored stays. */
  readonly adoptedFrom?: JsonObject | null;
  readonly deactivatedByHand: boolean;
  /** Of a stored person. Whom a new one follows is found as they are inserted. */
  readonly predecessorId: string | null;
  /** Of a stored person: where the attribute has put them. */
  readonly departmentLink?: { readonly id: string; readonly since: string };
}

/** A stored person to be changed, at the version that the change was computed from. */
export interface UserUpdate {
  readonly version: number;
  readonly before: UserDraft;
  readonly after: UserDraft;
}

/** A group to write; its members are rows of their own. */
export interface GroupDraft {
  readonly id: string;
  readonly document: JsonObject;
  readonly displayName: string;
  readonly externalId: string | null;
}

/** The id is used only when no department has that name yet (compared folded); else that one serves. */
export interface DepartmentDraft {
  readonly id: string;
  readonly name: string;
  readonly nameKey: string;
  readonly origin: "group" | "attribute" | "manual";
}

/** A condition that is checked inside the batch; one that does not hold leaves nothing written. */
export type Guard =
  /** No unmanaged or inactive person has one of these keys. */
  | { readonly kind: "nobody-matches"; readonly keys: MatchKeys }
  /** With this person, the running window has not too many (`isMassDeactivation`). Counts them, each once. */
  | {
      readonly kind: "few-deactivations";
      readonly userId: string;
      readonly limit: DeactivationLimit;
      /** One that began by then is over, and a new one begins; unless it tripped and was not released. */
      readonly windowsEndedBefore: string;
    };

/**
 * What changes a row that is there names the version that it was computed from: when the row has another one
 * by now, or is gone, nothing of the plan happens (`stale`).
 */
export type Write =
  | { readonly kind: "ensure-department"; readonly department: DepartmentDraft }
  /** Before an `ensure-department`: the one that a deleted group of this externalId fed takes the new name. */
  | {
      readonly kind: "resume-department";
      readonly externalId: string;
      readonly department: DepartmentDraft;
    }
  /** Beside an `update-group`, for its new name. */
  | {
      readonly kind: "link-department";
      readonly groupId: string;
      /** The one that it feeds now, under the name from before. */
      readonly departmentId: string | null;
      readonly before: { readonly name: string; readonly nameKey: string };
      readonly department: DepartmentDraft;
      /** For a department of the old name, where people's attribute still says so. */
      readonly attributeDepartmentId: string;
    }
  /** Beside an `update-group`: it feeds no department any more. */
  | { readonly kind: "unlink-department"; readonly groupId: string }
  | { readonly kind: "insert-user"; readonly user: UserDraft }
  | (UserUpdate & { readonly kind: "update-user" })
  /** Many people as sets of rows, with their departments and all their rows in the journal but the plan's own. */
  | {
      readonly kind: "write-people";
      readonly departments: readonly DepartmentDraft[];
      readonly inserted: readonly UserDraft[];
      readonly updated: readonly UserUpdate[];
      readonly changes: readonly Change[];
    }
  /** At `user.version`. `keep`: as a former person, with what they were looked up by. */
  | { readonly kind: "delete-user"; readonly user: UserRecord; readonly keep: UserKeys | undefined }
  /** Nothing stays of somebody who was soft-deleted; `stale` when they are not there. */
  | { readonly kind: "erase-former"; readonly id: string }
  /** Refusals that have no id, by their numbers in the journal: they say no more whom they were about, nor why. */
  | { readonly kind: "forget-refusals"; readonly seqs: readonly number[] }
  /** For somebody whom the same plan creates. */
  | { readonly kind: "queue-invitation"; readonly userId: string; readonly dueAt: string }
  /** If one is queued. `forget`: nothing of the person stays. */
  | { readonly kind: "withdraw-invitation"; readonly userId: string; readonly forget: boolean }
  /** Values that the tenant's own schemas declare unique; a duplicate when one of them is taken. */
  | {
      readonly kind: "change-keys";
      readonly resourceType: string;
      readonly id: string;
      readonly removed: readonly UniqueKey[];
      readonly added: readonly UniqueKey[];
    }
  | { readonly kind: "insert-resource"; readonly resource: ResourceDraft }
  | {
      readonly kind: "update-resource";
      readonly version: number;
      readonly resource: ResourceDraft;
    }
  | {
      readonly kind: "delete-resource";
      readonly version: number;
      readonly resourceType: string;
      readonly id: string;
    }
  | {
      readonly kind: "insert-group";
      readonly group: GroupDraft;
      readonly department: DepartmentDraft | null;
    }
  | {
      readonly kind: "update-group";
      readonly version: number;
      readonly before: GroupDraft;
      readonly after: GroupDraft;
    }
  /** At `group.version`. */
  | { readonly kind: "delete-group"; readonly group: GroupRecord }
  /** Beside an `insert-group` or `update-group`, which holds the version. `stale` when one of `added` is gone. */
  | {
      readonly kind: "change-members";
      readonly groupId: string;
      readonly added: readonly Member[];
      readonly removed: readonly string[];
    };

/** All that one request does to a directory, committed together or not at all. */
export interface Plan {
  readonly guards?: readonly Guard[];
  readonly writes: readonly Write[];
  readonly change: Change;
  /** Of the same request and resource: what else happened by it. */
  readonly further?: readonly Change[];
  /** The id of a person whom the answer shows: read in the same transaction, so that nothing can come between. */
  readonly show?: string;
}

/** People (and groups) who shall be members of a group, and those who shall not, whoever is one now. */
export interface MembershipPlan {
  readonly groupId: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Ids that name nobody: passed over, or the whole request is refused. */
  readonly unknown: "skip" | "reject";
  readonly visible: ResourceQuery["visible"];
  /** Its diff is made inside the transaction, of those who really join and leave. */
  readonly change: Omit<Change, "diff">;
}

export type MembershipOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "no-group" }
  | { readonly kind: "unknown-members" };

export interface ResourceDraft {
  readonly type: string;
  readonly id: string;
  readonly document: JsonObject;
}

export type CommitOutcome =
  /** `shown`: whom the plan wanted to show, with groups and departments; undefined too where that answer was lost. */
  | { readonly kind: "committed"; readonly shown?: UserRecord | undefined }
  /** A row has another version than the one a write names: somebody else wrote in between. */
  | { readonly kind: "stale" }
  /** `nobody-matches` failed. */
  | { readonly kind: "matched" }
  /** `few-deactivations` failed. */
  | { readonly kind: "mass-deactivation" }
  | {
      readonly kind: "duplicate";
      readonly attribute: "userName" | "emails" | "displayName" | "id" | "unique";
    };

/**
 * The directory of one tenant. No method takes a tenant: a store is made for one, and a predicate on
 * another cannot be written. Every method throws `TenantFenced` when the tenant changed since it was made,
 * and `StorageUnavailable` when D1 cannot answer; a `undefined` or an empty page always means "not there".
 */
export interface DirectoryStore {
  user(
    id: string,
    options: { groups: boolean; departments?: boolean },
  ): Promise<UserRecord | undefined>;
  users(query: ResourceQuery): Promise<ResourcePage<UserRecord>>;
  /** Who has one of the keys; at most 10, first those with the userName, then those with the address, then inactive ones. */
  usersMatching(keys: MatchKeys): Promise<readonly UserRecord[]>;
  group(id: string, options: { members: boolean }): Promise<GroupRecord | undefined>;
  groups(query: ResourceQuery): Promise<ResourcePage<GroupRecord>>;
  /** Of the ids: which name a person or a group of this directory. */
  known(
    ids: readonly string[],
    visible: ResourceQuery["visible"],
  ): Promise<ReadonlyMap<string, ResourceTypeName>>;
  resource(type: string, id: string): Promise<ResourceRecord | undefined>;
  resources(type: ResourceType, query: ResourceQuery): Promise<ResourcePage<ResourceRecord>>;
  commit(plan: Plan): Promise<CommitOutcome>;
  /**
   * Set-wise, in one round trip, at the same cost in a group of ten and of 100,000. When nothing is left to do,
   * nothing is written: neither the version rises nor is the change recorded.
   */
  joinAndLeave(plan: MembershipPlan): Promise<MembershipOutcome>;
  /** Asks for the fence alone, unless another method has passed it: for answers that need no row. */
  confirm(): Promise<void>;
  /** A refused request's row in the journal, written on its own. */
  recordRefusal(change: Change): Promise<void>;
  /** The same for what would be said of every request: at most one of the newest 50 rows since `notSince` says it. */
  recordOnce(change: Change, notSince: string): Promise<void>;
  /** The same while SCIM has brought nobody to the tenant; false, and no row, once it has. */
  recordEarlyRead(change: Change, notSince: string): Promise<boolean>;
}
