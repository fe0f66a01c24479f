import * as z from "zod/mini";

import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { ClientView, clientView } from "../../client-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

const LIST = "clients";

export const listClientsOperation = defineOperation(
  {
    id: "listClients",
    method: "get",
    path: "/tenants/{slug}/clients",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(ClientView), nextCursor: z.nullable(z.string()) }),
  },
  async ({ params, query }, deps) => {
    const page = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      deps.clientsOf(tenant).list({ limit: query.limit, cursor: query.cursor }),
    );
    if (!page) return noSuchTenant;
    const around = { publicUrl: deps.publicUrl, newestPepper: await deps.newestPepper() };
    const items = page.items.map((client) => clientView(client, around));
    return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
  },
);
