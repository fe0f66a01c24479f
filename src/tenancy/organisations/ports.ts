import type { Page, PageRequest } from "../ports.ts";

/** The tenants of one organisation together. */
export interface OrganisationTotals {
  readonly organisation: string;
  readonly tenants: number;
  /** People of all of them; somebody who is in two tenants counts twice. */
  readonly users: number;
  /** Those of them who are active. */
  readonly active: number;
}

/** The organisations of the deployment. Only the operator's operations hold one. */
export interface OrganisationStore {
  /** In the order of their names. Tenants without an organisation are in none of them. */
  list(page: PageRequest): Promise<Page<OrganisationTotals>>;
}
