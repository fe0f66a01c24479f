import type { Context, Hono } from "hono";

import { PRESET_NAMES } from "../../../tenancy/presets.ts";
import { createTenantOperation } from "../../operations/tenants/create-tenant.ts";
import { listTenantsOperation } from "../../operations/tenants/list-tenants.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { Badge } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { Time } from "../parts/time.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

const PATH = "/console/tenants";
const PRESET_TEXTS = {
  generic: "generic: the strict SCIM server",
  training: "training: groups and the department attribute become departments",
  visitors: "visitors: people only, one tenant for each location",
  phishing: "phishing: people, groups and invitations",
} as const;
const STATUSES = {
  active: "ok",
  paused: "warn",
  suspended: "bad",
} as const;

export function tenantsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => tenantsPage(context));

  app.post(PATH, (context) =>
    runForm(
      context,
      {
        async create(form) {
          const organisation = form.text("organisation");
          const { slug } = await ask(context, createTenantOperation, {
            body: {
              slug: form.text("slug"),
              name: form.text("name"),
              preset: form.text("preset"),
              ...(organisation !== "" && { organisation }),
            },
          });
          return context.redirect(`/console/t/${slug}/connect`, 303);
        },
      },
      (shown) => tenantsPage(context, shown),
    ),
  );
}

async function tenantsPage(context: Context<ConsoleEnv>, shown: Shown = {}) {
  const { view } = context.var;
  const { q, organisation, cursor } = context.req.query();
  const query = { q, organisation, cursor };
  const tenants = await ask(context, listTenantsOperation, { query });
  const typed = (name: string) => shown.form?.text(name);
  return page(
    context,
    {
      title: "Tenants",
      section: "tenants",
      done: sentenceOf(context, {
        deleted: "The tenant is deleted; its rows are purged within the hour.",
      }),
      refusal: shown.refusal,
    },
    <>
      <form class="inline" role="search">
        <TextField label="Slug or name begins with" name="q" type="search" value={q ?? ""} />
        <TextField
          label="Organisation"
          name="organisation"
          id="of-organisation"
          type="search"
          value={organisation ?? ""}
        />
        <button>Search</button>
      </form>
      <DataTable
        caption="Tenants"
        columns={["Name", "Slug", "Organisation", "Preset", "Status", "Made"]}
        empty={
          q || organisation
            ? "No tenant fits."
            : "There is no tenant yet. Create the first one below."
        }
        rows={tenants.items.map((tenant) => [
          <a href={`/console/t/${tenant.slug}/overview`}>{tenant.name}</a>,
          tenant.slug,
          tenant.organisation ?? "",
          tenant.preset,
          <Badge tone={STATUSES[tenant.status]}>{tenant.status}</Badge>,
          <Time at={tenant.createdAt} />,
        ])}
      />
      <Pager path={PATH} query={query} nextCursor={tenants.nextCursor} />
      {view.may("createTenant") && (
        <>
          <h2>Create a tenant</h2>
          <PostForm view={view} action={PATH} does="create">
            <TextField label="Name" name="name" required value={typed("name") ?? ""} />
            <TextField
              label="Slug"
              name="slug"
              required
              value={typed("slug") ?? ""}
              hint="Stands in its URL: 1 to 63 of the characters a-z, 0-9 and hyphen. It cannot be changed."
            />
            <TextField
              label="Organisation"
              name="organisation"
              value={typed("organisation") ?? ""}
              hint="Optional: brings the tenants of one customer together."
            />
            <SelectField
              label="Preset"
              name="preset"
              value={typed("preset")}
              options={PRESET_NAMES.map((name) => [name, PRESET_TEXTS[name]] as const)}
              hint="Which product it is for. Single settings can be changed afterwards, the preset cannot."
            />
            <div class="actions">
              <button>Create</button>
            </div>
          </PostForm>
        </>
      )}
    </>,
  );
}
