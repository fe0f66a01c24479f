import type { Context, Hono } from "hono";
import type * as z from "zod/mini";

import type { AlertView } from "../../alert-view.ts";
import { listAlertsOperation } from "../../operations/alerts/list-alerts.ts";
import { resolveAlertOperation } from "../../operations/alerts/resolve-alert.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv, View } from "../console-env.ts";
import { page } from "../page.tsx";
import { ALERT_WORDS } from "../parts/alert-words.ts";
import { Confirm } from "../parts/confirm.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Pager } from "../parts/pager.tsx";
import { Time } from "../parts/time.tsx";
import { runForm, sentenceOf, type Shown } from "../run-form.ts";

type Alert = z.infer<typeof AlertView>;

const PATH = "/console/t/:slug/alerts";
/** A tenant has one open alert of a kind, and one for each token that expires. */
const MAX_OPEN = "200";
const DONE = { resolved: "The alert is resolved." };

export function alertsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => alertsPage(context));

  app.post(PATH, (context) =>
    runForm(
      context,
      {
        async resolve(form) {
          const params = { slug: context.req.param("slug"), id: form.text("id") };
          await ask(context, resolveAlertOperation, { params });
          return "resolved";
        },
      },
      (shown) => alertsPage(context, shown),
    ),
  );
}

async function alertsPage(context: Context<ConsoleEnv, typeof PATH>, { refusal }: Shown = {}) {
  const slug = context.req.param("slug");
  const params = { slug };
  const query = { cursor: context.req.query("cursor") };
  const [open, resolved] = await Promise.all([
    ask(context, listAlertsOperation, { params, query: { open: "true", limit: MAX_OPEN } }),
    ask(context, listAlertsOperation, { params, query: { ...query, open: "false" } }),
  ]);
  const path = `/console/t/${slug}/alerts`;
  return page(
    context,
    { title: "Alerts", slug, section: "overview", done: sentenceOf(context, DONE), refusal },
    <>
      {open.items.length === 0 && <p class="empty">No alert is open.</p>}
      {open.items.map((alert) => (
        <OpenAlert view={context.var.view} slug={slug} alert={alert} />
      ))}
      <h2>Resolved</h2>
      <DataTable
        caption="Resolved alerts"
        columns={["Alert", "Raised", "Resolved"]}
        empty="There is none. Alerts are raised by the guard against mass deactivation, by the reconciliation, and where the identity provider falls silent, is refused a lot, or has a token that ends."
        rows={resolved.items.map(({ kind, raisedAt, resolvedAt, detail }) => [
          <>
            {ALERT_WORDS[kind].title}
            <p class="hint">{detail}</p>
          </>,
          <Time at={raisedAt} />,
          <Time at={resolvedAt} />,
        ])}
      />
      <Pager path={path} query={query} nextCursor={resolved.nextCursor} />
    </>,
  );
}

function OpenAlert({ view, slug, alert }: { view: View; slug: string; alert: Alert }) {
  const { title, next, place, operation, resolved } = ALERT_WORDS[alert.kind];
  return (
    <section class="notice" data-tone="bad">
      <h2>{title}</h2>
      <p>
        Since <Time at={alert.raisedAt} />. {alert.detail}
      </p>
      <p>
        <strong>What to do:</strong> {next}{" "}
        {view.may(operation) && <a href={`/console/t/${slug}/${place}`}>Look there</a>}
      </p>
      {view.may("resolveAlert") && (
        <Confirm
          view={view}
          action={`/console/t/${slug}/alerts`}
          does="resolve"
          fields={{ id: alert.id }}
          label="Resolve"
          tone="quiet"
        >
          <p>{resolved}</p>
        </Confirm>
      )}
    </section>
  );
}
