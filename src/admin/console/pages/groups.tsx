import type { Context, Hono } from "hono";

import type { Settings } from "../../../tenancy/settings.ts";
import { getGroupOperation } from "../../operations/groups/get-group.ts";
import { listGroupMembersOperation } from "../../operations/groups/list-group-members.ts";
import { listGroupsOperation } from "../../operations/groups/list-groups.ts";
import { getTenantOperation } from "../../operations/tenants/get-tenant.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { page } from "../page.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { TextField } from "../parts/field.tsx";
import { Badge, Notice } from "../parts/notice.tsx";
import { Pager } from "../parts/pager.tsx";
import { PersonLink } from "../parts/person-link.tsx";
import { Time } from "../parts/time.tsx";

const LIST = "/console/t/:slug/groups";
const GROUP = "/console/t/:slug/groups/:id";

/** What the identity provider's groups are to this tenant. */
const MEANINGS: Record<Settings["groups"], string> = {
  departments: "Each group feeds the department of its name, but for those that settings ignore.",
  plain:
    "Groups are kept as the identity provider sends them and make no departments: the setting groups is “plain”.",
  off: "The identity provider sees no groups and can send none: the setting groups is “off”. Groups from before are kept and do nothing.",
};

export function groupsRoutes(app: Hono<ConsoleEnv>): void {
  app.get(LIST, groupsPage);
  app.get(GROUP, groupPage);
}

async function groupsPage(context: Context<ConsoleEnv, typeof LIST>) {
  const slug = context.req.param("slug");
  const params = { slug };
  const { q, cursor } = context.req.query();
  const query = { q, cursor };
  const [{ settings }, groups] = await Promise.all([
    ask(context, getTenantOperation, { params }),
    ask(context, listGroupsOperation, { params, query }),
  ]);
  const path = `/console/t/${slug}/groups`;
  return page(
    context,
    { title: "Groups", slug, section: "groups" },
    <>
      {settings.groups === "departments" ? (
        <p>{MEANINGS.departments}</p>
      ) : (
        <Notice>
          {MEANINGS[settings.groups]}
          {context.var.view.may("updateTenant") && (
            <>
              {" "}
              <a href={`/console/t/${slug}/settings`}>Settings</a>
            </>
          )}
        </Notice>
      )}
      <form class="inline" role="search">
        <TextField label="Name begins with" name="q" type="search" value={q ?? ""} />
        <button class="quiet">Search</button>
      </form>
      <DataTable
        caption="Groups"
        columns={["Name", "Members", "Feeds the department", "Changed"]}
        empty={
          q
            ? "No group begins like that."
            : "There is no group yet. They come from the identity provider: assign groups to the application there."
        }
        rows={groups.items.map((group) => [
          <a href={`${path}/${group.id}`}>{group.displayName || group.id}</a>,
          group.memberCount.toLocaleString("en"),
          <DepartmentLink slug={slug} group={group} />,
          <Time at={group.updatedAt} />,
        ])}
      />
      <Pager path={path} query={query} nextCursor={groups.nextCursor} />
    </>,
  );
}

function DepartmentLink({
  slug,
  group: { departmentId, departmentName },
}: {
  slug: string;
  group: { departmentId: string | null; departmentName: string | null };
}) {
  if (departmentId === null) return <>none</>;
  return (
    <a href={`/console/t/${slug}/departments/${departmentId}`}>{departmentName ?? departmentId}</a>
  );
}

async function groupPage(context: Context<ConsoleEnv, typeof GROUP>) {
  const params = context.req.param();
  const { slug, id } = params;
  const query = { cursor: context.req.query("cursor") };
  const [group, members] = await Promise.all([
    ask(context, getGroupOperation, { params }),
    ask(context, listGroupMembersOperation, { params, query }),
  ]);
  const groups = `/console/t/${slug}/groups`;
  const path = `${groups}/${id}`;
  return page(
    context,
    { title: group.displayName || id, slug, section: "groups" },
    <>
      <dl class="facts">
        <dt>Feeds the department</dt>
        <dd>
          <DepartmentLink slug={slug} group={group} />
        </dd>
        <dt>Members</dt>
        <dd>{group.memberCount.toLocaleString("en")}</dd>
        <dt>External id</dt>
        <dd>{group.externalId === null ? "none" : <code>{group.externalId}</code>}</dd>
        <dt>Id</dt>
        <dd>
          <code>{group.id}</code>
        </dd>
        <dt>Made</dt>
        <dd>
          <Time at={group.createdAt} />
        </dd>
        <dt>Changed</dt>
        <dd>
          <Time at={group.updatedAt} />, version {group.version}
        </dd>
      </dl>
      <h2>Members</h2>
      <DataTable
        caption="Members"
        columns={["Name", "User name", "Email", "Member since"]}
        empty="Nobody is in this group. Members come from the identity provider."
        rows={members.items.map((member) => {
          const since = <Time at={member.addedAt} />;
          return member.type === "Group"
            ? [
                <>
                  <a href={`${groups}/${member.id}`}>{member.displayName || member.id}</a>{" "}
                  <Badge tone="quiet">Group</Badge>
                </>,
                "",
                "",
                since,
              ]
            : [
                <>
                  <PersonLink slug={slug} person={member} />
                  {!member.active && " (inactive)"}
                </>,
                member.userName,
                member.email,
                since,
              ];
        })}
      />
      <Pager path={path} query={query} nextCursor={members.nextCursor} />
    </>,
  );
}
