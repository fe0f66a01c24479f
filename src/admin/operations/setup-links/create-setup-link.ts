import * as z from "zod/mini";

import { makeSetupLink, NewSetupLinkInput } from "../../../tenancy/credentials/make-setup-link.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const createSetupLinkOperation = defineOperation(
  {
    id: "createSetupLink",
    method: "post",
    path: "/tenants/{slug}/setup-links",
    status: 201,
    refusals: [404],
    params: TenantParams,
    query: NO_INPUT,
    body: NewSetupLinkInput,
    answer: z.object({
      id: z.string(),
      url: z
        .string()
        .check(
          z.describe(
            "Shown in this answer only. Opening it changes nothing; its button uses it up.",
          ),
        ),
      expiresAt: z.string(),
    }),
  },
  async ({ params, body }, deps, caller) => {
    const link = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      makeSetupLink(body, { ...deps, credentials: deps.credentialsOf(tenant) }, askedBy(caller)),
    );
    if (!link) return noSuchTenant;
    const { id, code, expiresAt } = link;
    const url = `${deps.publicUrl}/console/setup/${code}`;
    return { kind: "done", answer: { id, url, expiresAt } };
  },
);
