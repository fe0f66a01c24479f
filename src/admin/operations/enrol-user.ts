import { enrolUser, EnrolUserInput } from "../../directory/enrol-user.ts";
import { settingsOf } from "../../tenancy/presets.ts";
import { withLiveTenant } from "../../tenancy/with-live-tenant.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { UserView, userView } from "../user-view.ts";
import { noSuchTenant, TenantParams } from "./tenant-params.ts";

export const enrolUserOperation = defineOperation(
  {
    id: "enrolUser",
    method: "post",
    path: "/tenants/{slug}/users",
    summary: "Enrol a person by hand",
    principals: ["operator"],
    status: 201,
    refusals: [404, 409],
    params: TenantParams,
    query: NO_INPUT,
    body: EnrolUserInput,
    answer: UserView,
  },
  async ({ params, body }, deps, { principal, requestId }) => {
    const outcome = await withLiveTenant(params.slug, deps.tenants, async (tenant) => {
      const actor = { kind: "admin", id: principal.kind, hint: principal.hint } as const;
      const enrolled = await enrolUser(await deps.directoryOf(tenant, actor, requestId), body);
      const settings = settingsOf(tenant.preset, tenant.overrides);
      return enrolled.kind === "enrolled"
        ? { kind: "enrolled" as const, view: userView(enrolled.user, settings) }
        : enrolled;
    });
    if (outcome === undefined) return noSuchTenant;
    switch (outcome.kind) {
      case "enrolled":
        return { kind: "done", answer: outcome.view };
      case "duplicate":
        return {
          kind: "conflict",
          detail: `Somebody in this tenant already has this ${outcome.attribute}.`,
        };
    }
  },
);
