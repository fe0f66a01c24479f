import * as z from "zod/mini";

import { RunView, runView } from "../../run-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";

const LIST = "reconciliations";

export const listReconciliationsOperation = defineOperation(
  {
    id: "listReconciliations",
    method: "get",
    path: "/reconciliations",
    status: 200,
    refusals: [],
    params: NO_INPUT,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(RunView), nextCursor: z.nullable(z.string()) }),
  },
  async ({ query }, { reconciliations }) => {
    const page = await reconciliations.list({ limit: query.limit, cursor: query.cursor });
    const items = page.items.map(runView);
    return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
  },
);
