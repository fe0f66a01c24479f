import type { Change } from "../journal/change.ts";
import type { AskedBy } from "./credentials/credential-entry.ts";
import type { LiveTenant } from "./tenant.ts";

/**
 * What a move does next. A state is written down before anything of it is done, and all that it does may be done
 * twice, so that whoever finds the row of a move goes on with it. Until `opening` it may be `abandoning` instead.
 */
export type MoveState =
  | "pausing"
  | "copying"
  | "comparing"
  /** The copy was not like the original: it is deleted, and made again. */
  | "clearing"
  | "opening"
  /** The tenant lives in the target; its rows in the source are deleted. */
  | "leaving"
  /** The tenant stays in the source; its rows in the target are deleted. */
  | "abandoning";

/** Where the next rows are: in this table, from its beginning or behind a key. */
export interface MoveCursor {
  readonly table: string;
  readonly after: readonly (string | number)[] | null;
}

export interface Move {
  readonly tenantId: string;
  readonly source: string;
  /** The tenant's number in the source, and in the target once it has one there. */
  readonly sourceKey: number;
  readonly target: string;
  readonly targetKey: number | null;
  readonly state: MoveState;
  /** The tenant's epoch in the source as last seen: what pauses and resumes it there works from this one only. */
  readonly epoch: number;
  readonly cursor: MoveCursor | null;
  /** How often the copy was not like the original. */
  readonly failures: number;
  /** How many runs, one after the other, ended with an error before they came any further. */
  readonly stalls: number;
  readonly by: AskedBy;
}

/** A move that nobody else works on as long as the lease runs; `fencing` rises with every holder. */
export interface HeldMove {
  readonly move: Move;
  readonly holder: string;
  readonly fencing: number;
}

/**
 * Thrown by storage when somebody else has taken the move over: nothing was written. An exception like
 * `TenantFenced`, because no step can do anything about it.
 */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";

  constructor() {
    super("Another run goes on with this move.");
  }
}

/** The list of moves. Every write but the first checks the lease, and throws `LeaseLost`. */
export interface MoveStore {
  /**
   * Writes down that the tenant is to move, which is all that a request does. `there`: it lives there already.
   * `unprepared`: the target does not have the tables of the source. Throws `TenantFenced` when the tenant does
   * not live any more where `tenant` says.
   */
  begin(
    tenant: LiveTenant,
    target: string,
    startedAt: string,
    by: AskedBy,
  ): Promise<"moving" | "there" | "moving-elsewhere" | "unprepared">;
  /** The tenants of all moves that are not at their end, oldest first. */
  unfinished(): Promise<string[]>;
  /** Undefined while another holder's lease runs, and when there is no move. */
  take(
    tenantId: string,
    lease: { holder: string; now: string; until: string },
  ): Promise<HeldMove | undefined>;
  /**
   * Writes down how far the move has come, and keeps the lease. With the state `leaving` the tenant's place
   * changes, in the same transaction: from then on it lives in the target.
   */
  advance(held: HeldMove, change: MoveProgress, until: string): Promise<HeldMove>;
  /** Forgets the move. */
  end(held: HeldMove): Promise<void>;
  release(held: HeldMove): Promise<void>;
}

export type MoveProgress = Partial<
  Pick<Move, "targetKey" | "state" | "epoch" | "cursor" | "failures" | "stalls">
>;

/** The tenant in the source: paused for the move, or not (any more). */
export interface SourceState {
  readonly epoch: number;
  readonly isPaused: boolean;
}

/**
 * The two places of a tenant that moves. What is written to the target checks that no later holder works there,
 * and throws `LeaseLost`: without this, a run that slept would write into a tenant that has long been opened.
 */
export interface MovePlaces {
  /** Makes the row of the tenant in the target, which admits nobody, and returns its number there. */
  prepare(held: HeldMove): Promise<number>;
  /** Keeps earlier holders away from the target. */
  claim(held: HeldMove): Promise<void>;
  /**
   * Pauses the tenant in the source, with the row in its journal, if it is still at the epoch of the move.
   * Undefined: there is no such tenant.
   */
  pause(move: Move, entry: Change): Promise<SourceState | undefined>;
  /** The opposite, under the same condition. */
  resume(move: Move, entry: Change): Promise<SourceState | undefined>;
  /** Copies the next rows, and says where those behind them are; undefined: these were the last. */
  copy(held: HeldMove): Promise<MoveCursor | undefined>;
  /** Compares the next rows of both places by count and checksum. */
  compare(
    move: Move,
  ): Promise<{ kind: "same"; next: MoveCursor | undefined } | { kind: "different" }>;
  /** Deletes rows from the target, and says where there are more. */
  clear(held: HeldMove): Promise<MoveCursor | undefined>;
  /** Deletes the row of the tenant in the target. */
  discard(held: HeldMove): Promise<void>;
  /**
   * Makes the tenant in the target what it was in the source, ready to be served as soon as its place is named, with
   * the row in its journal.
   */
  open(held: HeldMove, entry: Change): Promise<void>;
  /** Deletes the tenant's row in the source, so that nobody is admitted there, and then all that it had. */
  leave(move: Move): Promise<MoveCursor | undefined>;
}
