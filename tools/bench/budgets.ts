import type { Budget } from "./budget.ts";
import { READ_BUDGETS } from "./read-budgets.ts";
import { WRITE_BUDGETS } from "./write-budgets.ts";

/** Every budget, in the order in which they are played: reads see the tenant as it was seeded. */
export const BUDGETS: readonly Budget[] = [...READ_BUDGETS, ...WRITE_BUDGETS];
