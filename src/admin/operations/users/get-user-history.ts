import * as z from "zod/mini";

import { personHistory } from "../../../directory/people/person-history.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { inDirectory } from "../in-directory.ts";
import { HistoryView, historyView } from "./history-view.ts";
import { noSuchUser, UserParams } from "./user-params.ts";

const LIST = "user-history";

export const getUserHistoryOperation = defineOperation(
  {
    id: "getUserHistory",
    method: "get",
    path: "/tenants/{slug}/users/{id}/history",
    status: 200,
    refusals: [404],
    params: UserParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(HistoryView), nextCursor: z.nullable(z.string()) }),
  },
  ({ params, query }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const { limit, cursor } = query;
      const page = await personHistory(directory, params.id, { limit, cursor });
      if (!page) return noSuchUser;
      const items = page.items.map((item) => historyView(item, params.id));
      return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
    }),
);
