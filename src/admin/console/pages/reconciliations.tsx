import type { Context, Hono } from "hono";

import { listReconciliationsOperation } from "../../operations/reconciliations/list-reconciliations.ts";
import { runReconciliationOperation } from "../../operations/reconciliations/run-reconciliation.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Badge } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { PostButton } from "../parts/post-form.tsx";
import { RunSummary } from "../parts/run-summary.tsx";
import { Time } from "../parts/time.tsx";
import { runForm, type Shown } from "../run-form.ts";

const PATH = "/console/reconciliations";
const TRIGGERS = { cron: "by itself", admin: "by hand" } as const;

export function reconciliationsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => reconciliationsPage(context));

  app.post(PATH, (context) =>
    runForm(
      context,
      {
        async run() {
          const run = await ask(context, runReconciliationOperation, {});
          return { once: <RunSummary run={run} /> };
        },
      },
      (shown) => reconciliationsPage(context, shown),
    ),
  );
}

async function reconciliationsPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const { view } = context.var;
  const query = { cursor: context.req.query("cursor") };
  const runs = await ask(context, listReconciliationsOperation, { query });
  return page(
    context,
    { title: "Reconciliations", section: "reconciliations", refusal: shown.refusal },
    <>
      {shown.once}
      <p>
        Departments of all tenants, regularly by itself: links that lead nowhere are repaired,
        departments that nothing refers to are marked as orphaned, and retired{" "}
        {context.env.admin.departmentGraceHours} hours later at the earliest. Where more than 5 % of
        a tenant's departments, and more than 10, would go at once, none does and the tenant has an
        alert.
      </p>
      <PostButton view={view} action={PATH} does="run">
        Reconcile all tenants now
      </PostButton>
      <DataTable
        caption="Runs"
        columns={[
          "Begun",
          "Ended",
          "Tenants",
          "Newly orphaned",
          "In use again",
          "Retired",
          "Repaired",
          "Stopped for",
        ]}
        empty="There was no run yet."
        rows={runs.items.map((run) => [
          <>
            <Time at={run.startedAt} /> {TRIGGERS[run.trigger]}
          </>,
          run.finishedAt === null ? (
            <Badge tone="warn">Not through yet</Badge>
          ) : (
            <Time at={run.finishedAt} />
          ),
          run.tenants,
          run.marked,
          run.unmarked,
          run.retired,
          run.repaired,
          run.brakes.length === 0
            ? "none"
            : run.brakes.map((slug) => (
                <>
                  <a href={`/console/t/${slug}/alerts`}>{slug}</a>{" "}
                </>
              )),
        ])}
      />
      <Pager path={PATH} query={query} nextCursor={runs.nextCursor} />
    </>,
  );
}
