/**
 * Thrown by storage when D1 cannot answer now. Never to be mistaken for "not there": an IdP that reads a
 * false 404 or an empty list deletes or duplicates people. The wire says 503 with a whole number of seconds.
 */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, options?: { cause: unknown }) {
    super("The database cannot answer now.", options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
