import * as z from "zod/mini";

import type { StoredCredential } from "../../../tenancy/credential.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

const LIST = "setup-links";

const LinkView = z.object({
  id: z.string(),
  last4: z.string().check(z.describe("Of the code at the end of its URL.")),
  createdAt: z.string(),
  expiresAt: z.nullable(z.string()),
  usedAt: z.nullable(z.string()),
  revokedAt: z.nullable(z.string()),
});

const linkView = (link: StoredCredential): z.infer<typeof LinkView> => ({
  id: link.id,
  last4: link.last4,
  createdAt: link.createdAt,
  expiresAt: link.expiresAt,
  usedAt: link.lastUsedAt,
  revokedAt: link.revokedAt,
});

export const listSetupLinksOperation = defineOperation(
  {
    id: "listSetupLinks",
    method: "get",
    path: "/tenants/{slug}/setup-links",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(LinkView), nextCursor: z.nullable(z.string()) }),
  },
  async ({ params, query }, deps) => {
    const page = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      deps.credentialsOf(tenant).list(["setup-link"], { limit: query.limit, cursor: query.cursor }),
    );
    if (!page) return noSuchTenant;
    const items = page.items.map(linkView);
    return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
  },
);
