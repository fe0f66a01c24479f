import type { Change } from "../../journal/change.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { JobLease } from "../../tenancy/job-lease.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { DepartmentDraft } from "../ports.ts";

/** How far the people of a tenant have been recomputed, under which settings. */
export interface RecomputePosition {
  readonly tenantKey: number;
  /** Of these settings: a change of them begins the walk anew. */
  readonly epoch: number;
  readonly settings: Settings;
  /** People up to this id are done. */
  readonly after: string;
}

/** What of a person follows from settings, as it is stored. */
export interface StoredPerson {
  readonly id: string;
  readonly version: number;
  /** As much of the document as settings decide about: userName, emails, department. */
  readonly document: JsonObject;
  readonly email: string | null;
  readonly emailKey: string | null;
  /** Whether the department attribute links the person to a department. */
  readonly linked: boolean;
}

interface OfPerson {
  readonly id: string;
  readonly version: number;
}

/** What differs from the rows of a portion of people. */
export interface Recomputed {
  readonly emails: readonly (OfPerson & {
    readonly email: string | null;
    readonly emailKey: string | null;
  })[];
  readonly departments: readonly (OfPerson & { readonly name: string; readonly nameKey: string })[];
}

/**
 * The people of tenants whose settings have changed, in one database. A job's port. `people` and `advance` throw
 * `TenantFenced` when the settings are not those of the position any more.
 */
export interface RecomputeStore {
  readonly lease: JobLease;
  /** Keys of tenants whose people are to be recomputed. */
  openTenants(limit: number): Promise<readonly number[]>;
  /** Undefined: there is nothing (more) to recompute in this tenant, or it is gone. */
  position(tenantKey: number): Promise<RecomputePosition | undefined>;
  /** Those behind the position, in the order of their ids. */
  people(position: RecomputePosition, limit: number): Promise<readonly StoredPerson[]>;
  /**
   * Writes what differs and moves the position to `next` (null: the walk is over); one transaction. A person of
   * another version by now is left out: whoever wrote it wrote the right columns. One whose new address belongs
   * to somebody keeps the old one. `moved`: somebody else moved the position, and nothing was written.
   */
  advance(
    position: RecomputePosition,
    step: {
      readonly next: string | null;
      readonly recomputed: Recomputed;
      /** To be made, each under its id unless its name is there. */
      readonly departments: readonly DepartmentDraft[];
      /** Its diff tells the people, and is made inside the transaction; no row where nobody changes. */
      readonly entry: Omit<Change, "diff">;
    },
  ): Promise<
    { readonly kind: "advanced"; readonly conflicts: number } | { readonly kind: "moved" }
  >;
}
