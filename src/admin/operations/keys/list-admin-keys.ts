import * as z from "zod/mini";

import { ADMIN_ROLES } from "../../../tenancy/credentials/issue-admin-key.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { KeyView, keyView } from "../../key-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

const LIST = "admin-keys";

export const listAdminKeysOperation = defineOperation(
  {
    id: "listAdminKeys",
    method: "get",
    path: "/tenants/{slug}/admin-keys",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(KeyView), nextCursor: z.nullable(z.string()) }),
  },
  async ({ params, query }, deps) => {
    const page = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      deps.credentialsOf(tenant).list(ADMIN_ROLES, { limit: query.limit, cursor: query.cursor }),
    );
    if (!page) return noSuchTenant;
    const items = page.items.map(keyView);
    return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
  },
);
