import type { Change } from "../journal/change.ts";
import type { AttributePath, Filter } from "../scim/filter/ast.ts";
import type { JsonObject } from "../scim/json.ts";
import type { ResourceRecord } from "../scim/represent.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import type { UniqueKey } from "./unique-keys.ts";
import type { UserKeys } from "./user-keys.ts";

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
  readonly email: string | null;
  readonly active: boolean;
  readonly departmentId: string | null;
  readonly origin: Origin;
  readonly adoptedAt: string | null;
  readonly adoptedBy: string | null;
  readonly deactivatedByHand: boolean;
  readonly predecessorId: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Only when they were asked for. */
  readonly groups: readonly GroupReference[] | undefined;
}

export interface GroupRecord {
  readonly id: string;
  readonly document: JsonObject;
  readonly departmentId: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Only when they were asked for. */
  readonly members: readonly Member[] | undefined;
}

export interface Member {
  readonly id: string;
  readonly type: ResourceTypeName;
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

/** A group as a change of its members needs it. */
export interface MembershipView {
  readonly group: GroupRecord;
  /** Of the ids asked for: who exists in this directory, … */
  readonly known: ReadonlyMap<string, ResourceTypeName>;
  /** … and who is a member already. */
  readonly present: ReadonlySet<string>;
}

/** A person to write. Storage derives its columns from `document` and `keys`. */
export interface UserDraft {
  readonly id: string;
  readonly document: JsonObject;
  readonly keys: UserKeys;
  readonly origin: Origin;
  readonly adoptedAt: string | null;
  readonly adoptedBy: string | null;
  readonly deactivatedByHand: boolean;
  readonly predecessorId: string | null;
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
  | {
      readonly kind: "version";
      /** `User`, `Group`, or a type of the tenant's own. */
      readonly resourceType: string;
      readonly id: string;
      readonly version: number;
    }
  /** No unmanaged or inactive person has one of these keys. */
  | { readonly kind: "nobody-matches"; readonly keys: MatchKeys };

export type Write =
  | { readonly kind: "ensure-department"; readonly department: DepartmentDraft }
  | {
      readonly kind: "rename-department";
      readonly id: string;
      readonly name: string;
      readonly nameKey: string;
    }
  | { readonly kind: "insert-user"; readonly user: UserDraft }
  | { readonly kind: "update-user"; readonly before: UserDraft; readonly after: UserDraft }
  | { readonly kind: "delete-user"; readonly user: UserRecord; readonly keep: boolean }
  /** Values that the tenant's own schemas declare unique; a duplicate when one of them is taken. */
  | {
      readonly kind: "change-keys";
      readonly resourceType: string;
      readonly id: string;
      readonly removed: readonly UniqueKey[];
      readonly added: readonly UniqueKey[];
    }
  | { readonly kind: "insert-resource"; readonly resource: ResourceDraft }
  | { readonly kind: "update-resource"; readonly resource: ResourceDraft }
  | { readonly kind: "delete-resource"; readonly resourceType: string; readonly id: string }
  | {
      readonly kind: "insert-group";
      readonly group: GroupDraft;
      readonly department: DepartmentDraft | null;
    }
  | {
      readonly kind: "update-group";
      readonly before: GroupDraft;
      readonly after: GroupDraft;
      /** Undefined: the link stays as it is. */
      readonly department: DepartmentDraft | null | undefined;
    }
  | { readonly kind: "delete-group"; readonly group: GroupRecord }
  /** Set-wise: ids that name nobody are passed over, memberships that are there stay as they are. */
  | {
      readonly kind: "change-members";
      readonly groupId: string;
      readonly added: readonly Member[];
      readonly removed: readonly string[];
    };

/** All that one request does to a directory, committed together or not at all. */
export interface Plan {
  readonly guards: readonly Guard[];
  readonly writes: readonly Write[];
  readonly change: Change;
  /**
   * `always`: the guards make sure that the writes change something. `when-changed`: set-wise writes, which
   * may find nothing left to do; then neither the version rises nor is the change recorded.
   */
  readonly record: "always" | { readonly kind: "when-changed"; readonly groupId: string };
}

export interface ResourceDraft {
  readonly type: string;
  readonly id: string;
  readonly document: JsonObject;
}

export type CommitOutcome =
  | { readonly kind: "committed" }
  /** A version guard failed: somebody else wrote in between. */
  | { readonly kind: "stale" }
  /** `nobody-matches` failed. */
  | { readonly kind: "matched" }
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
  user(id: string, options: { groups: boolean }): Promise<UserRecord | undefined>;
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
  membership(
    groupId: string,
    ids: readonly string[],
    visible: ResourceQuery["visible"],
  ): Promise<MembershipView | undefined>;
  resource(type: string, id: string): Promise<ResourceRecord | undefined>;
  resources(type: ResourceType, query: ResourceQuery): Promise<ResourcePage<ResourceRecord>>;
  commit(plan: Plan): Promise<CommitOutcome>;
  /** Asks for the fence alone, unless another method has passed it: for answers that need no row. */
  confirm(): Promise<void>;
  /** A refused request's row in the journal, written on its own. */
  recordRefusal(change: Change): Promise<void>;
}
