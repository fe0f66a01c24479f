import { sql, type SQL } from "drizzle-orm";

import type { MembershipOutcome, MembershipPlan } from "../../directory/ports.ts";
import { insertChangeFrom, selectChangeOf } from "../journal/change-statement.ts";
import { removeMembers } from "./group-statements.ts";
import { idTables } from "../d1/id-chunks.ts";
import { groupMembers, groups, guards, users } from "../tables.ts";
import type { TenantDatabase } from "../d1/tenant-database.ts";

/** More would not fit into the row of the journal: then it tells how many there were. */
const MAX_IDS_TOLD = 16;

/**
 * Joins and leaves as sets of rows: what is named and nothing else is touched. The journal's row comes first,
 * because only before the writes can a statement tell who will really join and leave; the version rises when
 * there is such a row, and the writes do what it says. All of it is one transaction.
 */
export async function joinAndLeave(
  database: TenantDatabase,
  plan: MembershipPlan,
): Promise<MembershipOutcome> {
  const { key } = database;
  const { groupId, change } = plan;
  const onlyVisible = plan.visible === "scim" ? sql` AND origin = 'scim'` : sql``;
  const personIsVisible = plan.visible === "scim" ? sql` AND person.origin = 'scim'` : sql``;
  const userNamed = sql`SELECT 1 FROM ${users} WHERE tenant_key = ${key} AND id = named.value${onlyVisible}`;
  const groupNamed = sql`SELECT 1 FROM ${groups} WHERE tenant_key = ${key} AND id = named.value`;
  const exists = sql`(EXISTS (${userNamed}) OR EXISTS (${groupNamed}))`;
  const membership = sql`${groupMembers} AS present WHERE present.tenant_key = ${key}
    AND present.group_id = ${groupId} AND present.member_id = named.value`;

  const joining = (ids: SQL) => sql`SELECT named.value AS id FROM ${ids} AS named
    WHERE ${exists} AND NOT EXISTS (SELECT 1 FROM ${membership})`;
  const leaving = (ids: SQL) => sql`SELECT named.value AS id FROM ${ids} AS named
    WHERE EXISTS (SELECT 1 FROM ${membership})`;
  const join = (ids: SQL) =>
    sql`INSERT INTO ${groupMembers} (tenant_key, group_id, member_id, member_type, added_at)
      SELECT ${key}, ${groupId}, named.value, CASE WHEN person.id IS NULL THEN 'Group' ELSE 'User' END,
        ${change.at}
      FROM ${ids} AS named
      LEFT JOIN ${users} AS person ON person.tenant_key = ${key} AND person.id = named.value${personIsVisible}
      LEFT JOIN ${groups} AS nested ON nested.tenant_key = ${key} AND nested.id = named.value
      WHERE (person.id IS NOT NULL OR nested.id IS NOT NULL) ON CONFLICT DO NOTHING`;

  const added = idTables([...new Set(plan.added)]);
  const removed = [...new Set(plan.removed)];
  const leavers = idTables(removed);
  const refuseUnknown = (ids: SQL) => sql`INSERT INTO ${guards} (members_known)
    SELECT 0 WHERE EXISTS (SELECT 1 FROM ${ids} AS named WHERE NOT ${exists})`;
  const writes = [
    insertChangeFrom(key, change, diffOf(added.map(joining), leavers.map(leaving))),
    sql`UPDATE ${groups} SET version = version + 1, updated_at = max(updated_at, ${change.at})
      WHERE tenant_key = ${key} AND id = ${groupId} AND changes() > 0`,
    ...removeMembers(key, groupId, removed, change.at),
    ...added.map(join),
  ];
  const statements = [
    sql`INSERT INTO ${guards} (group_exists) SELECT 0 WHERE NOT EXISTS (
      SELECT 1 FROM ${groups} WHERE tenant_key = ${key} AND id = ${groupId})`,
    ...(plan.unknown === "reject" ? added.map(refuseUnknown) : []),
    ...(added.length + removed.length > 0 ? writes : []),
  ];
  const result = await database.write(statements, selectChangeOf(key, change));
  if (result.kind === "written") return { kind: "done" };
  const unknownMembers = result.kind === "guard" && result.name === "members_are_known";
  return { kind: unknownMembers ? "unknown-members" : "no-group" };
}

/** The diff of those who join and leave; no row when there is nobody. */
function diffOf(joining: readonly SQL[], leaving: readonly SQL[]): SQL {
  const both = (left: SQL, right: SQL) =>
    // Nested, because a compound SELECT has at most five terms.
    sql`SELECT id FROM (${left}) UNION ALL SELECT id FROM (${right})`;
  const sides = [
    { name: sql`gone`, key: "before", queries: leaving },
    { name: sql`joined`, key: "after", queries: joining },
  ].flatMap(({ name, key, queries: [first, ...rest] }) =>
    first === undefined
      ? []
      : [
          {
            name,
            key,
            people: sql`(SELECT count(*) AS count, json_group_array(id) AS ids
              FROM (${rest.reduce(both, first)})) AS ${name}`,
          },
        ],
  );
  const count = sql.join(
    sides.map(({ name }) => sql`${name}.count`),
    sql` + `,
  );
  const told = sides.map(
    ({ name, key }) => sql`${key}, CASE WHEN ${name}.count = 0 THEN NULL
      WHEN ${count} <= ${MAX_IDS_TOLD} THEN json_object('ids', json(${name}.ids))
      ELSE json_object('count', ${name}.count) END`,
  );
  const from = sides.map(({ people }) => people);
  // A merge patch (RFC 7396) leaves out what is null.
  return sql`SELECT json_array(json_patch('{"attribute":"members"}', json_object(${sql.join(told, sql`, `)}))) AS diff
    FROM ${sql.join(from, sql` CROSS JOIN `)} WHERE ${count} > 0`;
}
