import * as z from "zod/mini";

import { curlCommand } from "../../../journal/curl-command.ts";
import { equivalentRequest, requestLine } from "../../../journal/equivalent-request.ts";
import { idsOf } from "../../change-view.ts";
import type { HistoryView } from "../../operations/users/history-view.ts";
import type { View } from "../console-env.ts";
import { operationText } from "../log/operation-texts.ts";
import { Badge } from "./notice.tsx";
import { Time } from "./time.tsx";
import { valueText } from "./value-text.ts";

type Change = z.infer<typeof HistoryView>;

/** What a list of changes is shown with. */
export interface ChangeSetting {
  readonly view: View;
  readonly slug: string;
  /** Where the identity provider's requests go. */
  readonly scimUrl: string;
  /** How people, groups and departments are called now, by their ids. */
  readonly names: ReadonlyMap<string, string>;
}

/** Rows of the journal, each of which opens to all that is known of it. */
export const ChangeRows = ({
  changes,
  ...setting
}: ChangeSetting & { changes: readonly Change[] }) => (
  <ul class="rows">
    {changes.map((change) => (
      <li>
        <ChangeRow change={change} setting={setting} />
      </li>
    ))}
  </ul>
);

/** A time in a department has no number. */
const keyOf = ({ seq, at, operation, diff }: Change): string =>
  seq === null ? JSON.stringify([at, operation, diff]) : String(seq);

function ChangeRow({ change, setting }: { change: Change; setting: ChangeSetting }) {
  const { at, operation, resourceType, outcome, reason, diff } = change;
  const isRefused = outcome === "refused";
  return (
    // By the key the page knows an open row again when the list is read anew.
    <details data-key={keyOf(change)}>
      <summary>
        <Time at={at} />
        <Badge tone={isRefused ? "bad" : "ok"}>{isRefused ? "Refused" : "Done"}</Badge>
        <strong>{operationText(operation)}</strong>
        <span>
          {resourceType} {subjectOf(change, setting.names)}
        </span>
        <span class="hint">{isRefused || diff.length === 0 ? reason : changedIn(change)}</span>
      </summary>
      <Opened change={change} setting={setting} />
    </details>
  );
}

/** What is gone, or never came, has no name but the one that its row tells. */
function subjectOf(
  { resourceId, diff, outcome }: Change,
  names: ReadonlyMap<string, string>,
): string {
  const told = (name: string) => {
    const { before, after = before } = diff.find(({ attribute }) => attribute === name) ?? {};
    return after === undefined ? undefined : valueText(after);
  };
  const name = told("userName") ?? told("displayName");
  const about = outcome === "refused" ? (name ?? told("externalId")) : undefined;
  return (
    names.get(resourceId ?? "") ??
    (about === undefined ? (name ?? resourceId ?? "") : `about ${about}`)
  );
}

const MAX_ATTRIBUTES = 4;

/** What changed, in a few words. */
function changedIn({ diff }: Change): string {
  const told = diff.slice(0, MAX_ATTRIBUTES).map(({ attribute = "more", before, after }) => {
    const department = Department.safeParse(after ?? before);
    // Without the URN of an extension.
    const name = attribute.slice(attribute.lastIndexOf(":") + 1);
    return department.success ? `${name} ${department.data.name}` : name;
  });
  return told.join(", ") + (diff.length > MAX_ATTRIBUTES ? ", …" : "");
}

/** How a time in a department is told. */
const Department = z.object({ id: z.string(), name: z.string(), source: z.string() });

function Opened({ change, setting }: { change: Change; setting: ChangeSetting }) {
  const { at, resourceType, resourceId, status, scimType, requestId, reason, advice, diff } =
    change;
  const { slug } = setting;
  const line = change.actor && requestLine({ ...change, actor: change.actor });
  return (
    <>
      {reason !== null && <p>{reason}</p>}
      {advice !== null && (
        <p class="notice" data-tone={change.outcome === "refused" ? "warn" : undefined}>
          <strong>What to do:</strong> {advice}
        </p>
      )}
      <dl class="facts">
        {line && (
          <>
            <dt>Asked for</dt>
            <dd>
              <code>
                {line.method} {line.path}
              </code>
            </dd>
          </>
        )}
        <dt>Answer</dt>
        <dd>
          {status} {scimType}
        </dd>
        {resourceId !== null && (
          <>
            <dt>{resourceType}</dt>
            <dd>
              <ResourceLink type={resourceType} id={resourceId} {...setting} />
            </dd>
          </>
        )}
        {change.actor && (
          <>
            <dt>By</dt>
            <dd>
              <Actor actor={change.actor} {...setting} />
            </dd>
          </>
        )}
        <dt>When</dt>
        <dd>
          <code>{at}</code>
        </dd>
        {requestId !== null && (
          <>
            <dt>Request</dt>
            <dd>
              <a href={`/console/t/${slug}/log?requestId=${encodeURIComponent(requestId)}`}>
                <code>{requestId}</code>
              </a>
            </dd>
          </>
        )}
      </dl>
      {diff.length > 0 && (
        <Diff
          heading={change.outcome === "refused" ? "Whom it was about" : "Before and after"}
          diff={diff}
          names={setting.names}
        />
      )}
      {change.actor && (
        <AsCurl
          change={{ ...change, actor: change.actor }}
          scimUrl={setting.scimUrl}
          openKey={`${keyOf(change)} as a command`}
        />
      )}
    </>
  );
}

const PAGES = {
  User: { path: "people", operation: "getUser" },
  Group: { path: "groups", operation: "getGroup" },
  Department: { path: "departments", operation: "getDepartment" },
} as const;

function ResourceLink({
  type,
  id,
  view,
  slug,
  names,
}: ChangeSetting & { type: string; id: string }) {
  const name = names.get(id);
  const target = type === "User" || type === "Group" || type === "Department" ? PAGES[type] : null;
  // What has no name any more is not there, or was erased.
  if (name === undefined || target === null || !view.may(target.operation))
    return <code>{id}</code>;
  return (
    <>
      <a href={`/console/t/${slug}/${target.path}/${id}`}>{name}</a> <code>{id}</code>
    </>
  );
}

function Actor({
  actor,
  view,
  slug,
}: Pick<ChangeSetting, "view" | "slug"> & { actor: NonNullable<Change["actor"]> }) {
  switch (actor.kind) {
    case "token": {
      // The deployment's own has no row, and so no last characters.
      const name = actor.hint === "" ? "the deployment's own token" : `token …${actor.hint}`;
      return view.may("listTokens") ? (
        <a href={`/console/t/${slug}/tokens`}>{name}</a>
      ) : (
        <>{name}</>
      );
    }
    case "admin":
      return <>an administrator ({actor.hint})</>;
    case "job":
      return <>this service by itself ({actor.hint})</>;
  }
}

const Diff = ({
  heading,
  diff,
  names,
}: { heading: string } & Pick<Change, "diff"> & Pick<ChangeSetting, "names">) => (
  <div class="scroll">
    <table class="data">
      <caption class="visually-hidden">{heading}</caption>
      <thead>
        <tr>
          <th scope="col">Attribute</th>
          <th scope="col">{heading}</th>
        </tr>
      </thead>
      <tbody>
        {diff.map(({ attribute, before, after, cut, more }) => (
          <tr>
            <th scope="row">
              {attribute === undefined ? `${String(more)} more` : <code>{attribute}</code>}
            </th>
            <td>
              {cut === true || attribute === undefined ? (
                <span class="hint">
                  The values are not kept: they were too long, or nobody is to see them.
                </span>
              ) : (
                <div class="diff">
                  {before !== undefined && <del>{textOf(before, names)}</del>}
                  {after !== undefined && <ins>{textOf(after, names)}</ins>}
                </div>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** A value as a person reads it: members by their names. */
function textOf(value: unknown, names: ReadonlyMap<string, string>): string {
  const department = Department.safeParse(value);
  if (department.success) return department.data.name;
  const ids = idsOf(value);
  if (ids) return ids.map((id) => names.get(id) ?? id).join(", ");
  return valueText(value);
}

function AsCurl({
  change,
  scimUrl,
  openKey,
}: {
  change: Parameters<typeof equivalentRequest>[0];
  scimUrl: string;
  openKey: string;
}) {
  const request = equivalentRequest(change);
  if (!request) return null;
  return (
    <details class="more" data-key={openKey}>
      <summary>As a command</summary>
      <p class="hint">
        It does the same once more, with a token in the variable TOKEN.
        {request.isPartial && " Values that were not kept are missing."}
      </p>
      <pre class="code" data-copy="" tabindex={0}>
        {curlCommand(scimUrl, request)}
      </pre>
    </details>
  );
}
