import type { Actor, AttributeChange, Change, Operation } from "../journal/change.ts";
import type { JournalReader } from "../journal/journal-reader.ts";
import type { Clock, Ids } from "../tenancy/clock.ts";
import type { Settings } from "../tenancy/settings.ts";
import type { ResourceType } from "../scim/schema/attribute.ts";
import type { AlertStore } from "./alerts/ports.ts";
import type { DeactivationWindows } from "./deactivations/ports.ts";
import type { DepartmentStore } from "./departments/ports.ts";
import type { GroupViews } from "./groups/ports.ts";
import type { InvitationStore } from "./invitations/ports.ts";
import type { PeopleViews } from "./people/ports.ts";
import type { DirectoryStore, ResourceQuery } from "./ports.ts";
import type { StatsReader } from "./stats/ports.ts";

/** What a verb works with: one tenant's directory, its settings, and who is asking. */
export interface DirectoryContext {
  readonly store: DirectoryStore;
  readonly departments: DepartmentStore;
  readonly groups: GroupViews;
  readonly alerts: AlertStore;
  readonly deactivations: DeactivationWindows;
  readonly invitations: InvitationStore;
  readonly people: PeopleViews;
  readonly journal: JournalReader;
  readonly stats: StatsReader;
  readonly settings: Settings;
  /** The tenant's resource types, its own extensions included. */
  readonly types: readonly ResourceType[];
  readonly actor: Actor;
  /** Unique among all writes of the tenant; an operation of a Bulk request has its own. */
  readonly requestId: string;
  /** When the request arrived: one moment for everything that it writes. */
  readonly at: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Waits; the retry of a write that met another one. */
  pause(milliseconds: number): Promise<void>;
  /** From 0 up to, but not including, 1. */
  random(): number;
  /** One line in the log for the operator, with the tenant's id. The facts hold no personal data. */
  report(event: string, facts: Readonly<Record<string, string | number>>): void;
}

/** With adoption off, people enrolled by hand do not exist for SCIM; an administrator sees everybody. */
export const visibleTo = ({ settings, actor }: DirectoryContext): ResourceQuery["visible"] =>
  settings.adoption === "off" && actor.kind === "token" ? "scim" : "all";

/** Clocks differ between places: `lastModified` never goes back. */
export const laterOf = (a: string, b: string): string => (a > b ? a : b);

/** The journal row of a change that this context makes. */
export function changeBy(
  context: DirectoryContext,
  what: {
    operation: Operation;
    resourceType: string;
    /** Null: several. */
    resourceId: string | null;
    status: number;
    diff: readonly AttributeChange[];
    reason?: string;
  },
): Change {
  return {
    requestId: context.requestId,
    at: context.at,
    actor: context.actor,
    operation: what.operation,
    resourceType: what.resourceType,
    resourceId: what.resourceId,
    outcome: "applied",
    status: what.status,
    scimType: null,
    reason: what.reason ?? null,
    diff: what.diff,
  };
}
