import * as z from "zod/mini";

import { RunView, runView } from "../../run-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { askedBy } from "../asked-by.ts";
import { noSuchTenant } from "../tenant-params.ts";

export const runReconciliationOperation = defineOperation(
  {
    id: "runReconciliation",
    method: "post",
    path: "/reconciliations",
    status: 201,
    refusals: [404, 409],
    params: NO_INPUT,
    query: NO_INPUT,
    body: z.strictObject({
      tenant: z.optional(z.string()).check(z.describe("The slug of one tenant.")),
    }),
    answer: RunView,
  },
  async ({ body }, { tenants, reconciliations }, caller) => {
    const { principal } = caller;
    if (principal.kind !== "operator") {
      if (body.tenant === undefined) {
        const detail = "Name your tenant: only the operator may reconcile all of them.";
        return { kind: "forbidden", detail };
      }
      if (body.tenant !== principal.tenant.slug) return noSuchTenant;
    }
    const tenant = body.tenant === undefined ? undefined : await tenants.liveBySlug(body.tenant);
    if (body.tenant !== undefined && !tenant) return noSuchTenant;
    const { kind, id } = await reconciliations.run(tenant, askedBy(caller));
    if (kind === "busy") {
      return {
        kind: "conflict",
        detail: "Another reconciliation is at work. It ends within minutes; then ask again.",
      };
    }
    const run = await reconciliations.byId(id);
    if (!run) throw new Error("A reconciliation that just ran is not there.");
    return { kind: "done", answer: runView(run) };
  },
);
