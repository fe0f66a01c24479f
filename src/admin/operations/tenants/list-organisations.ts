import * as z from "zod/mini";

import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";

const LIST = "organisations";

export const listOrganisationsOperation = defineOperation(
  {
    id: "listOrganisations",
    method: "get",
    path: "/organisations",
    status: 200,
    refusals: [],
    params: NO_INPUT,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({
      items: z.array(
        z.object({
          organisation: z.string(),
          tenants: z.int(),
          users: z.int(),
          active: z.int().check(z.describe("Active people.")),
        }),
      ),
      nextCursor: z.nullable(z.string()),
    }),
  },
  async ({ query }, deps) => {
    const { limit, cursor } = query;
    const page = await deps.organisations.list({ limit, cursor });
    const next = nextCursor(LIST, page.nextCursor);
    return { kind: "done", answer: { items: [...page.items], nextCursor: next } };
  },
);
