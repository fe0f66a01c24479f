import * as z from "zod/mini";

import { Label } from "../../../tenancy/label.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { TenantView, tenantView } from "../../tenant-view.ts";

const LIST = "tenants";

export const listTenantsOperation = defineOperation(
  {
    id: "listTenants",
    method: "get",
    path: "/tenants",
    status: 200,
    refusals: [],
    params: NO_INPUT,
    query: z.object({
      organisation: z.optional(Label),
      q: z.optional(Label).check(z.describe("The beginning of a slug or name.")),
      ...pageQuery(LIST),
    }),
    body: NO_INPUT,
    answer: z.object({ items: z.array(TenantView), nextCursor: z.nullable(z.string()) }),
  },
  async ({ query }, deps, { principal }) => {
    if (principal.kind !== "operator") {
      const own = await deps.tenants.bySlug(principal.tenant.slug);
      const items = own ? [tenantView(own, deps.publicUrl)] : [];
      return { kind: "done", answer: { items, nextCursor: null } };
    }
    const page = await deps.tenants.list({
      limit: query.limit,
      cursor: query.cursor,
      ...(query.organisation !== undefined && { organisation: query.organisation }),
      ...(query.q !== undefined && { q: query.q }),
    });
    const items = page.items.map((tenant) => tenantView(tenant, deps.publicUrl));
    return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
  },
);
