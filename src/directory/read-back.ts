import { ScimError } from "../scim/error.ts";
import { TenantFenced } from "../tenancy/fence.ts";
import { StorageUnavailable } from "../tenancy/unavailable.ts";

const RETRY_AFTER_SECONDS = 1;

/**
 * Reads what a write has left, where its own answer was lost. Whoever runs verbs runs them again when the tenant has
 * changed, and this one must not be: it is done, and would meet itself as a conflict. What is not there any more was
 * taken away by somebody else since.
 */
export async function readBack<Found>(read: () => Promise<Found | undefined>): Promise<Found> {
  try {
    const found = await read();
    if (found !== undefined) return found;
  } catch (error) {
    const isGone = error instanceof ScimError && error.status === 404;
    if (!isGone && !(error instanceof TenantFenced)) throw error;
  }
  throw new StorageUnavailable(RETRY_AFTER_SECONDS);
}
