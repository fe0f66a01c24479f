import type { TenantStatus } from "../../tenancy/tenant.ts";

/** What a tenant holds and how it is used, as numbers. Times are ISO 8601 in UTC. */
export interface TenantStats {
  readonly status: TenantStatus;
  readonly users: { readonly total: number; readonly active: number; readonly scim: number };
  readonly groups: number;
  /** As the settings let them count; retired ones are not there. */
  readonly departments: { readonly total: number; readonly orphaned: number };
  readonly invitations: Readonly<Record<"queued" | "sent" | "failed" | "accepted", number>>;
  /** Any request of a token. Noted every five minutes, and with every write. */
  readonly lastRequestAt: string | null;
  readonly firstWriteAt: string | null;
  readonly lastWriteAt: string | null;
  /** What kind of identity provider the last token was used by, as far as its requests tell. */
  readonly idp: string | null;
  /** Writes that a token asked for since a moment: applied or refused. */
  readonly recent: { readonly writes: number; readonly refused: number };
}

/** What was asked for in one hour. */
export interface TrafficHour {
  /** Its beginning. */
  readonly at: string;
  readonly writes: number;
  readonly refused: number;
}

/** One tenant's numbers. Methods throw `TenantFenced` and `StorageUnavailable`. */
export interface StatsReader {
  /** `since`: of `recent`. */
  stats(since: string): Promise<TenantStats>;
  /** Hours in which there was something, in their order. */
  traffic(since: string): Promise<readonly TrafficHour[]>;
}
