import type { Budget } from "./budget.ts";
import { GROUP_BUDGETS } from "./group-budgets.ts";
import { PERSON_BUDGETS } from "./person-budgets.ts";
import { READ_BUDGETS } from "./read-budgets.ts";

/** Every budget, in the order in which they are played: reads see the tenant as it was seeded. */
export const BUDGETS: readonly Budget[] = [...READ_BUDGETS, ...PERSON_BUDGETS, ...GROUP_BUDGETS];
