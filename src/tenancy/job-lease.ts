/**
 * Who may work at a job now: one holder at a time in each database. What it guards has to hold by itself too, since
 * a holder that was asleep does not know that its time is over.
 */
export interface JobLease {
  /** The fencing number, which rises with every holder; undefined while another one's time runs. */
  acquire(holder: string, now: string, expiresAt: string): Promise<number | undefined>;
  /** Ends the time of this holder, or sets another end to it: nobody works at the job until then. */
  release(holder: string, until?: string): Promise<void>;
}
