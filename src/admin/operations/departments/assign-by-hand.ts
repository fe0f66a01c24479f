import * as z from "zod";

import { assignByHand } from "../../../directory/departments/assign-by-hand.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment } from "./department-params.ts";

const MAX_IDS = 10_000;

const Ids = z.array(z.string().min(1).max(64)).max(MAX_IDS).default([]);

export const assignByHandOperation = defineOperation(
  {
    id: "assignToDepartment",
    method: "post",
    path: "/tenants/{slug}/departments/{id}/members",
    summary: `Assign people by hand and take such assignments back, up to ${MAX_IDS} each`,
    principals: ["operator"],
    status: 200,
    refusals: [404],
    params: DepartmentParams,
    query: NO_INPUT,
    body: z
      .strictObject({ add: Ids, remove: Ids })
      .refine(({ add, remove }) => isDisjoint(add, remove), {
        path: ["remove"],
        message: "Nobody can be in both lists.",
      }),
    answer: z.object({
      added: z.int(),
      removed: z.int(),
      unknown: z.array(z.string()).describe("Ids that name nobody of this tenant."),
    }),
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const outcome = await assignByHand(directory, params.id, body);
      if (outcome.kind === "unknown") return noSuchDepartment;
      const { added, removed, unknown } = outcome.counts;
      return { kind: "done", answer: { added, removed, unknown: [...unknown] } };
    }),
);

function isDisjoint(one: readonly string[], other: readonly string[]): boolean {
  const named = new Set(one);
  return !other.some((id) => named.has(id));
}
