import type { Context, Hono } from "hono";

import { updateTenantOperation } from "../../operations/tenants/update-tenant.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { PRESETS } from "../../../tenancy/presets.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { TextField } from "../parts/field.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";
import { changeOf } from "../settings/change-of.ts";
import { readFields } from "../settings/read-fields.ts";
import { SettingField } from "../settings/setting-field.tsx";
import { DangerZone } from "../settings/danger-zone.tsx";
import { dangerActions } from "../settings/danger-actions.ts";

const PATH = "/console/t/:slug/settings";
const DONE = {
  saved: "Saved. In force from the next request on.",
  status: "Changed. In force from the next request on.",
  moving: "The move has begun. The tenant is paused until it has arrived.",
};

export function settingsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => settingsPage(context));

  app.post(PATH, (context) => {
    const params = { slug: context.req.param("slug") };
    return runForm(
      context,
      {
        async save(form) {
          const tenant = await ask(context, getTenantOperation, { params });
          const body = changeOf(form, tenant, await readFields(context.env));
          await ask(context, updateTenantOperation, { params, body });
          return "saved";
        },
        ...dangerActions(context, params),
      },
      (shown) => settingsPage(context, shown),
    );
  });
}

async function settingsPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const [tenant, fields] = await Promise.all([
    ask(context, getTenantOperation, { params: { slug } }),
    readFields(context.env),
  ]);
  const path = `/console/t/${slug}/settings`;
  const isOperator = view.principal.kind === "operator";
  return page(
    context,
    {
      title: "Settings",
      slug,
      section: "settings",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      <p class="lead">
        This tenant follows the preset <strong>{tenant.preset}</strong>; what differs from it is
        marked.
      </p>
      <PostForm view={view} action={path} does="save" class="stacked settings">
        <TextField
          label="Name"
          name="name"
          required
          value={shown.form?.text("name") ?? tenant.name}
        />
        {isOperator && (
          <TextField
            label="Organisation"
            name="organisation"
            value={shown.form?.text("organisation") ?? tenant.organisation ?? ""}
            hint="Brings the tenants of one customer together, for example one for each location."
          />
        )}
        {fields
          .filter(({ isForOperator }) => isOperator || isForOperator !== true)
          .map((field) => (
            <>
              {field.heading !== undefined && <h2>{field.heading}</h2>}
              <SettingField
                field={field}
                value={tenant.settings[field.name]}
                preset={PRESETS[tenant.preset][field.name]}
                typed={shown.form?.text(field.name)}
                mayBeOff={isOperator}
              />
            </>
          ))}
        <div class="actions">
          <button>Save</button>
        </div>
      </PostForm>
      <DangerZone view={view} path={path} tenant={tenant} databases={context.env.admin.databases} />
    </>,
  );
}
