import { sql, type SQL } from "drizzle-orm";

import type { Admission } from "../../tenancy/credential.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { prepare } from "../d1/prepare.ts";
import { withRetry } from "../d1/with-retry.ts";
import { credentialIndex, credentials } from "../tables.ts";
import { staysHere } from "./stays-here.ts";

/**
 * Files a credential that was found under an old pepper under the newest one, while its token is at hand. It is
 * found under the digest of the pepper before (`before`) too, as long as some isolates know that one only. May run
 * twice, and end at any statement: an index row without a credential admits nobody.
 */
export async function redigest(
  databases: Databases,
  { digest: old, credential, tenant }: Admission,
  to: { newest: string; before: string; newestPepper: () => Promise<string> },
): Promise<void> {
  const pepperId = await to.newestPepper();
  const ofCredential = sql`tenant_key = ${tenant.key} AND id = ${credential.id} AND digest = ${old}`;
  const index = sql`INSERT INTO ${credentialIndex} (digest, tenant_id) VALUES (${to.newest}, ${tenant.id})
    ON CONFLICT DO NOTHING`;
  const row = sql`UPDATE ${credentials} SET digest = ${to.newest}, former_digest = ${to.before}, pepper_id = ${pepperId}
    WHERE ${ofCredential} AND ${staysHere(tenant.key)}`;
  // Of a pepper that is long gone: nobody would ever find these rows of the index again.
  const forget = (former: SQL) =>
    sql`DELETE FROM ${credentialIndex} WHERE tenant_id = ${tenant.id} AND digest IN (${former})
      AND digest NOT IN (${to.newest}, ${to.before})`;
  const formerOf = sql`SELECT former_digest FROM ${credentials} WHERE ${ofCredential}`;

  if (tenant.database === CONTROL_DATABASE) {
    const statements = [forget(formerOf), index, row];
    await databases.control.batch(statements.map((query) => prepare(databases.control, query)));
    return;
  }
  const home = databases.named(tenant.database);
  const former = await withRetry(() =>
    prepare(home, formerOf).run<{ former_digest: string | null }>(),
  );
  const [known] = former.results;
  await prepare(databases.control, index).run();
  await prepare(home, row).run();
  if (known?.former_digest)
    await prepare(databases.control, forget(sql`${known.former_digest}`)).run();
}
