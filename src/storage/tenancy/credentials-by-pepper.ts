import { sql } from "drizzle-orm";

import type { Databases } from "../d1/databases.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { withRetry } from "../d1/with-retry.ts";
import { credentials } from "../tables.ts";

/**
 * How many live credentials of the deployment are stored under each pepper. Access tokens do not count, which end
 * within the hour, nor do set-up links that were used. Reads every credential: for the operator, who asks while a
 * pepper is being rotated.
 */
export async function credentialsByPepper(
  databases: Databases,
  now: number,
): Promise<{ readonly pepperId: string; readonly live: number }[]> {
  const at = new Date(now).toISOString();
  const counts = await Promise.all(
    databases.names.map(async (name) =>
      rowsOf<{ pepper_id: string; live: number }>(
        await withRetry(() =>
          prepare(
            databases.named(name),
            sql`SELECT pepper_id, count(*) AS live FROM ${credentials}
              WHERE kind <> 'access' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${at})
                AND NOT (kind = 'setup-link' AND last_used_at IS NOT NULL)
              GROUP BY pepper_id`,
          ).run(),
        ),
      ),
    ),
  );
  return counts.flat().map(({ pepper_id, live }) => ({ pepperId: pepper_id, live }));
}
