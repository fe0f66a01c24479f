import type { Change, Operation } from "./change.ts";
import type { RecordedChange } from "./recorded-change.ts";

/** What rows of the journal are looked for. Times are ISO 8601 in UTC, both included. */
export interface JournalFilter {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly outcome?: Change["outcome"] | undefined;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly operation?: Operation | undefined;
  readonly requestId?: string | undefined;
  /** Anywhere in resource id, reason or diff; the case of ASCII letters does not count. */
  readonly text?: string | undefined;
}

export interface JournalPage {
  readonly items: readonly RecordedChange[];
  /** Where the next page begins; undefined when there is none. A page may be empty and yet have one. */
  readonly next: number | undefined;
}

/**
 * The journal of one tenant. A page reads at most 10,000 rows besides those that it gives, whatever it is asked
 * for. Methods throw `TenantFenced` and `StorageUnavailable`.
 */
export interface JournalReader {
  /** Newest first, below the row `before`. */
  newest(
    filter: JournalFilter,
    page: { readonly limit: number; readonly before: number | undefined },
  ): Promise<JournalPage>;
  /**
   * Oldest first, behind the row `after`, so that whoever asks again with the last row that they were given misses
   * none. `purged`: rows behind it are gone already. Without `after` from the beginning of the filter's time.
   */
  following(
    filter: JournalFilter,
    page: { readonly limit: number; readonly after: number | undefined },
  ): Promise<JournalPage | "purged">;
  /**
   * How people (soft-deleted ones too), groups and departments are called now, for whoever reads rows that hold
   * their ids. Ids that name nothing, or nothing any more, are passed over.
   */
  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
