import { tablesOfTenants } from "../../src/storage/tables-of-tenants.ts";
import { ACROSS_TENANTS, TIED_TO_NONE } from "./across-tenants.ts";
import { FENCE, worst } from "./scopes.ts";
import { tenantTies } from "./tenant-ties.ts";

const OF_TENANTS: ReadonlySet<string> = new Set([
  FENCE,
  ...tablesOfTenants().map(({ name }) => name),
]);

export type Verdict =
  /** `tenantKeys`: which of its parameters are the number of its one tenant. */
  | {
      readonly kind: "fine";
      readonly tenantKeys: readonly number[];
      /** Whether all its values are one JSON array in one parameter. */
      readonly isPacked: boolean;
    }
  | { readonly kind: "fault"; readonly text: string };

const ACROSS: Verdict = { kind: "fine", tenantKeys: [], isPacked: false };

/**
 * Whether a statement keeps to the rows of one tenant at each of its tables, or is one of those that go across
 * tenants on purpose.
 */
export function verdictOn(sql: string): Verdict {
  const text = sql.replaceAll(/\s+/g, " ").replaceAll("( ", "(").replaceAll(" )", ")").trim();
  const among = (list: typeof ACROSS_TENANTS) => list.some(({ part }) => text.includes(part));
  const { tables, tenantKeys } = tenantTies(sql, OF_TENANTS);
  const loose = tables.filter(({ tie }) => tie !== "one").map(({ table }) => table);
  switch (worst(tables.map(({ tie }) => tie))) {
    case "one":
      return { kind: "fine", tenantKeys: [...tenantKeys], isPacked: text.includes("(?1,") };
    case "many":
      if (among(ACROSS_TENANTS)) return ACROSS;
      break;
    case "none":
      if (among(TIED_TO_NONE)) return ACROSS;
  }
  const names = [...new Set(loose)].join(", ");
  return { kind: "fault", text: `Not tied to one tenant: ${names}, in ${text}` };
}
