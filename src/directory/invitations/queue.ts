import type { JobLease } from "../../tenancy/job-lease.ts";
import type { PresetName } from "../../tenancy/presets.ts";
import type { SettingsOverrides } from "../../tenancy/settings.ts";
import type { Invitee } from "./invitation.ts";

/** A queued invitation whose time has come, of any tenant of one database. */
export interface DueInvitation {
  readonly tenantKey: number;
  readonly tenantId: string;
  readonly preset: PresetName;
  readonly overrides: SettingsOverrides;
  readonly userId: string;
  readonly person: Invitee | undefined;
  readonly attempts: number;
  readonly dueAt: string;
  /** It has been in the journal already, for want of a mailer. */
  readonly announced: boolean;
}

export interface Claim {
  readonly invitation: DueInvitation;
  /** When somebody else may try, should nobody say what became of this attempt. */
  readonly nextAt: string;
}

/** What became of a claimed invitation. */
export type Settlement =
  | { readonly kind: "sent" }
  | { readonly kind: "failed"; readonly error: string }
  /** The claim holds, and the next attempt comes at its time. */
  | { readonly kind: "again"; readonly error: string }
  /** It does not count as an attempt. */
  | { readonly kind: "unclaimed"; readonly error: string };

/**
 * The queue of all tenants of one database: a job's port and nobody else's. Claims need the lease and its fencing
 * number; what became of a mail is noted also by a job that has lost it, because the mail is out.
 */
export interface InvitationQueue {
  readonly lease: JobLease;
  /** Of active tenants, longest due first. */
  due(now: string, limit: number): Promise<readonly DueInvitation[]>;
  /** Counts an attempt and puts the next one off. Of the result are not those that somebody moved meanwhile. */
  claim(
    fencing: number,
    claims: readonly Claim[],
  ): Promise<ReadonlySet<DueInvitation> | "lease-lost">;
  /** Cancels those whose people are not to be invited any more. */
  cancel(
    fencing: number,
    invitations: readonly DueInvitation[],
    now: string,
  ): Promise<"done" | "lease-lost">;
  /** Without a mailer: tells the product, by a row in the journal for each, once, and looks again at `nextAt`. */
  announce(
    fencing: number,
    invitations: readonly DueInvitation[],
    times: { readonly now: string; readonly nextAt: string },
  ): Promise<"done" | "lease-lost">;
  /** Writes what became of it, with its row in the journal, unless somebody moved it meanwhile. */
  settle(
    results: readonly { readonly invitation: DueInvitation; readonly settlement: Settlement }[],
    now: string,
  ): Promise<void>;
}
