import type { Context, Hono } from "hono";

import { listAlertsOperation } from "../../operations/alerts/list-alerts.ts";
import { getStatsOperation } from "../../operations/stats/get-stats.ts";
import { getTrafficOperation } from "../../operations/stats/get-traffic.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { ALERT_WORDS } from "../parts/alert-words.ts";
import { Notice } from "../parts/notice.tsx";
import { nextStep, StateBadge } from "../parts/state.tsx";
import { Time } from "../parts/time.tsx";
import { type Bar, TrafficChart } from "../parts/traffic-chart.tsx";

const DAYS = 30;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PATH = "/console/t/:slug/overview";

export function overviewRoutes(app: Hono<ConsoleEnv>): void {
  app.get("/console", (context) => {
    const { principal } = context.var.view;
    return context.redirect(
      principal.kind === "operator"
        ? "/console/tenants"
        : `/console/t/${principal.tenant.slug}/overview`,
      303,
    );
  });
  app.get("/console/t/:slug", (context) =>
    context.redirect(`/console/t/${context.req.param("slug")}/overview`, 303),
  );

  app.get(PATH, async (context) => {
    const slug = context.req.param("slug");
    const tenant = await ask(context, getTenantOperation, { params: { slug } });
    return page(
      context,
      { title: tenant.name, slug, section: "overview" },
      <div data-live={`/console/t/${slug}/overview/live`}>{await overview(context, slug)}</div>,
    );
  });

  app.get(`${PATH}/live`, async (context) =>
    context.html(await overview(context, context.req.param("slug"))),
  );
}

async function overview(context: Context<ConsoleEnv>, slug: string) {
  const params = { slug };
  const [stats, traffic, alerts] = await Promise.all([
    ask(context, getStatsOperation, { params }),
    ask(context, getTrafficOperation, { params, query: { days: String(DAYS) } }),
    ask(context, listAlertsOperation, { params, query: { open: "true" } }),
  ]);
  const now = context.env.admin.clock.now();
  return (
    <>
      <p>
        <StateBadge state={stats.state} /> {nextStep(stats.state)}
      </p>
      {alerts.items.map(({ kind, raisedAt, detail }) => (
        <Notice tone="bad">
          {ALERT_WORDS[kind].title} Since <Time at={raisedAt} />. {detail}{" "}
          <a href={`/console/t/${slug}/alerts`}>Open the alert</a>
        </Notice>
      ))}
      <div class="cards">
        <Figure title="People" figure={stats.users.total}>
          {stats.users.active} active, {stats.users.inactive} inactive; {stats.users.scim} from your
          identity provider, {stats.users.manual} enrolled by hand
        </Figure>
        <Figure title="Groups" figure={stats.groups} />
        <Figure title="Departments" figure={stats.departments.total}>
          {stats.departments.orphaned} orphaned
        </Figure>
        <Figure title="Last 24 hours" figure={stats.requests24h}>
          writes asked for, {stats.errors24h} of them refused
        </Figure>
      </div>
      <dl class="facts">
        <dt>Last request</dt>
        <dd>
          <Time at={stats.lastRequestAt} />
          {stats.idp !== null && `, by ${stats.idp}`}
        </dd>
        <dt>Last change</dt>
        <dd>
          <Time at={stats.lastWriteAt} />
        </dd>
        <dt>Alerts</dt>
        <dd>
          <a href={`/console/t/${slug}/alerts`}>
            {alerts.items.length === 0 ? "None is open" : `${alerts.items.length} open`}
          </a>
        </dd>
      </dl>
      <div class="charts">
        <TrafficChart title="Hour by hour" bars={barsOf(traffic.items, now, HOUR_MS, 24)} />
        <TrafficChart title="Day by day" bars={barsOf(traffic.items, now, DAY_MS, DAYS)} />
      </div>
    </>
  );
}

function Figure({
  title,
  figure,
  children,
}: {
  title: string;
  figure: number;
  children?: unknown;
}) {
  return (
    <div class="card">
      <h2>{title}</h2>
      <strong class="figure">{figure.toLocaleString("en")}</strong>
      <p>{children}</p>
    </div>
  );
}

/** The hours of the journal added up to as many spans of time, the last of which is now. */
function barsOf(
  hours: readonly { at: string; writes: number; refused: number }[],
  now: number,
  spanMs: number,
  spans: number,
): Bar[] {
  const first = Math.floor(now / spanMs) - spans + 1;
  const digits = spanMs === HOUR_MS ? 13 : 10;
  const bars = Array.from({ length: spans }, (_, at) => {
    const start = new Date((first + at) * spanMs).toISOString();
    return {
      label: start.slice(0, digits).replace("T", " ") + (digits === 13 ? ":00" : ""),
      writes: 0,
      refused: 0,
    };
  });
  for (const { at, writes, refused } of hours) {
    const bar = bars[Math.floor(Date.parse(at) / spanMs) - first];
    if (!bar) continue;
    bar.writes += writes;
    bar.refused += refused;
  }
  return bars;
}
