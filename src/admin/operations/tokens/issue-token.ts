import * as z from "zod";

import { issueToken, NewTokenInput } from "../../../tenancy/issue-token.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TokenView, tokenView } from "../../token-view.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const issueTokenOperation = defineOperation(
  {
    id: "issueToken",
    method: "post",
    path: "/tenants/{slug}/tokens",
    summary: "Issue a SCIM token; it is shown in this answer only",
    principals: ["operator"],
    status: 201,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: NewTokenInput,
    answer: TokenView.extend({ token: z.string() }),
  },
  async ({ params, body }, deps) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      issueToken(tenant, body, { ...deps, credentials: deps.credentialsOf(tenant) }),
    );
    if (outcome === undefined) return noSuchTenant;
    switch (outcome.kind) {
      case "issued":
        return {
          kind: "done",
          answer: { ...tokenView(outcome.details, false), token: outcome.token },
        };
      case "sso-inactive":
        return {
          kind: "conflict",
          detail:
            "This tenant requires single sign-on, and it is not active yet. Set up single sign-on, set ssoActive to true, then issue the token.",
        };
      case "already-expired":
        return {
          kind: "invalid",
          errors: [{ path: "expiresAt", message: "Use a time in the future." }],
        };
    }
  },
);
