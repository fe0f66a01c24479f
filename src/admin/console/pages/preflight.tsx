import type { Context, Hono } from "hono";
import type { Child } from "hono/jsx";

import type { OperationOf } from "../../operation.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { preflightOperation } from "../../operations/users/preflight.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { CsvForm, csvIn } from "../parts/csv-form.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { peopleOf } from "../parts/department-words.tsx";
import { PeopleTabs } from "../parts/people-tabs.tsx";
import { nameOf, PersonLink } from "../parts/person-link.tsx";
import { runForm, type Shown } from "../run-form.ts";

const PATH = "/console/t/:slug/people/preflight";
/** More is for the admin API: nobody reads ten thousand lines of a page. */
const MAX_SHOWN = 200;

type Report = typeof preflightOperation extends OperationOf<infer Answer> ? Answer : never;
type Planned = Report["create"][number]["planned"];

/** What the first synchronisation would do, before it does. */
export function preflightRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, (context) => preflightPage(context));

  app.post(PATH, (context) =>
    runForm(
      context,
      {
        async preview(form) {
          const params = { slug: context.req.param("slug") };
          const body = { csv: await csvIn(form) };
          const report = await ask(context, preflightOperation, { params, body });
          return { once: <Findings report={report} slug={params.slug} /> };
        },
      },
      (shown) => preflightPage(context, shown),
    ),
  );
}

async function preflightPage(context: Context<ConsoleEnv, typeof PATH>, shown: Shown = {}) {
  const slug = context.req.param("slug");
  const { view } = context.var;
  await ask(context, getTenantOperation, { params: { slug } });
  const path = `/console/t/${slug}/people/preflight`;
  const text = shown.form ? await shown.form.file("csv") : "";
  return page(
    context,
    { title: "Check before provisioning", slug, section: "people", refusal: shown.refusal },
    <>
      <PeopleTabs view={view} slug={slug} tab="people/preflight" />
      {shown.once}
      <p>
        Give a file of the people whom your identity provider is going to send, up to 10,000, such
        as its own export: the userName and email as its mapping makes them. You see who would be
        taken over, who would be created, and who would become a duplicate. Nothing is changed.
      </p>
      <CsvForm view={view} path={path} button="Check" text={text} />
    </>,
  );
}

function Findings({ report, slug }: { report: Report; slug: string }) {
  const { match, create, nearDuplicate, conflict } = report;
  return (
    <>
      <Part
        title="Could become a duplicate"
        says="They would be created although somebody like them is here. Give both the same user name or email before you start, or accept two accounts."
        count={new Set(nearDuplicate.map(({ planned }) => planned)).size}
        columns={["Sent", "Here", "Why"]}
        rows={nearDuplicate.map(({ planned, existing, why }) => [
          sent(planned),
          <Existing slug={slug} person={existing} />,
          why,
        ])}
      />
      <Part
        title="Would be refused"
        says="The identity provider would be told no. Correct them there, or the line of the file."
        count={conflict.length}
        columns={["Sent", "Why"]}
        rows={conflict.map(({ planned, reason }) => [sent(planned), reason])}
      />
      <Part
        title="Would be taken over"
        says="They are here already and keep their id and their history."
        count={match.length}
        columns={["Sent", "Here", "How"]}
        rows={match.map(({ planned, existing, by, action }) => [
          sent(planned),
          <Existing slug={slug} person={existing} />,
          `${action === "adopt" ? "adopted" : "reactivated"}, found by ${by}`,
        ])}
      />
      <Part
        title="Would be created"
        says="They are new."
        count={create.length}
        columns={["Sent"]}
        rows={create.map(({ planned }) => [sent(planned)])}
      />
      <h2>Check again</h2>
    </>
  );
}

const sent = ({ line, userName, email }: Planned): string =>
  [line === undefined ? "" : `Line ${line}:`, userName, email === userName ? "" : email]
    .filter(Boolean)
    .join(" ");

const Existing = ({
  slug,
  person,
}: {
  slug: string;
  person: Report["match"][number]["existing"];
}) => (
  <>
    <PersonLink slug={slug} person={person} />{" "}
    {nameOf(person) !== person.userName && person.userName}
    {!person.active && " (inactive)"}
  </>
);

function Part({
  title,
  says,
  count,
  columns,
  rows,
}: {
  title: string;
  says: string;
  count: number;
  columns: readonly string[];
  rows: readonly (readonly Child[])[];
}) {
  return (
    <>
      <h2>
        {title}: {count === 0 ? "nobody" : peopleOf(count)}
      </h2>
      {rows.length > 0 && (
        <>
          <p class="hint">
            {says}
            {rows.length > MAX_SHOWN && ` The first ${MAX_SHOWN} lines are shown.`}
          </p>
          <DataTable caption={title} columns={columns} empty="" rows={rows.slice(0, MAX_SHOWN)} />
        </>
      )}
    </>
  );
}
