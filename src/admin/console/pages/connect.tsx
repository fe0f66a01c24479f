import type { Context, Hono } from "hono";
import { raw } from "hono/html";

import { listChangesOperation } from "../../operations/changes/list-changes.ts";
import { getStatsOperation } from "../../operations/stats/get-stats.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { ConsoleRefusal } from "../console-refusal.ts";
import { GUIDES } from "../connect/guides.ts";
import { fillGuide } from "../connect/fill-guide.ts";
import { observationOf } from "../connect/observation.ts";
import { page } from "../page.tsx";
import { nextStep, StateBadge } from "../parts/state.tsx";
import { Time } from "../parts/time.tsx";

const PATH = "/console/t/:slug/connect";

/** Three steps: choose the identity provider, follow its guide, and watch what arrives. */
export function connectRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, async (context) => {
    const slug = context.req.param("slug");
    const tenant = await ask(context, getTenantOperation, { params: { slug } });
    return page(
      context,
      { title: "Connect", slug, section: "connect" },
      <>
        <p class="lead">Which identity provider sends the people of {tenant.name}?</p>
        <div class="cards">
          {GUIDES.map(({ id, title, urlFields, tokenFields }) => (
            <a class="card" href={`/console/t/${slug}/connect/${id}`}>
              <h2>{title}</h2>
              <p>
                {urlFields.join(" or ")}, {tokenFields.join(" or ")}
              </p>
            </a>
          ))}
        </div>
        <h2>Is anything arriving?</h2>
        <Watch slug={slug}>{await watched(context, slug)}</Watch>
      </>,
    );
  });

  app.get(`${PATH}/live`, async (context) =>
    context.html(await watched(context, context.req.param("slug"))),
  );

  app.get(`${PATH}/:guide`, async (context) => {
    const { slug, guide: id } = context.req.param();
    const guide = GUIDES.find((candidate) => candidate.id === id);
    if (!guide) {
      throw new ConsoleRefusal({ kind: "not-found", detail: "There is no guide of this name." });
    }
    const tenant = await ask(context, getTenantOperation, { params: { slug } });
    const { publicUrl } = context.env.admin;
    const file = await context.env.assets.fetch(`${publicUrl}/console/guides/${guide.id}.html`);
    const text = fillGuide(await file.text(), {
      scimUrl: tenant.scimUrl,
      tenantScimUrl: tenant.tenantScimUrl,
      tokenUrl: `${publicUrl}/api/v1/oauth/token`,
      tenantName: tenant.name,
      slug,
    });
    return page(
      context,
      { title: `Connect ${guide.title}`, slug, section: "connect" },
      <>
        <nav class="crumbs">
          <a href={`/console/t/${slug}/connect`}>Another identity provider</a>
        </nav>
        <dl class="facts">
          <dt>{guide.urlFields.join(" or ")}</dt>
          <dd>
            <code data-copy="">
              {guide.usesTenantScimUrl ? tenant.tenantScimUrl : tenant.scimUrl}
            </code>
          </dd>
          <dt>{guide.tokenFields.join(" or ")}</dt>
          <dd>
            <a href={`/console/t/${slug}/tokens`}>Create a token</a>
            {guide.oauth !== undefined && (
              <>
                {" "}
                or <a href={`/console/t/${slug}/clients`}>an OAuth client</a>
              </>
            )}
          </dd>
        </dl>
        <h2>Test</h2>
        <Watch slug={slug}>{await watched(context, slug)}</Watch>
        {raw(text)}
      </>,
    );
  });
}

const Watch = ({ slug, children }: { slug: string; children: unknown }) => (
  <div class="card" data-live={`/console/t/${slug}/connect/live`}>
    {children}
  </div>
);

/** What has arrived of late, in words. */
async function watched(context: Context<ConsoleEnv>, slug: string) {
  const params = { slug };
  const [stats, changes] = await Promise.all([
    ask(context, getStatsOperation, { params }),
    ask(context, listChangesOperation, { params, query: { limit: "50" } }),
  ]);
  // A first cycle says the same hundreds of times.
  const seen = new Map<string, { at: string; times: number }>();
  for (const change of changes.items) {
    const text = observationOf(change, stats.idp);
    if (text === undefined) continue;
    const { at = change.at, times = 0 } = seen.get(text) ?? {};
    seen.set(text, { at, times: times + 1 });
  }
  return (
    <>
      <p>
        <StateBadge state={stats.state} /> {nextStep(stats.state)}
      </p>
      {seen.size > 0 && (
        <ul class="plain">
          {[...seen].map(([text, { at, times }]) => (
            <li>
              <Time at={at} />: {text}
              {times > 1 && ` (${times} times)`}
            </li>
          ))}
        </ul>
      )}
      <p class="hint">
        Last request: <Time at={stats.lastRequestAt} />
        {stats.idp !== null && ` by ${stats.idp}`}. All of them are in{" "}
        <a href={`/console/t/${slug}/log`}>the log</a>.
      </p>
    </>
  );
}
