import * as z from "zod/mini";

import { issueAdminKey, NewAdminKeyInput } from "../../../tenancy/credentials/issue-admin-key.ts";
import { withLiveTenant } from "../../../tenancy/with-live-tenant.ts";
import { KeyView, keyView } from "../../key-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant, TenantParams } from "../tenant-params.ts";

export const createAdminKeyOperation = defineOperation(
  {
    id: "createAdminKey",
    method: "post",
    path: "/tenants/{slug}/admin-keys",
    status: 201,
    refusals: [404],
    params: TenantParams,
    query: NO_INPUT,
    body: NewAdminKeyInput,
    answer: z.extend(KeyView, { key: z.string() }),
  },
  async ({ params, body }, deps, caller) => {
    const issued = await withLiveTenant(params.slug, deps.tenants, (tenant) =>
      issueAdminKey(body, { ...deps, credentials: deps.credentialsOf(tenant) }, askedBy(caller)),
    );
    if (!issued) return noSuchTenant;
    return { kind: "done", answer: { ...keyView(issued.details), key: issued.key } };
  },
);
