/** What verbs may know of the outside world besides their stores. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Ids {
  /** A UUIDv7: later calls of one isolate sort after earlier ones. */
  next(): string;
}
