import { sql } from "drizzle-orm";

import type { Admission } from "../../tenancy/credential.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { prepare } from "../d1/prepare.ts";
import { credentialIndex, credentials } from "../tables.ts";
import { staysHere } from "./stays-here.ts";

/**
 * Files a credential that was found under an old pepper under the newest one, while its token is at hand. It can be
 * found under the digest before too, as long as some isolates know that pepper only. May run twice, and end at any
 * statement: an index row without a credential admits nobody.
 */
export async function redigest(
  databases: Databases,
  { digest: old, credential, tenant }: Admission,
  newest: string,
  newestPepper: () => Promise<string>,
): Promise<void> {
  const index = sql`INSERT INTO ${credentialIndex} (digest, tenant_id) VALUES (${newest}, ${tenant.id})
    ON CONFLICT DO NOTHING`;
  const row = sql`UPDATE ${credentials} SET digest = ${newest}, former_digest = ${old},
      pepper_id = ${await newestPepper()}
    WHERE tenant_key = ${tenant.key} AND id = ${credential.id} AND digest = ${old} AND ${staysHere(tenant.key)}`;
  if (tenant.database === CONTROL_DATABASE) {
    await databases.control.batch([index, row].map((query) => prepare(databases.control, query)));
    return;
  }
  await prepare(databases.control, index).run();
  await prepare(databases.named(tenant.database), row).run();
}
