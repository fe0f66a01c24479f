import type { Context } from "hono";

import { deleteTenantOperation } from "../../operations/tenants/delete-tenant.ts";
import { moveTenantOperation } from "../../operations/tenants/move-tenant.ts";
import { updateTenantOperation } from "../../operations/tenants/update-tenant.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import type { Actions } from "../run-form.ts";

/** The forms of the danger zone. */
export const dangerActions = (
  context: Context<ConsoleEnv>,
  params: { readonly slug: string },
): Actions => ({
  async status(form) {
    await ask(context, updateTenantOperation, { params, body: { status: form.text("status") } });
    return "status";
  },
  async move(form) {
    await ask(context, moveTenantOperation, { params, body: { database: form.text("database") } });
    return "moving";
  },
  async delete(form) {
    await ask(context, deleteTenantOperation, { params, query: { confirm: form.text("confirm") } });
    return context.redirect("/console/tenants?done=deleted", 303);
  },
});
