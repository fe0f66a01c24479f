import type { TenantStatus } from "../../tenancy/tenant.ts";
import { SILENT_MS } from "../alerts/decide-alerts.ts";

const HOUR_MS = 60 * 60_000;
/** The first synchronisation of a large directory takes a day at most, */
const FIRST_SYNC_MS = 24 * HOUR_MS;
/** and pauses for no longer than this until it is over. */
const PAUSE_MS = HOUR_MS / 4;

export const PROVISIONING_STATES = [
  "waiting",
  "connected",
  "provisioning",
  "healthy",
  "silent",
  "paused",
  "suspended",
] as const;
export type ProvisioningState = (typeof PROVISIONING_STATES)[number];

export interface ProvisioningFacts {
  readonly status: TenantStatus;
  /** Any request of a token, reads included; times are ISO 8601 in UTC. */
  readonly lastRequestAt: string | null;
  readonly firstWriteAt: string | null;
  readonly lastWriteAt: string | null;
  readonly scimUsers: number;
}

/**
 * How far the tenant has come. `waiting`: no request yet. `connected`: requests, and nothing written. `provisioning`:
 * the first synchronisation is on its way. `healthy`, unless nothing has come for a day: `silent`. What somebody
 * here decided (`paused`, `suspended`) goes before all of it.
 */
export function provisioningState(facts: ProvisioningFacts, now: number): ProvisioningState {
  const { status, lastRequestAt, firstWriteAt, lastWriteAt, scimUsers } = facts;
  if (status !== "active") return status;
  const since = (time: string | null) => (time === null ? Infinity : now - Date.parse(time));
  const hasWritten = firstWriteAt !== null || scimUsers > 0;
  if (!hasWritten) return lastRequestAt === null ? "waiting" : "connected";
  if (Math.min(since(lastRequestAt), since(lastWriteAt)) >= SILENT_MS) return "silent";
  const isFirst = since(firstWriteAt) < FIRST_SYNC_MS && since(lastWriteAt) < PAUSE_MS;
  return isFirst ? "provisioning" : "healthy";
}
