/**
 * Thrown by storage when a tenant that is being moved to another database would be written. Nothing has
 * happened. SCIM requests never get there (such a tenant is paused); administrators are told to wait.
 */
export class TenantMoving extends Error {
  override readonly name = "TenantMoving";

  constructor() {
    super("The tenant is being moved to another database; try again in a few minutes.");
  }
}
