/** Several queries of D1 for each, of the 1,000 that one invocation has. */
export const MAX_BULK_OPERATIONS = 100;
export const MAX_BULK_MEBIBYTES = 4;

/** What the discovery documents announce. */
export const FEATURES = {
  bulk: {
    supported: true,
    maxOperations: MAX_BULK_OPERATIONS,
    maxPayloadSize: MAX_BULK_MEBIBYTES * 1024 * 1024,
  },
  sort: true,
} as const;
