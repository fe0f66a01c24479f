import * as z from "zod/mini";

import type { RunReport } from "../directory/reconciliation/ports.ts";

/** A run of the reconciliation as the administration shows it. */
export const RunView = z.object({
  id: z.string(),
  trigger: z.enum(["cron", "admin"]),
  startedAt: z.string(),
  finishedAt: z
    .nullable(z.string())
    .check(z.describe("Null: it is not through with all tenants; the next runs go on with it.")),
  tenants: z.int(),
  marked: z.int().check(z.describe("Departments that nothing refers to any more.")),
  unmarked: z.int().check(z.describe("Departments that something refers to again.")),
  retired: z.int(),
  repaired: z
    .int()
    .check(z.describe("Links of groups and people, and retired departments that are in use.")),
  brakes: z
    .array(z.string())
    .check(
      z.describe(
        "Tenants of which more than 5 % (and more than 10) departments would have gone: none did.",
      ),
    ),
});

export const runView = (run: RunReport): z.infer<typeof RunView> => ({
  id: run.id,
  trigger: run.trigger,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  tenants: run.tenants,
  marked: run.marked,
  unmarked: run.unmarked,
  retired: run.retired,
  repaired: run.repaired,
  brakes: [...run.brakes],
});
