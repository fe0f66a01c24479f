import { env } from "cloudflare:workers";

/**
 * A journal of so many rows behind the ones that are there, a minute apart, the last of them at `lastAt`. Every
 * row is an applied change of a person of its own, but for those that `refused` picks by their number from 1.
 */
export async function seedChanges(
  tenantKey: number,
  count: number,
  { lastAt, refused = "0" }: { lastAt: number; refused?: string },
): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO changes (tenant_key, seq, at, request_id, actor_kind, actor_id, actor_hint, operation,
         resource_type, resource_id, outcome, status, diff)
       WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
       SELECT ?1, n + coalesce((SELECT max(seq) FROM changes WHERE tenant_key = ?1), 0),
         strftime('%Y-%m-%dT%H:%M:%fZ', (?3 - (?2 - n) * 60000) / 1000.0, 'unixepoch'),
         'seeded-' || n, 'token', 'seeded', 'seed', 'patch', 'User', 'person-' || n,
         CASE WHEN ${refused} THEN 'refused' ELSE 'applied' END, 200, '[]' FROM numbers`,
  )
    .bind(tenantKey, count, lastAt)
    .run();
}
