import type { Hono } from "hono";

import { getDeploymentOperation } from "../../operations/tenants/get-deployment.ts";
import { listOrganisationsOperation } from "../../operations/tenants/list-organisations.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Badge, Notice } from "../parts/notice.tsx";
import { Pager, withQuery } from "../parts/pager.tsx";

const PATH = "/console/deployment";

export function deploymentRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, async (context) => {
    const query = { cursor: context.req.query("cursor") };
    const [deployment, organisations] = await Promise.all([
      ask(context, getDeploymentOperation, {}),
      ask(context, listOrganisationsOperation, { query }),
    ]);
    const { databases, schemaVersions, credentials, sendsMail } = deployment;
    // Migrations are numbered: the last name is the newest.
    const newest = Object.values(schemaVersions).reduce(
      (last, version) => (version !== null && version > (last ?? "") ? version : last),
      null,
    );
    return page(
      context,
      { title: "Deployment", section: "deployment" },
      <>
        <dl class="facts">
          <dt>Address</dt>
          <dd>
            <code>{context.env.admin.publicUrl}</code>
          </dd>
          <dt>Mail</dt>
          <dd>
            {sendsMail
              ? "Invitations and alerts are sent by mail."
              : "None is sent: bind EMAIL and set MAIL_FROM in wrangler.toml to change that. Invitations stay queued, alerts are shown in the console."}
          </dd>
          <dt>Health</dt>
          <dd>
            <a href="/healthz">/healthz</a>
          </dd>
        </dl>
        <h2>Databases</h2>
        <DataTable
          caption="Databases"
          columns={["Binding", "Newest migration", "State"]}
          empty="There is none."
          rows={databases.map((name) => {
            const version = schemaVersions[name] ?? null;
            return [
              name,
              version ?? "none",
              version !== null && version === newest ? (
                <Badge tone="ok">Ready</Badge>
              ) : (
                <>
                  <Badge tone="bad">Behind</Badge> Type{" "}
                  <code>npx wrangler d1 migrations apply {name} --remote</code>
                </>
              ),
            ];
          })}
        />
        <h2>Credentials</h2>
        <p>
          {credentials.underNewestPepper.toLocaleString("en")} tokens, keys and secrets of clients
          are stored under the newest <code>TOKEN_PEPPER</code>.
        </p>
        {credentials.underOldPeppers === 0 ? (
          <p>None needs an older one: if the secret still holds one, take it away.</p>
        ) : (
          <Notice tone="warn">
            {credentials.underOldPeppers.toLocaleString("en")} need an older one. Each moves to the
            newest when it is used; those that are never used end when you take the old pepper away.
            Keep it until this is 0, or until the tenants have rotated what their pages mark as
            under the old pepper.
          </Notice>
        )}
        <h2>Organisations</h2>
        <DataTable
          caption="Organisations"
          columns={["Organisation", "Tenants", "People", "Active people"]}
          empty="No tenant belongs to an organisation. It is chosen when a tenant is made, or in its settings."
          rows={organisations.items.map(({ organisation, tenants, users, active }) => [
            <a href={withQuery("/console/tenants", { organisation })}>{organisation}</a>,
            tenants.toLocaleString("en"),
            users.toLocaleString("en"),
            active.toLocaleString("en"),
          ])}
        />
        <Pager path={PATH} query={query} nextCursor={organisations.nextCursor} />
      </>,
    );
  });
}
