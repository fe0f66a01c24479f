import type { Context, Hono } from "hono";

import { addClientSecretOperation } from "../../operations/clients/add-client-secret.ts";
import { createClientOperation } from "../../operations/clients/create-client.ts";
import { deleteClientOperation } from "../../operations/clients/delete-client.ts";
import { deleteClientSecretOperation } from "../../operations/clients/delete-client-secret.ts";
import { listClientsOperation } from "../../operations/clients/list-clients.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { TextField } from "../parts/field.tsx";
import { Badge } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { PostButton, PostForm } from "../parts/post-form.tsx";
import { ScopesField } from "../parts/scopes-field.tsx";
import { Secret } from "../parts/secret.tsx";
import { Time } from "../parts/time.tsx";
import { TokenTabs } from "../parts/token-tabs.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/clients";
const DONE = {
  deleted: "The client is deleted, and its access tokens have ended.",
  revoked: "The secret is revoked, and the access tokens it was used for have ended.",
};

export function clientsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => clientsPage(context));

  app.post(PATH, (context) => {
    const params = { slug: context.req.param("slug") };
    const tokenUrl = `${context.env.admin.publicUrl}/api/v1/oauth/token`;
    const once = (clientId: string, clientSecret: string) => ({
      once: (
        <Secret
          title="The client's secret"
          values={{
            "Token endpoint": tokenUrl,
            "Client ID": clientId,
            "Client secret": clientSecret,
          }}
        />
      ),
    });
    return runForm(
      context,
      {
        async create(form) {
          const body = { name: form.text("name"), scopes: form.all("scopes") };
          const made = await ask(context, createClientOperation, { params, body });
          return once(made.clientId, made.clientSecret);
        },
        async secret(form) {
          const clientId = form.text("clientId");
          const made = await ask(context, addClientSecretOperation, {
            params: { ...params, clientId },
          });
          return once(clientId, made.clientSecret);
        },
        async revoke(form) {
          const [clientId, id] = [form.text("clientId"), form.text("id")];
          await ask(context, deleteClientSecretOperation, { params: { ...params, clientId, id } });
          return "revoked";
        },
        async delete(form) {
          const clientId = form.text("clientId");
          await ask(context, deleteClientOperation, { params: { ...params, clientId } });
          return "deleted";
        },
      },
      (shown) => clientsPage(context, shown),
    );
  });
}

async function clientsPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  const query = { cursor: context.req.query("cursor") };
  const clients = await ask(context, listClientsOperation, { params: { slug }, query });
  const path = `/console/t/${slug}/clients`;
  return page(
    context,
    {
      title: "OAuth clients",
      slug,
      section: "tokens",
      done: sentenceOf(context, DONE),
      refusal: shown.refusal,
    },
    <>
      <TokenTabs view={view} slug={slug} tab="clients" />
      {shown.once}
      <p class="lead">
        An identity provider that asks for client credentials instead of a token gets access tokens
        with them, each for an hour.
      </p>
      {clients.items.map((client) => (
        <section class="card">
          <h2>{client.name}</h2>
          <dl class="facts">
            <dt>Client ID</dt>
            <dd>
              <code data-copy="">{client.clientId}</code>
            </dd>
            <dt>May</dt>
            <dd>{client.scopes.join(", ")}</dd>
          </dl>
          <DataTable
            caption={`Secrets of ${client.name}`}
            columns={["Ends with", "Made", "Last used", "Change"]}
            empty="It has no secret, and so gets no access token."
            rows={client.secrets.map((secret) => [
              <code>…{secret.last4}</code>,
              <Time at={secret.createdAt} />,
              <>
                <Time at={secret.lastUsedAt} />
                {secret.lastUsedBy !== null && ` by ${secret.lastUsedBy}`}
                {secret.underOldPepper && <Badge tone="warn">Under the old pepper</Badge>}
              </>,
              <Confirm
                view={view}
                action={path}
                does="revoke"
                fields={{ clientId: client.clientId, id: secret.id }}
                label="Revoke"
              >
                <p class="hint">The access tokens that it was used for end at once.</p>
              </Confirm>,
            ])}
          />
          <PostButton
            view={view}
            action={path}
            does="secret"
            fields={{ clientId: client.clientId }}
          >
            One more secret
          </PostButton>
          <Confirm
            view={view}
            action={path}
            does="delete"
            fields={{ clientId: client.clientId }}
            label="Delete"
          >
            <p class="hint">All of its secrets and access tokens end at once.</p>
          </Confirm>
        </section>
      ))}
      <Pager path={path} query={query} nextCursor={clients.nextCursor} />
      <h2>Create a client</h2>
      <PostForm view={view} action={path} does="create">
        <TextField label="Name" name="name" required value={shown.form?.text("name") ?? ""} />
        <ScopesField {...(shown.form && { chosen: shown.form.all("scopes") })} />
        <div class="actions">
          <button>Create</button>
        </div>
      </PostForm>
    </>,
  );
}
