import * as z from "zod";

import type { HistoryItem } from "../../../directory/people/person-history.ts";
import { adviceFor } from "../../../journal/advice.ts";

/** A change of one person. What begins and ends in departments is told without the request that caused it. */
export const HistoryView = z.object({
  seq: z.int().nullable(),
  at: z.string(),
  requestId: z.string().nullable(),
  actor: z
    .object({ kind: z.enum(["token", "admin", "job"]), id: z.string(), hint: z.string() })
    .nullable(),
  operation: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  outcome: z.enum(["applied", "refused"]),
  status: z.int(),
  scimType: z.string().nullable(),
  reason: z.string().nullable(),
  advice: z.string().nullable(),
  diff: z
    .array(
      z.looseObject({
        attribute: z.string().optional(),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    )
    .describe(
      "Values that were too long are left out and `cut` is true; `more`: so many other attributes.",
    ),
});

const SOURCES = {
  group: "By a group of the identity provider.",
  attribute: "By the department attribute.",
  manual: "By hand.",
} as const;

export function historyView(item: HistoryItem, userId: string): z.infer<typeof HistoryView> {
  switch (item.kind) {
    case "change": {
      const { diff, ...change } = item.change;
      return {
        ...change,
        resourceId: userId,
        advice: adviceFor(item.change),
        diff: diff.map((entry) => ({ ...entry })),
      };
    }
    case "assignment": {
      const { at, operation, department } = item.event;
      const attribute = "department";
      return {
        seq: null,
        at,
        requestId: null,
        actor: null,
        operation,
        resourceType: "User",
        resourceId: userId,
        outcome: "applied",
        status: 200,
        scimType: null,
        reason: SOURCES[department.source],
        advice: null,
        diff: [
          operation === "assign"
            ? { attribute, after: department }
            : { attribute, before: department },
        ],
      };
    }
  }
}
