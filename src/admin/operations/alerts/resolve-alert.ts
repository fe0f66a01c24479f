import * as z from "zod/mini";

import { resolveAlert } from "../../../directory/alerts/resolve-alert.ts";
import { AlertView, alertView } from "../../alert-view.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

export const resolveAlertOperation = defineOperation(
  {
    id: "resolveAlert",
    method: "post",
    path: "/tenants/{slug}/alerts/{id}/resolve",
    status: 200,
    refusals: [404, 409],
    params: z.extend(TenantParams, { id: z.string() }),
    query: NO_INPUT,
    body: NO_INPUT,
    answer: AlertView,
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async (directory) => {
      const alert = await resolveAlert(directory, params.id);
      return alert
        ? { kind: "done", answer: alertView(alert) }
        : { kind: "not-found", detail: "This tenant has no alert of this id." };
    }),
);
