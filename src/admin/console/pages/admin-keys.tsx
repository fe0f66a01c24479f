import type { Context, Hono } from "hono";

import { createAdminKeyOperation } from "../../operations/keys/create-admin-key.ts";
import { deleteAdminKeyOperation } from "../../operations/tokens/revoke-operations.ts";
import { listAdminKeysOperation } from "../../operations/keys/list-admin-keys.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { Badge } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { Secret } from "../parts/secret.tsx";
import { Time } from "../parts/time.tsx";
import { TokenTabs } from "../parts/token-tabs.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/admin-keys";
const ROLES = [
  ["admin", "Administrator: signs in here and looks after this tenant"],
  ["reader", "Reader: the back end of a product, which reads the directory"],
] as const;
const DONE = { revoked: "The key is revoked, and whoever signed in with it is signed out." };

export function adminKeysRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => keysPage(context));

  app.post(PATH, (context) => {
    const params = { slug: context.req.param("slug") };
    return runForm(
      context,
      {
        async create(form) {
          const body = { name: form.text("name"), role: form.text("role") };
          const { key } = await ask(context, createAdminKeyOperation, { params, body });
          return { once: <Secret title="The new key" values={{ Key: key }} /> };
        },
        async revoke(form) {
          await ask(context, deleteAdminKeyOperation, {
            params: { ...params, id: form.text("id") },
          });
          return "revoked";
        },
      },
      (shown) => keysPage(context, shown),
    );
  });
}

async function keysPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const query = { cursor: context.req.query("cursor") };
  const keys = await ask(context, listAdminKeysOperation, { params: { slug }, query });
  const path = `/console/t/${slug}/admin-keys`;
  return page(
    context,
    {
      title: "Keys of the admin API",
      slug,
      section: "tokens",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      <TokenTabs view={view} slug={slug} tab="admin-keys" />
      {shown.once}
      <DataTable
        caption="Keys of the admin API"
        columns={["Name", "Role", "Ends with", "Made", "Last used", "Change"]}
        empty="There is no key yet. Each is good for this tenant only."
        rows={keys.items.map((key) => [
          key.name,
          key.role === "admin" ? "Administrator" : "Reader",
          <code>…{key.last4}</code>,
          <Time at={key.createdAt} />,
          <Time at={key.lastUsedAt} />,
          key.revokedAt === null ? (
            <Confirm view={view} action={path} does="revoke" fields={{ id: key.id }} label="Revoke">
              <p class="hint">Whoever signed in with it is signed out.</p>
            </Confirm>
          ) : (
            <Badge tone="quiet">Revoked</Badge>
          ),
        ])}
      />
      <Pager path={path} query={query} nextCursor={keys.nextCursor} />
      <h2>Create a key</h2>
      <PostForm view={view} action={path} does="create">
        <TextField
          label="Name"
          name="name"
          required
          value={shown.form?.text("name") ?? ""}
          hint="Whose it is."
        />
        <SelectField label="Role" name="role" options={ROLES} value={shown.form?.text("role")} />
        <div class="actions">
          <button>Create</button>
        </div>
      </PostForm>
    </>,
  );
}
