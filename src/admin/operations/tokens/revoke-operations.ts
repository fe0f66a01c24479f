import * as z from "zod/mini";

import type { CredentialKind } from "../../../tenancy/credential.ts";
import { ADMIN_ROLES } from "../../../tenancy/credentials/issue-admin-key.ts";
import { revokeCredential } from "../../../tenancy/credentials/revoke-credential.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_ANSWER, NO_INPUT, type Refusal } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

const noneOfThisId = (what: string): Refusal => ({
  kind: "not-found",
  detail: `This tenant has no ${what} of this id.`,
});

export const noSuchToken = noneOfThisId("token");

/** Ends a credential from the next request on, with all that it has begun. */
const operationOf = (
  id: "revokeToken" | "deleteAdminKey" | "deleteSetupLink",
  list: "tokens" | "admin-keys" | "setup-links",
  kinds: readonly CredentialKind[],
  unknown: Refusal,
) =>
  defineOperation(
    {
      id,
      method: "delete",
      path: `/tenants/{slug}/${list}/{id}`,
      status: 204,
      refusals: [404],
      params: z.extend(TenantParams, { id: z.string() }),
      query: NO_INPUT,
      body: NO_INPUT,
      answer: NO_ANSWER,
    },
    async ({ params }, deps, caller) => {
      const outcome = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
        revokeCredential(
          params.id,
          kinds,
          { credentials: deps.credentialsOf(tenant), clock: deps.clock },
          askedBy(caller),
        ),
      );
      switch (outcome) {
        case undefined:
          return noSuchTenant;
        case "unknown":
          return unknown;
        case "revoked":
          return { kind: "done", answer: undefined };
      }
    },
  );

export const revokeTokenOperation = operationOf("revokeToken", "tokens", ["token"], noSuchToken);

export const deleteAdminKeyOperation = operationOf(
  "deleteAdminKey",
  "admin-keys",
  ADMIN_ROLES,
  noneOfThisId("key"),
);

export const deleteSetupLinkOperation = operationOf(
  "deleteSetupLink",
  "setup-links",
  ["setup-link"],
  noneOfThisId("set-up link"),
);
