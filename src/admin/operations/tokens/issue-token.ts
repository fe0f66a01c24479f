import * as z from "zod/mini";

import { issueToken, NewTokenInput } from "../../../tenancy/credentials/issue-token.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TokenView, tokenView } from "../../token-view.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";
import { ssoInactive } from "./sso-inactive.ts";

export const issueTokenOperation = defineOperation(
  {
    id: "issueToken",
    method: "post",
    path: "/tenants/{slug}/tokens",
    status: 201,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: NewTokenInput,
    answer: z.extend(TokenView, { token: z.string() }),
  },
  async ({ params, body }, deps, caller) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      issueToken(
        tenant,
        body,
        { ...deps, credentials: deps.credentialsOf(tenant) },
        askedBy(caller),
      ),
    );
    if (outcome === undefined) return noSuchTenant;
    switch (outcome.kind) {
      case "issued":
        return {
          kind: "done",
          answer: { ...tokenView(outcome.details, { safeToRevoke: false }), token: outcome.token },
        };
      case "sso-inactive":
        return ssoInactive;
      case "already-expired":
        return {
          kind: "invalid",
          errors: [{ path: "expiresAt", message: "Use a time in the future." }],
        };
    }
  },
);
