/** A rule of the database, and a query that finds what breaks it: rows of one tenant, which is bound as ?1. */
export interface Invariant {
  readonly rule: string;
  readonly query: string;
}

const refersTo = (table: string, id: string, alias = "found") =>
  `EXISTS (SELECT 1 FROM ${table} AS ${alias} WHERE ${alias}.tenant_key = ?1 AND ${alias}.id = ${id})`;

/** What `json_extract` makes of a document: names with a colon have to be quoted. */
const ENTERPRISE = `'$."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".department'`;

const OF_PEOPLE = `('create', 'replace', 'patch', 'adopt', 'unadopt', 'activate', 'deactivate', 'reactivate')`;
const OF_GROUPS = `('create', 'replace', 'patch', 'rename')`;

/** An adoption that deactivates too is one change in two rows. */
const rowsOf = (resource: string, operations: string) =>
  `(SELECT count(DISTINCT request_id) FROM changes WHERE changes.tenant_key = ?1 AND resource_id = ${resource}
    AND outcome = 'applied' AND operation IN ${operations})`;

/**
 * How often the group that fed a person's department took it along to another name: a change of the group alone. Of a
 * time that ended as it began nobody can tell, because a later request may have begun it than the one that ended it.
 */
const movesWhere = (condition: string) =>
  `(SELECT count(*) FROM assignments WHERE assignments.tenant_key = ?1 AND user_id = users.id
    AND source = 'attribute' AND (${condition}))`;
const MOVES = movesWhere(`started_at < ended_at AND NOT EXISTS (SELECT 1 FROM changes
  WHERE changes.tenant_key = ?1 AND resource_id = users.id AND at = ended_at)`);
const PERHAPS_MOVES = movesWhere("started_at = ended_at");

const countWhere = (table: string, condition = "1") =>
  `(SELECT count(*) FROM ${table} NOT INDEXED WHERE tenant_key = ?1 AND ${condition})`;

/**
 * Holds between any two requests, whatever was written and wherever it was broken off. For tenants with soft deletion,
 * `uniqueEmail`, and groups and the attribute as departments (the preset `training`), without schemas of their own, and
 * for names whose letter case SQLite knows.
 */
export const INVARIANTS: readonly Invariant[] = [
  {
    rule: "counters are counts",
    query: `SELECT users, users_active, users_scim, groups, ${countWhere("users")} AS people,
        ${countWhere("users", "active = 1")} AS active, ${countWhere("users", "origin = 'scim'")} AS scim,
        ${countWhere("groups")} AS all_groups
      FROM tenant_counts WHERE tenant_key = ?1 AND (users <> people OR users_active <> active
        OR users_scim <> scim OR groups <> all_groups)`,
  },
  {
    rule: "the journal has every number once, from 1",
    query: `SELECT * FROM (SELECT count(*) AS count, min(seq) AS least, max(seq) AS most FROM changes
      WHERE tenant_key = ?1) WHERE count > 0 AND (least <> 1 OR most <> count)`,
  },
  { rule: "no guard leaves a row", query: "SELECT * FROM guards WHERE ?1 IS NOT NULL" },
  {
    rule: "a person's version counts the changes in the journal",
    query: `SELECT id, version, changes, moves, perhaps FROM (
      SELECT id, version, ${rowsOf("users.id", OF_PEOPLE)} AS changes, ${MOVES} AS moves,
        ${PERHAPS_MOVES} AS perhaps
      FROM users WHERE tenant_key = ?1)
      WHERE version NOT BETWEEN changes + moves AND changes + moves + perhaps`,
  },
  {
    rule: "a group's version is no less than its changes in the journal",
    query: `SELECT id, version, changes FROM (SELECT id, version, ${rowsOf("groups.id", OF_GROUPS)} AS changes
      FROM groups WHERE tenant_key = ?1) WHERE version < changes`,
  },
  {
    rule: "who was created is there, or was deleted",
    query: `SELECT seq, resource_type, resource_id FROM changes AS made WHERE tenant_key = ?1
      AND operation = 'create' AND outcome = 'applied' AND resource_type IN ('User', 'Group')
      AND NOT CASE resource_type WHEN 'User' THEN ${refersTo("users", "resource_id")}
        ELSE ${refersTo("groups", "resource_id")} END
      AND NOT EXISTS (SELECT 1 FROM changes AS gone WHERE gone.tenant_key = ?1
        AND gone.resource_id = made.resource_id AND gone.operation = 'delete' AND gone.outcome = 'applied')`,
  },
  {
    rule: "who was deleted is a former person, once, and not there",
    query: `SELECT resource_id, count(*) AS deletions FROM changes WHERE tenant_key = ?1
      AND operation = 'delete' AND resource_type = 'User' AND outcome = 'applied'
      GROUP BY resource_id HAVING deletions <> 1 OR ${refersTo("users", "resource_id")}
        OR NOT ${refersTo("former_people", "resource_id")}`,
  },
  {
    rule: "former people were deleted",
    query: `SELECT id FROM former_people AS former WHERE tenant_key = ?1 AND NOT EXISTS (
      SELECT 1 FROM changes WHERE changes.tenant_key = ?1 AND resource_id = former.id
        AND operation = 'delete' AND outcome = 'applied')`,
  },
  {
    rule: "members and their groups are there",
    query: `SELECT group_id, member_id, member_type FROM group_members WHERE tenant_key = ?1 AND NOT (
      ${refersTo("groups", "group_id", "holder")} AND CASE member_type
        WHEN 'User' THEN ${refersTo("users", "member_id")} ELSE ${refersTo("groups", "member_id")} END)`,
  },
  {
    rule: "a person's columns follow from the document",
    query: `SELECT id, resource, user_name_key, external_id, active FROM users WHERE tenant_key = ?1 AND NOT (
      user_name_key = lower(resource ->> '$.userName') AND external_id IS (resource ->> '$.externalId')
      AND active = (resource ->> '$.active') AND email_slot = ''
      AND (department_id IS NULL) = (resource ->> ${ENTERPRISE} IS NULL)
      AND (department_since IS NULL) = (department_id IS NULL))`,
  },
  {
    rule: "a group's columns follow from the document",
    query: `SELECT id, resource, display_name, external_id FROM groups WHERE tenant_key = ?1 AND NOT (
      display_name = (resource ->> '$.displayName') AND display_name_key = lower(display_name)
      AND external_id IS (resource ->> '$.externalId'))`,
  },
  {
    rule: "a person's attribute leads to the department of its name, which is in use",
    query: `SELECT users.id, resource ->> ${ENTERPRISE} AS attribute, name_key, retired_at FROM users
      LEFT JOIN departments ON departments.tenant_key = ?1 AND departments.id = department_id
      WHERE users.tenant_key = ?1 AND department_id IS NOT NULL
        AND (name_key IS NOT lower(trim(attribute)) OR retired_at IS NOT NULL)`,
  },
  {
    rule: "a group feeds the department of its name, which is in use",
    query: `SELECT groups.id, display_name, name_key, retired_at FROM groups
      LEFT JOIN departments ON departments.tenant_key = ?1 AND departments.id = department_id
      WHERE groups.tenant_key = ?1
        AND (name_key IS NOT lower(trim(display_name)) OR retired_at IS NOT NULL)`,
  },
  {
    rule: "people put into a department by hand are there, and so is the department",
    query: `SELECT department_id, user_id FROM department_members WHERE tenant_key = ?1 AND NOT (
      ${refersTo("departments", "department_id")} AND ${refersTo("users", "user_id", "person")})`,
  },
  {
    rule: "no time in a department ends before it began",
    query: `SELECT user_id, started_at, ended_at FROM assignments WHERE tenant_key = ?1 AND started_at > ended_at`,
  },
  {
    rule: "whoever was invited was created",
    query: `SELECT user_id, state FROM invitations WHERE tenant_key = ?1 AND NOT EXISTS (
      SELECT 1 FROM changes WHERE changes.tenant_key = ?1 AND resource_id = user_id
        AND operation = 'create' AND outcome = 'applied')`,
  },
  {
    rule: "no invitation waits for somebody who is gone or inactive",
    query: `SELECT user_id FROM invitations WHERE tenant_key = ?1 AND state = 'queued' AND NOT EXISTS (
      SELECT 1 FROM users WHERE users.tenant_key = ?1 AND users.id = user_id AND active = 1)`,
  },
  {
    rule: "the window of deactivations counts the people in it",
    query: `SELECT started_at, people, counted FROM (SELECT started_at, people, (SELECT count(*)
        FROM deactivations WHERE deactivations.tenant_key = ?1 AND window_started_at = started_at) AS counted
      FROM deactivation_windows WHERE tenant_key = ?1) WHERE people <> counted`,
  },
  {
    rule: "unique indexes have a row for each person",
    query: `SELECT * FROM (SELECT ${countWhere("users")} AS people,
      (SELECT count(*) FROM users INDEXED BY users_user_name WHERE tenant_key = ?1) AS names,
      (SELECT count(*) FROM users INDEXED BY users_email WHERE tenant_key = ?1) AS emails,
      (SELECT count(*) FROM users INDEXED BY users_id WHERE tenant_key = ?1) AS ids)
      WHERE names <> people OR emails <> people OR ids <> people`,
  },
];

/** What a tenant's journal has of people, groups and departments. */
export const COUNT_CHANGES = `SELECT count(*) AS n FROM changes WHERE tenant_key = ?1 AND outcome = 'applied'
  AND resource_type IN ('User', 'Group', 'Department')`;

const MOST_SHOWN = 3;

/** A sentence for each rule that does not hold, with some of the rows that break it. */
export async function findViolations(database: D1Database, tenantKey: number): Promise<string[]> {
  // Not bound: outside the runtime each call of a method is a message to it, and waits for the answer.
  const statements = INVARIANTS.map(({ query }) =>
    database.prepare(
      `SELECT * FROM (${query.replaceAll("?1", String(tenantKey))}) LIMIT ${MOST_SHOWN}`,
    ),
  );
  const results = await database.batch(statements);
  return results.flatMap(({ results: rows }, at) =>
    rows.length === 0 ? [] : [`${INVARIANTS[at]?.rule} – but: ${JSON.stringify(rows)}`],
  );
}
