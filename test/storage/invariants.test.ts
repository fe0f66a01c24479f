import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { findViolations, INVARIANTS } from "../../tools/torture/invariants.ts";
import { mintTenant } from "../mint-tenant.ts";
import { ENTERPRISE, patchOf } from "../scim-client.ts";

/** A tenant in which every rule has something to say. */
async function livelyTenant(): Promise<number> {
  const { scim, key } = await mintTenant({
    preset: "training",
    settings: {
      deactivationGuard: { percent: 100, people: 1000, windowMinutes: 60 },
      invitations: "on-create",
      invitationDelayMinutes: 60,
    },
  });
  const person = async (userName: string) => {
    const department = { [ENTERPRISE]: { department: "Retail" } };
    return (await scim.post("/Users", { userName, externalId: userName, ...department })).id;
  };
  const ana = await person("ana@example.com");
  const ben = await person("ben@example.com");
  const gone = await person("gone@example.com");
  const staff = await scim.post("/Groups", { displayName: "Staff", members: [{ value: ana }] });
  await scim.patch(
    `/Groups/${staff.id}`,
    patchOf({ op: "add", path: "members", value: [{ value: ben }] }),
  );
  await env.DB.prepare("UPDATE users SET created_at = '2026-01-01' WHERE tenant_key = ?")
    .bind(key)
    .run();
  await scim.patch(`/Users/${ben}`, patchOf({ op: "replace", path: "active", value: false }));
  await scim.delete(`/Users/${gone}`);
  await env.DB.prepare(
    "INSERT INTO department_members SELECT ?1, id, ?2, '2026' FROM departments WHERE tenant_key = ?1",
  )
    .bind(key, ana)
    .run();
  return key;
}

/** For each rule, a statement that breaks it. */
const BREAKS: Readonly<Record<string, string>> = {
  "counters are counts":
    "UPDATE tenant_counts SET users_active = users_active + 1 WHERE tenant_key = ?1",
  "the journal has every number once, from 1":
    "UPDATE changes SET seq = 1000 WHERE tenant_key = ?1 AND seq = (SELECT max(seq) FROM changes WHERE tenant_key = ?1)",
  "no guard leaves a row": "INSERT INTO guards (fence) SELECT 1 WHERE ?1",
  "a person's version counts the changes in the journal":
    "UPDATE users SET version = version + 1 WHERE tenant_key = ?1 AND user_name_key LIKE 'ana%'",
  "a group's version is no less than its changes in the journal":
    "UPDATE groups SET version = version - 1 WHERE tenant_key = ?1",
  "who was created is there, or was deleted":
    "DELETE FROM users WHERE tenant_key = ?1 AND user_name_key LIKE 'ana%'",
  "who was deleted is a former person, once, and not there":
    "DELETE FROM former_people WHERE tenant_key = ?1",
  "former people were deleted":
    "UPDATE changes SET operation = 'patch' WHERE tenant_key = ?1 AND operation = 'delete'",
  "members and their groups are there": "DELETE FROM groups WHERE tenant_key = ?1",
  "a person's columns follow from the document":
    "UPDATE users SET user_name_key = 'anna@example.com' WHERE tenant_key = ?1 AND user_name_key LIKE 'ana%'",
  "a group's columns follow from the document":
    "UPDATE groups SET display_name_key = 'crew' WHERE tenant_key = ?1",
  "a person's attribute leads to the department of its name, which is in use":
    "UPDATE departments SET retired_at = '2026' WHERE tenant_key = ?1 AND name = 'Retail'",
  "a group feeds the department of its name, which is in use":
    "UPDATE groups SET department_id = NULL WHERE tenant_key = ?1",
  "people put into a department by hand are there, and so is the department":
    "UPDATE department_members SET user_id = 'nobody' WHERE tenant_key = ?1 AND department_id = (SELECT max(id) FROM departments WHERE tenant_key = ?1)",
  "no time in a department ends before it began":
    "INSERT INTO assignments SELECT ?1, 'ana', '2026-01-01', 'retail', 'group', '2026-01-02'",
  "whoever was invited was created":
    "UPDATE changes SET operation = 'patch' WHERE tenant_key = ?1 AND operation = 'create'",
  "no invitation waits for somebody who is gone or inactive":
    "UPDATE invitations SET state = 'queued' WHERE tenant_key = ?1",
  "the window of deactivations counts the people in it":
    "UPDATE deactivation_windows SET people = people - 1 WHERE tenant_key = ?1",
};

describe("the rules of the database", () => {
  it("hold for what was written through SCIM", async () => {
    expect(await findViolations(env.DB, await livelyTenant())).toEqual([]);
  });

  it("are each broken by a statement, but for the one that only a damaged index breaks", () => {
    const rules = INVARIANTS.map(({ rule }) => rule);
    expect(rules).toEqual([...Object.keys(BREAKS), "unique indexes have a row for each person"]);
  });

  it.each(Object.entries(BREAKS))("find out when they are broken: %s", async (rule, statement) => {
    const key = await livelyTenant();
    await env.DB.prepare(statement).bind(key).run();
    const violations = await findViolations(env.DB, key);
    expect(violations.some((violation) => violation.startsWith(`${rule} –`))).toBe(true);
    await env.DB.prepare("DELETE FROM guards").run();
  });
});
