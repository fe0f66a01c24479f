import type { Context, Hono } from "hono";

import { listChangesOperation } from "../../operations/changes/list-changes.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { ask, askFile } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { type FoundPerson, findPerson } from "../log/find-person.ts";
import { changesQuery, isNarrow, type LogFilter, readFilter, SPANS } from "../log/log-filter.ts";
import { OPERATION_TEXTS } from "../log/operation-texts.ts";
import { page } from "../page.tsx";
import { ChangeRows } from "../parts/change-row.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Pager, withQuery } from "../parts/pager.tsx";
import { nameOf } from "../parts/person-link.tsx";

const PATH = "/console/t/:slug/log";
type LogContext = Context<ConsoleEnv, `${typeof PATH}${"" | "/live" | "/export"}`>;

/** Why somebody or something did, or did not, arrive. */
export function logRoutes(app: Hono<ConsoleEnv>): void {
  app.get(PATH, async (context: LogContext) => {
    const slug = context.req.param("slug");
    const filter = readFilter(context);
    const cursor = context.req.query("cursor");
    const [tenant, found] = await Promise.all([
      ask(context, getTenantOperation, { params: { slug } }),
      findPerson(context, slug, filter.person),
    ]);
    const path = `/console/t/${slug}/log`;
    const query = { ...filter, person: found.kind === "id" ? found.id : "" };
    // A search of the whole journal is too dear to be done every few seconds.
    const isLive = cursor === undefined && !`${filter.until}${filter.q}${filter.requestId}`;
    return page(
      context,
      { title: "Log", slug, section: "log" },
      <>
        <Filter filter={filter} path={path} />
        {found.kind === "id" ? (
          <>
            <p class="hint">
              Newest first{isLive && ", and new rows appear by themselves"}. As a file:{" "}
              <a href={withQuery(`${path}/export`, { ...query, as: "csv" })}>CSV</a>,{" "}
              <a href={withQuery(`${path}/export`, { ...query, as: "ndjson" })}>NDJSON</a>
            </p>
            <div data-live={isLive ? withQuery(`${path}/live`, { ...query }) : undefined}>
              {await rows(context, query, tenant.scimUrl)}
            </div>
          </>
        ) : (
          <Unclear found={found} filter={filter} path={path} />
        )}
      </>,
    );
  });

  app.get(`${PATH}/live`, async (context: LogContext) => {
    const params = { slug: context.req.param("slug") };
    const { scimUrl } = await ask(context, getTenantOperation, { params });
    return context.html(await rows(context, readFilter(context), scimUrl));
  });

  app.get(`${PATH}/export`, async (context: LogContext) => {
    const filter = readFilter(context);
    const { as } = context.req.query();
    return askFile(context, listChangesOperation, {
      params: { slug: context.req.param("slug") },
      query: changesQuery(filter, filter.person, context.env.admin.clock.now()),
      accept: as === "ndjson" ? "application/x-ndjson" : "text/csv",
    });
  });
}

/** `filter.person` is an id here. */
async function rows(context: LogContext, filter: LogFilter, scimUrl: string) {
  const slug = context.req.param("slug");
  const cursor = context.req.query("cursor");
  const query = changesQuery(filter, filter.person, context.env.admin.clock.now());
  const { items, nextCursor, names } = await ask(context, listChangesOperation, {
    params: { slug },
    query: { ...query, cursor, names: "true" },
  });
  return (
    <>
      {items.length > 0 ? (
        <ChangeRows
          changes={items}
          view={context.var.view}
          slug={slug}
          scimUrl={scimUrl}
          names={new Map(Object.entries(names ?? {}))}
        />
      ) : (
        <p class="empty">{emptyText(filter, nextCursor)}</p>
      )}
      <Pager
        path={`/console/t/${slug}/log`}
        query={{ ...filter, cursor }}
        nextCursor={nextCursor}
      />
    </>
  );
}

function emptyText(filter: LogFilter, nextCursor: string | null): string {
  if (nextCursor !== null) return "Nothing on this page: the search goes on with the next one.";
  return isNarrow(filter)
    ? "Nothing fits. Look at a longer time, or take a condition away."
    : "Nothing has happened in this time. Rows appear when your identity provider writes, and when somebody changes something here.";
}

const pairs = (texts: Readonly<Record<string, string>>) => [
  ["", "any"] as const,
  ...Object.entries(texts),
];
const OUTCOMES = pairs({ applied: "done", refused: "refused" });
const OPERATIONS = pairs(OPERATION_TEXTS);
const TYPES = ["User", "Group", "Department", "Token", "Tenant", "Schema", "ResourceType", "Alert"];

function Filter({ filter, path }: { filter: LogFilter; path: string }) {
  const { resourceType, since, until, requestId } = filter;
  // Resource types of the tenant's own are not in the list, but may be asked for.
  const types =
    resourceType === "" || TYPES.includes(resourceType) ? TYPES : [resourceType, ...TYPES];
  return (
    <form role="search" action={path}>
      <div class="fields">
        <TextField
          label="Person"
          name="person"
          type="search"
          value={filter.person}
          placeholder="Name, email or id"
        />
        <TextField
          label="Text"
          name="q"
          type="search"
          value={filter.q}
          placeholder="Ids, reasons, values"
        />
        <SelectField label="Outcome" name="outcome" options={OUTCOMES} value={filter.outcome} />
        <SelectField
          label="What"
          name="resourceType"
          options={[["", "any"], ...types.map((type) => [type, type] as const)]}
          value={resourceType}
        />
        <SelectField
          label="Operation"
          name="operation"
          options={OPERATIONS}
          value={filter.operation}
        />
        <SelectField label="Time" name="span" options={SPANS} value={filter.span} />
      </div>
      <details class="more" open={`${since}${until}${requestId}` !== ""}>
        <summary>Exact times, request id</summary>
        <div class="fields">
          <TextField
            label="Since (UTC)"
            name="since"
            type="datetime-local"
            value={since.slice(0, 16)}
          />
          <TextField
            label="Until (UTC)"
            name="until"
            type="datetime-local"
            value={until.slice(0, 16)}
          />
          <TextField label="Request id" name="requestId" value={requestId} />
        </div>
      </details>
      <div class="actions">
        <button>Show</button>
        <a class="button quiet" href={path}>
          Show all
        </a>
      </div>
    </form>
  );
}

/** The person's name fits nobody, or several. */
function Unclear({
  found,
  filter,
  path,
}: {
  found: Exclude<FoundPerson, { kind: "id" }>;
  filter: LogFilter;
  path: string;
}) {
  const { person, q } = filter;
  if (found.kind === "nobody") {
    const search = withQuery(path, { ...filter, person: "", q: q || person });
    return (
      <Notice tone="warn">
        Nobody here has a user name, email or name that begins with “{person}”. Somebody who never
        arrived is not found by name: <a href={search}>search the rows for this text</a>.
      </Notice>
    );
  }
  return (
    <>
      <p>Several people begin with “{person}”. Whom do you mean?</p>
      <ul>
        {found.people.map((one) => (
          <li>
            <a href={withQuery(path, { ...filter, person: one.id })}>{nameOf(one)}</a>{" "}
            {one.userName} {one.email}
          </li>
        ))}
      </ul>
    </>
  );
}
