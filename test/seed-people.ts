import { env } from "cloudflare:workers";

/**
 * Many people at once, without the server: copies of one that it made, named `{prefix}-{number}`. Returns their
 * ids in their order.
 */
export async function seedPeople(
  tenantKey: number,
  model: string,
  count: number,
): Promise<string[]> {
  const { results: columns } = await env.DB.prepare(
    "SELECT name FROM pragma_table_info('users')",
  ).all<{
    name: string;
  }>();
  const replaced: Record<string, string> = {
    id: "printf('01ffffff-0000-7000-8000-%012d', n)",
    user_name_key: "printf('seeded-%d', n)",
    resource: "json_set(resource, '$.userName', printf('seeded-%d', n))",
    email_slot: "printf('01ffffff-0000-7000-8000-%012d', n)",
  };
  const names = columns.map(({ name }) => name);
  const values = names.map((name) => replaced[name] ?? name);
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO users (${names.join()}) WITH RECURSIVE numbers(n) AS
         (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
       SELECT ${values.join()} FROM users, numbers WHERE tenant_key = ?2 AND id = ?3`,
    ).bind(count, tenantKey, model),
    env.DB.prepare(
      `UPDATE tenant_counts SET users = users + ?1, users_active = users_active + ?1,
         users_scim = users_scim + ?1 WHERE tenant_key = ?2`,
    ).bind(count, tenantKey),
  ]);
  return Array.from(
    { length: count },
    (_, at) => `01ffffff-0000-7000-8000-${String(at + 1).padStart(12, "0")}`,
  );
}
