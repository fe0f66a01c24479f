import type { Change } from "../../journal/change.ts";
import type { Page, PageRequest } from "../../tenancy/ports.ts";
import type { Invitation, InvitationState, Invitee } from "./invitation.ts";

/** A person whom somebody wants to invite, and how far their invitation is. */
export interface InvitationCandidate {
  readonly userId: string;
  readonly person: Invitee | undefined;
  readonly state: InvitationState | undefined;
}

/**
 * The invitations of one tenant. Methods throw what those of `DirectoryStore` throw. `stale`: what the write was
 * decided upon is not so any more, and nothing of it happened.
 */
export interface InvitationStore {
  /** In the order of the people's ids. A page may be empty and still not be the last one. */
  list(
    page: PageRequest & { readonly state: InvitationState | undefined },
  ): Promise<Page<Invitation>>;
  find(
    userId: string,
  ): Promise<{ invitation: Invitation; person: Invitee | undefined } | undefined>;
  /** Of up to 10,000 ids, in their order. */
  candidates(userIds: readonly string[]): Promise<readonly InvitationCandidate[]>;
  /** Queues those people anew, whose state is none of queued, sent, accepted, and who are active and have an address. */
  queue(userIds: readonly string[], dueAt: string, change: Change): Promise<"queued" | "stale">;
  /** From one state to another; `dueAt` begins anew, with no attempt made. To `queued` only whom `queue` would take. */
  move(
    userId: string,
    from: InvitationState,
    to: { readonly state: InvitationState; readonly dueAt?: string },
    change: Change,
  ): Promise<"moved" | "stale">;
}
