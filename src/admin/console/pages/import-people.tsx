import type { Context, Hono } from "hono";

import type { OperationOf } from "../../operation.ts";
import { importUsersOperation } from "../../operations/users/import-users.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import type { Form } from "../form.ts";
import { page } from "../page.tsx";
import { CarriedCsv, CsvForm, csvIn, isGarbled } from "../parts/csv-form.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { peopleOf } from "../parts/department-words.tsx";
import { Badge, Notice, type Tone } from "../parts/notice.tsx";
import { PeopleTabs } from "../parts/people-tabs.tsx";
import { PostForm } from "../parts/post-form.tsx";
import { runForm, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/people/import";
type ImportContext = Context<ConsoleEnv, typeof PATH>;

/** People of a file: first what it would do, then the same for real. */
export function importPeopleRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => importPage(context));

  app.post(PATH, (context) => {
    const run = async (form: Form, dryRun: boolean) => {
      const csv = await csvIn(form);
      const params = { slug: context.req.param("slug") };
      const query = { dryRun: String(dryRun) };
      const report = await ask(context, importUsersOperation, { params, query, body: { csv } });
      return { csv, report };
    };
    return runForm(
      context,
      {
        async preview(form) {
          const { csv, report } = await run(form, true);
          return { once: <Preview context={context} csv={csv} report={report} /> };
        },
        async run(form) {
          const { report } = await run(form, false);
          return { once: <Imported report={report} path={peoplePath(context)} /> };
        },
      },
      (shown) => importPage(context, shown),
    );
  });
}

type Report = typeof importUsersOperation extends OperationOf<infer Answer> ? Answer : never;

const peoplePath = (context: ImportContext) => `/console/t/${context.req.param("slug")}/people`;

async function importPage(context: ImportContext, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  // Before anything of the tenant is shown: whether there is one.
  await ask(context, getTenantOperation, { params: { slug } });
  const path = peoplePath(context);
  const text = shown.refusal && shown.form ? await shown.form.file("csv") : "";
  return page(
    context,
    { title: "Import people", slug, section: "people", refusal: shown.refusal },
    <>
      <PeopleTabs view={view} slug={slug} tab="people/import" />
      {shown.once ?? (
        <p>
          People of a file are enrolled by hand, and those who are here and yours are changed. Whom
          the identity provider manages stays as they are. Up to 50,000 people in one file, also one
          that Entra ID, Okta or Google exported; what you have is in{" "}
          <a href={`${path}/export`}>the export</a>, which can be imported again.
        </p>
      )}
      {shown.once === undefined && (
        <CsvForm view={view} path={`${path}/import`} button="Show what it would do" text={text} />
      )}
    </>,
  );
}

function Preview({
  context,
  csv,
  report,
}: {
  context: ImportContext;
  csv: string;
  report: Report;
}) {
  const path = `${peoplePath(context)}/import`;
  const count = report.create + report.update;
  return (
    <>
      {isGarbled(csv) && (
        <Notice tone="bad">
          Some letters cannot be read: the file is not UTF-8. Save it as “CSV UTF-8” and choose it
          again.
        </Notice>
      )}
      <h2>What the file would do</h2>
      <Counts report={report} would />
      <Lines report={report} />
      <div class="actions">
        {count > 0 && (
          // Each comma and line break would take three bytes without it.
          <PostForm
            view={context.var.view}
            action={path}
            does="run"
            class=""
            enctype="multipart/form-data"
          >
            <CarriedCsv text={csv} />
            <button>Import {peopleOf(count)}</button>
          </PostForm>
        )}
        <a class="button quiet" href={path}>
          Another file
        </a>
      </div>
    </>
  );
}

const Imported = ({ report, path }: { report: Report; path: string }) => (
  <>
    <Notice tone="ok">
      The file is imported: {peopleOf(report.create)} added, {report.update} changed.{" "}
      <a href={path}>Show the people</a>
    </Notice>
    <Counts report={report} />
    <Lines report={report} />
  </>
);

const OUTCOMES = {
  create: { tone: "ok", text: "Added" },
  update: { tone: "ok", text: "Changed" },
  skip: { tone: "quiet", text: "Left alone" },
  conflict: { tone: "bad", text: "Refused" },
} as const satisfies Record<string, { tone: Tone; text: string }>;

const Counts = ({ report, would = false }: { report: Report; would?: boolean }) => (
  <>
    <div class="cards">
      {(["create", "update", "skip", "conflict"] as const).map((outcome) => (
        <div class="card">
          <strong class="figure">{report[outcome].toLocaleString("en")}</strong>
          <p>
            {would ? `would be ${OUTCOMES[outcome].text.toLowerCase()}` : OUTCOMES[outcome].text}
          </p>
        </div>
      ))}
    </div>
    {report.unknownColumns.length > 0 && (
      <Notice tone="warn">Columns that are passed over: {report.unknownColumns.join(", ")}</Notice>
    )}
  </>
);

function Lines({ report }: { report: Report }) {
  if (report.rows.length === 0) return null;
  return (
    <>
      <h2>Lines to look at</h2>
      {report.rows.length === 1000 && <p class="hint">The first 1,000 of them.</p>}
      <DataTable
        caption="Lines to look at"
        columns={["Line", "Outcome", "Why"]}
        empty=""
        rows={report.rows.map(({ line, outcome, message }) => [
          String(line),
          <Badge tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].text}</Badge>,
          message,
        ])}
      />
    </>
  );
}
