import * as z from "zod/mini";

import type { HistoryItem } from "../../../directory/people/person-history.ts";
import { ChangeView, changeView } from "../../change-view.ts";

const { seq, requestId, actor } = ChangeView.shape;

/** A change of one person. What begins and ends in departments is told without the request that caused it. */
export const HistoryView = z.extend(ChangeView, {
  seq: z.nullable(seq),
  requestId: z.nullable(requestId),
  actor: z.nullable(actor),
});

const SOURCES = {
  group: "By a group of the identity provider.",
  attribute: "By the department attribute.",
  manual: "By hand.",
} as const;

export function historyView(item: HistoryItem, userId: string): z.infer<typeof HistoryView> {
  if (item.kind === "change") return changeView(item.change);
  const { at, operation, department } = item.event;
  const side = operation === "assign" ? { after: department } : { before: department };
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
    diff: [{ attribute: "department", ...side }],
  };
}
