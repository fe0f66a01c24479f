import * as z from "zod/mini";

import { RotateTokenInput, rotateToken } from "../../../tenancy/credentials/rotate-token.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { TokenView, tokenView } from "../../token-view.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";
import { noSuchToken } from "./revoke-operations.ts";
import { ssoInactive } from "./sso-inactive.ts";

export const rotateTokenOperation = defineOperation(
  {
    id: "rotateToken",
    method: "post",
    path: "/tenants/{slug}/tokens/{id}/rotate",
    status: 201,
    refusals: [404, 409],
    params: z.extend(TenantParams, { id: z.string() }),
    query: NO_INPUT,
    body: RotateTokenInput,
    answer: z.extend(TokenView, { token: z.string() }),
  },
  async ({ params, body }, deps, caller) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      rotateToken(
        tenant,
        params.id,
        body,
        { ...deps, credentials: deps.credentialsOf(tenant) },
        askedBy(caller),
      ),
    );
    if (outcome === undefined) return noSuchTenant;
    switch (outcome.kind) {
      case "rotated":
        return {
          kind: "done",
          answer: { ...tokenView(outcome.details, { safeToRevoke: false }), token: outcome.token },
        };
      case "unknown":
        return noSuchToken;
      case "ended":
        return {
          kind: "conflict",
          detail: "This token was revoked or has expired. Issue a new one instead.",
        };
      case "sso-inactive":
        return ssoInactive;
    }
  },
);
