import type { RecordedChange } from "../../journal/recorded-change.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { PersonsDepartment } from "../departments/persons-department.ts";
import type { Origin, UserRecord } from "../ports.ts";
import type { Likeness } from "./near-duplicates.ts";

/** Somebody who was soft-deleted. */
export interface FormerPerson {
  readonly id: string;
  readonly document: JsonObject;
  readonly email: string | null;
  readonly userNameKey: string;
  readonly origin: Origin;
  /** Those at the end. */
  readonly departments: readonly PersonsDepartment[];
  readonly version: number;
  readonly createdAt: string;
  readonly deletedAt: string;
}

export type AnyPerson =
  | { readonly kind: "present"; readonly user: UserRecord }
  | { readonly kind: "former"; readonly person: FormerPerson };

export interface PeopleFilter {
  /** Folded: the beginning of a userName, an email or a display name. */
  readonly prefix?: string | undefined;
  /** Folded: the whole address. */
  readonly emailKey?: string | undefined;
  readonly origin?: Origin | undefined;
  readonly active?: boolean | undefined;
}

/** Keys as `UserKeys` has them; whoever has one of them is meant. */
export interface SearchedKeys {
  readonly userNameKeys: readonly string[];
  /** The product's address and the work address are both searched. */
  readonly emailKeys: readonly string[];
  readonly externalIds: readonly string[];
}

/** What is compared with planned people, and how to show who it is. */
export interface LikePerson extends Likeness {
  readonly id: string;
  /** The product's. */
  readonly email: string | null;
  readonly displayName: string | null;
  readonly origin: Origin;
  readonly active: boolean;
}

/**
 * One tenant's people as its administrators look at them. Every method is one tenant's alone and throws
 * `TenantFenced` and `StorageUnavailable` as those of `DirectoryStore` do.
 */
export interface PeopleViews {
  /**
   * By userName those whose userName begins with the prefix, then by email, and the others in
   * the order of their ids. Reads at most 10,000 rows besides those it gives: a page may be short or empty, and
   * yet another one follow it.
   */
  page(
    request: PageRequest & PeopleFilter & { readonly groups: boolean },
  ): Promise<Page<UserRecord>>;
  /** With their groups, in the order of their ids; ids that name nobody are passed over. */
  byIds(ids: readonly string[]): Promise<readonly UserRecord[]>;
  /** Somebody who is here, with their groups, or was soft-deleted. */
  one(id: string): Promise<AnyPerson | undefined>;
  /** Those who had the userName, or the id, and were soft-deleted. */
  formerOf(who: {
    readonly id: string | null;
    readonly userNameKey: string;
  }): Promise<readonly FormerPerson[]>;
  /** Without groups; at most 10 people for each key, inactive ones first. */
  havingKeys(keys: SearchedKeys): Promise<readonly UserRecord[]>;
  /** In the order of their ids, without the rest of their documents: for a walk over everybody. */
  likenesses(request: PageRequest): Promise<Page<LikePerson>>;
  /** What the journal says of one person, newest first, from behind that number on. */
  changesOf(
    id: string,
    request: { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly RecordedChange[]>;
  /**
   * The numbers of the journal's rows that say of a refused create that it was about one of these people, by a
   * userName or externalId that they have, or had as far as their own rows tell. Looks through all refusals that
   * have no id, in as many round trips as it takes: for an erasure.
   */
  refusalsNaming(people: {
    readonly ids: readonly string[];
    readonly names: readonly string[];
  }): Promise<readonly number[]>;
  /** The document before the adoption; undefined when none was kept. */
  adoptedFrom(id: string): Promise<JsonObject | undefined>;
}
