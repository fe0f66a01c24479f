import type { Precondition } from "../../directory/people/change-user.ts";
import type { DirectoryContext } from "../../directory/context.ts";
import type { ListPosition } from "../../directory/ports.ts";
import type { JsonValue } from "../../scim/json.ts";
import type { ListQuery } from "../../scim/list/list-query.ts";
import type { Projection } from "../../scim/list/projection.ts";
import type { Member, ResourceRecord } from "../../scim/represent.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";

export interface Condition {
  readonly precondition: Precondition;
  /** Whether the request named a version at all. */
  readonly conditional: boolean;
}

/** A record whose members may go on: a group has up to 100,000, and is never in hand as a whole. */
export interface PagedRecord extends ResourceRecord {
  /** Those behind `members`, each page read when it is asked for. Absent when there are none. */
  readonly moreMembers?: AsyncIterable<readonly Member[]>;
}

/** What the seven routes need of a resource type: its verbs, taking parsed JSON and giving records. */
export interface ResourceEndpoint {
  list(
    directory: DirectoryContext,
    type: ResourceType,
    query: ListQuery & {
      readonly after?: ListPosition | "start" | undefined;
      readonly baseUrl: string;
    },
  ): Promise<{ total: number; records: PagedRecord[]; next?: ListPosition | undefined }>;
  read(
    directory: DirectoryContext,
    type: ResourceType,
    id: string,
    projection: Projection,
  ): Promise<PagedRecord>;
  create(directory: DirectoryContext, type: ResourceType, body: JsonValue): Promise<PagedRecord>;
  replace(
    directory: DirectoryContext,
    type: ResourceType,
    id: string,
    body: JsonValue,
    condition: Condition,
  ): Promise<PagedRecord>;
  /** Undefined: the answer is 204 unless the client asks for attributes. */
  patch(
    directory: DirectoryContext,
    type: ResourceType,
    id: string,
    body: JsonValue,
    condition: Condition,
  ): Promise<PagedRecord | undefined>;
  remove(
    directory: DirectoryContext,
    type: ResourceType,
    id: string,
    condition: Condition,
  ): Promise<void>;
}
