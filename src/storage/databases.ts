/** The D1 databases of the deployment. The control database holds the list of tenants. */
export interface Databases {
  readonly control: D1Database;
  /** The database of that binding name. Throws when the deployment does not bind it: a fault of its configuration. */
  named(name: string): D1Database;
}

export const CONTROL_DATABASE = "DB";
