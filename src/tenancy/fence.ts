/**
 * Thrown by storage when the tenant is no longer at the epoch that the request was admitted with: a token
 * was revoked, a setting or the status changed, or the tenant moved. Nothing of the request has happened.
 * Whoever admitted the request admits it anew from D1 and runs it once more.
 *
 * An exception and not an outcome, because no verb can do anything about it and each would have to say so.
 */
export class TenantFenced extends Error {
  override readonly name = "TenantFenced";

  constructor() {
    super("The tenant has changed since the request was admitted.");
  }
}
