import * as z from "zod/mini";

import type { Token } from "../../../tenancy/credential.ts";
import type { CredentialStore } from "../../../tenancy/ports.ts";
import { safeToRevoke } from "../../../tenancy/credentials/safe-to-revoke.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { nextCursor, pageQuery } from "../../paging.ts";
import { TokenView, tokenView } from "../../token-view.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

const LIST = "tokens";
const RIVALS_PER_PAGE = 200;
const RIVAL_PAGES = 5;

export const listTokensOperation = defineOperation(
  {
    id: "listTokens",
    method: "get",
    path: "/tenants/{slug}/tokens",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: z.object(pageQuery(LIST)),
    body: NO_INPUT,
    answer: z.object({ items: z.array(TokenView), nextCursor: z.nullable(z.string()) }),
  },
  async ({ params, query }, deps) => {
    const lists = await withLiveTenant(params.slug, deps.tenants, async (tenant) => {
      const credentials = deps.credentialsOf(tenant);
      const page = await credentials.list(["token"], {
        limit: query.limit,
        cursor: query.cursor,
      });
      const isWhole = query.cursor === undefined && page.nextCursor === undefined;
      return { page, rivals: isWhole ? page.items : await rivalsIn(credentials) };
    });
    if (lists === undefined) return noSuchTenant;
    const { page, rivals } = lists;
    const now = deps.clock.now();
    const newestPepper = await deps.newestPepper();
    const items = page.items.map((token) =>
      tokenView(token, {
        safeToRevoke: safeToRevoke(token, rivals, now),
        underOldPepper: token.pepperId !== newestPepper,
      }),
    );
    return { kind: "done", answer: { items, nextCursor: nextCursor(LIST, page.nextCursor) } };
  },
);

/**
 * The tokens that may have taken another one's place: they can lie on other pages. Ends after a thousand;
 * not seeing one only makes `safeToRevoke` more careful.
 */
async function rivalsIn(credentials: CredentialStore): Promise<readonly Token[]> {
  const rivals: Token[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < RIVAL_PAGES; count++) {
    const page = await credentials.list(["token"], { limit: RIVALS_PER_PAGE, cursor });
    rivals.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return rivals;
}
