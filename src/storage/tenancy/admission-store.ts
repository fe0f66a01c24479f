import { sql, type SQL } from "drizzle-orm";

import type { Admission } from "../../tenancy/credential.ts";
import type { AdmissionStore } from "../../tenancy/ports.ts";
import { SCOPES } from "../../tenancy/scopes.ts";
import type { AdmissionCache } from "./admission-cache.ts";
import { parseScopes } from "./credential-store.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { followTenant } from "./follow-tenant.ts";
import { liveTenant, stateColumns, type StateRow } from "./live-tenant-rows.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { staysHere } from "./stays-here.ts";
import { credentialIndex, credentials, tenants, tenantStates } from "../tables.ts";
import { unavailable, withRetry } from "../d1/with-retry.ts";

type CredentialColumns = {
  digest: string;
  credential_id: string | null;
  last4: string;
  scopes: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};
type PlaceColumns = { id: string; slug: string; database: string };

const credentialColumns = sql`${credentials}.digest, ${credentials}.id AS credential_id, ${credentials}.last4, ${credentials}.scopes,
  ${credentials}.expires_at, ${credentials}.revoked_at, ${credentials}.last_used_at`;
const placeColumns = sql`${tenants}.id, ${tenants}.slug, ${tenants}.database`;

/** The credential that stands for the deployment's own token. It has no row: the secret is its record. */
const DEPLOYMENT_CREDENTIAL = {
  id: "deployment",
  last4: "",
  scopes: [...SCOPES],
  expiresAt: null,
  lastUsedAt: null,
};

/**
 * Admissions: KV first, then D1, which is the truth; what D1 says refills KV. `later` runs a promise that the
 * answer does not wait for.
 */
export function admissionStore(
  databases: Databases,
  cache: AdmissionCache,
  later: (work: Promise<unknown>) => void,
): AdmissionStore {
  async function first<Row>(database: D1Database, query: SQL): Promise<Row | undefined> {
    return rowsOf<Row>(await withRetry(() => prepare(database, query).run()))[0];
  }

  function admissionOf(
    place: PlaceColumns,
    row: StateRow & CredentialColumns,
  ): Admission | undefined {
    if (row.tenant_key === null || row.credential_id === null || row.revoked_at !== null) {
      return undefined;
    }
    return {
      digest: row.digest,
      credential: {
        id: row.credential_id,
        last4: row.last4,
        scopes: parseScopes(row.scopes),
        expiresAt: row.expires_at,
        lastUsedAt: row.last_used_at,
      },
      tenant: liveTenant(place, { ...row, tenant_key: row.tenant_key }),
    };
  }

  async function fromD1(digests: readonly string[]): Promise<Admission | undefined> {
    // One, unless a pepper is being rotated; a list of one would cost two rows more.
    const anyOf = sql.join(
      digests.map((digest) => sql`${digest}`),
      sql`, `,
    );
    const named = digests.length === 1 ? sql`= ${digests[0]}` : sql`IN (${anyOf})`;
    type Row = PlaceColumns & StateRow & CredentialColumns;
    // One round trip where the tenant lives in the control database, two where it does not.
    const known = await followTenant(
      () =>
        first<Row>(
          databases.control,
          sql`SELECT ${placeColumns}, ${stateColumns}, ${credentialColumns}
            FROM ${credentialIndex} CROSS JOIN ${tenants} ON ${tenants}.id = ${credentialIndex}.tenant_id
            LEFT JOIN ${tenantStates} ON ${tenantStates}.tenant_id = ${tenants}.id
            LEFT JOIN ${credentials} ON ${credentials}.digest = ${credentialIndex}.digest
              AND ${credentials}.tenant_key = ${tenantStates}.tenant_key
            WHERE ${credentialIndex}.digest ${named} LIMIT 1`,
        ),
      (row) =>
        row.database === CONTROL_DATABASE
          ? row
          : first<StateRow & CredentialColumns>(
              databases.named(row.database),
              sql`SELECT ${stateColumns}, ${credentialColumns}
                FROM ${credentials} CROSS JOIN ${tenantStates} ON ${tenantStates}.tenant_key = ${credentials}.tenant_key
                WHERE ${credentials}.digest ${named} AND ${tenantStates}.tenant_id = ${row.id} LIMIT 1`,
            ),
    );
    return known && admissionOf(known.place, known.found);
  }

  async function tenantFromD1(slug: string, digest: string): Promise<Admission | undefined> {
    const known = await followTenant(
      () =>
        first<PlaceColumns & StateRow>(
          databases.control,
          sql`SELECT ${placeColumns}, ${stateColumns} FROM ${tenants}
            LEFT JOIN ${tenantStates} ON ${tenantStates}.tenant_id = ${tenants}.id
            WHERE ${tenants}.slug = ${slug}`,
        ),
      (row) =>
        row.database === CONTROL_DATABASE
          ? row
          : first<StateRow>(
              databases.named(row.database),
              sql`SELECT ${stateColumns} FROM ${tenantStates} WHERE tenant_id = ${row.id}`,
            ),
    );
    if (!known || known.found.tenant_key === null) return undefined;
    const tenant = liveTenant(known.place, { ...known.found, tenant_key: known.found.tenant_key });
    return { digest, credential: DEPLOYMENT_CREDENTIAL, tenant };
  }

  async function cached(
    digest: string,
    fresh: boolean,
    load: () => Promise<Admission | undefined>,
  ): Promise<Admission | undefined> {
    const known = fresh ? undefined : await cache.get(digest);
    if (known) return known;
    const admission = await load();
    // One found under an old pepper is not kept: it has to end with that pepper.
    if (admission?.digest === digest) later(cache.put(admission));
    return admission;
  }

  return {
    byDigest: (digests, { fresh }) => {
      const [newest] = digests;
      return newest === undefined
        ? Promise.resolve(undefined)
        : cached(newest, fresh, () => fromD1(digests));
    },
    bySlug: (slug, digest, { fresh }) => cached(digest, fresh, () => tenantFromD1(slug, digest)),
    async noteUse(admission, use) {
      const { credential, tenant } = admission;
      if (credential.id === DEPLOYMENT_CREDENTIAL.id) return;
      const database = databases.named(tenant.database);
      // A location may still show the cache's older copy: what D1 knows already is not written again.
      const noted = await prepare(
        database,
        sql`UPDATE ${credentials} SET last_used_at = ${use.at}, last_used_by = ${use.by}
          WHERE tenant_key = ${tenant.key} AND id = ${credential.id}
            AND (last_used_at IS NULL OR last_used_at < ${use.notSince}) AND ${staysHere(tenant.key)}`,
      )
        .run()
        .catch((error: unknown) => {
          throw unavailable(error);
        });
      if (noted.meta.changes === 0) return;
      await cache.put({ ...admission, credential: { ...credential, lastUsedAt: use.at } });
    },
  };
}
