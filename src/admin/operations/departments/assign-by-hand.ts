import * as z from "zod/mini";

import { assignByHand } from "../../../directory/departments/assign-by-hand.ts";
import { findNamed } from "../../../directory/people/find-named.ts";
import { Label } from "../../../tenancy/label.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { DepartmentParams, noSuchDepartment } from "./department-params.ts";

const MAX_IDS = 10_000;

const Ids = z._default(
  z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(MAX_IDS)),
  [],
);

export const assignByHandOperation = defineOperation(
  {
    id: "assignToDepartment",
    method: "post",
    path: "/tenants/{slug}/departments/{id}/members",
    status: 200,
    refusals: [404],
    params: DepartmentParams,
    query: NO_INPUT,
    body: z.strictObject({
      add: Ids,
      addNamed: z
        ._default(z.array(Label).check(z.maxLength(MAX_IDS)), [])
        .check(z.describe("More people to assign, by their user names or email addresses.")),
      remove: Ids,
    }),
    answer: z.object({
      added: z.int(),
      removed: z.int(),
      unknown: z.array(z.string()).check(z.describe("What names nobody of this tenant.")),
      ambiguous: z
        .optional(z.array(z.string()))
        .check(z.describe("Of addNamed: addresses that several people have.")),
    }),
  },
  ({ params, body }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const named = await findNamed(directory, body.addNamed);
      const add = [...body.add, ...named.ids];
      if (!isDisjoint(add, body.remove)) {
        const message = "Nobody can be in both lists.";
        return { kind: "invalid", errors: [{ path: "remove", message }] };
      }
      const outcome = await assignByHand(directory, params.id, { add, remove: body.remove });
      if (outcome.kind === "unknown") return noSuchDepartment;
      const { added, removed, unknown } = outcome.counts;
      return {
        kind: "done",
        answer: {
          added,
          removed,
          unknown: [...unknown, ...named.unknown],
          ...(body.addNamed.length > 0 && { ambiguous: [...named.ambiguous] }),
        },
      };
    }),
);

function isDisjoint(one: readonly string[], other: readonly string[]): boolean {
  const named = new Set(one);
  return !other.some((id) => named.has(id));
}
