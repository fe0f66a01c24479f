import { sql, type SQL } from "drizzle-orm";

import type { Admission, CredentialKind } from "../../tenancy/credential.ts";
import type { AdmissionStore } from "../../tenancy/ports.ts";
import { SCOPES } from "../../tenancy/scopes.ts";
import type { AdmissionCache } from "./admission-cache.ts";
import { parseScopes } from "./credential-store.ts";
import { CONTROL_DATABASE, type Databases } from "../d1/databases.ts";
import { followTenant } from "./follow-tenant.ts";
import { redigest } from "./redigest.ts";
import { liveTenant, stateColumns, type StateRow } from "./live-tenant-rows.ts";
import { prepare, rowsOf } from "../d1/prepare.ts";
import { staysHere } from "./stays-here.ts";
import { credentialIndex, credentials, tenants, tenantStates } from "../tables.ts";
import { unavailable, withRetry } from "../d1/with-retry.ts";

type CredentialColumns = {
  digest: string;
  credential_id: string | null;
  kind: CredentialKind;
  client_id: string | null;
  last4: string;
  scopes: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};
type PlaceColumns = { id: string; slug: string; database: string };

const credentialColumns = sql`${credentials}.digest, ${credentials}.id AS credential_id, ${credentials}.kind,
  ${credentials}.client_id, ${credentials}.last4, ${credentials}.scopes, ${credentials}.expires_at, ${credentials}.revoked_at, ${credentials}.last_used_at`;
const placeColumns = sql`${tenants}.id, ${tenants}.slug, ${tenants}.database`;

/** The credential that stands for the deployment's own token. It has no row: the secret is its record. */
const DEPLOYMENT_CREDENTIAL = {
  id: "deployment",
  kind: "token" as const,
  clientId: null,
  last4: "",
  scopes: [...SCOPES],
  expiresAt: null,
  lastUsedAt: null,
};

const isOfScim = ({ credential: { kind } }: Admission): boolean =>
  kind === "token" || kind === "access";

/**
 * Admissions: KV first, then D1, which is the truth; what D1 says refills KV. `later` runs a promise that the
 * answer does not wait for; `newestPepper` names the pepper of the first of several digests.
 */
export function admissionStore(
  databases: Databases,
  cache: AdmissionCache,
  later: (work: Promise<unknown>) => void,
  newestPepper: () => Promise<string>,
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
        kind: row.kind,
        clientId: row.client_id,
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
    const isOne = digests.length === 1;
    const named = isOne ? sql`= ${digests[0]}` : sql`IN (${anyOf})`;
    // A credential may stand in the index under two digests, and only under the newer one is its row joined.
    const whole = isOne ? sql`` : sql`ORDER BY ${credentials}.id IS NULL`;
    type Row = PlaceColumns & StateRow & CredentialColumns;
    const selectIn = (condition: SQL, tenantId: string) =>
      sql`SELECT ${stateColumns}, ${credentialColumns}
        FROM ${credentials} CROSS JOIN ${tenantStates} ON ${tenantStates}.tenant_key = ${credentials}.tenant_key
        WHERE ${condition} AND ${tenantStates}.tenant_id = ${tenantId} LIMIT 1`;
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
            WHERE ${credentialIndex}.digest ${named} ${whole} LIMIT 1`,
        ),
      async (row) => {
        const isHere = row.database === CONTROL_DATABASE;
        if (isHere && row.credential_id !== null) return row;
        const home = databases.named(row.database);
        const found = isHere
          ? undefined
          : await first<StateRow & CredentialColumns>(
              home,
              selectIn(sql`${credentials}.digest ${named}`, row.id),
            );
        // The tenant had this token once: it may stand under another pepper's digest by now.
        return (
          found ??
          (await first<StateRow & CredentialColumns>(
            home,
            selectIn(sql`${credentials}.former_digest ${named}`, row.id),
          )) ??
          (isHere ? row : undefined)
        );
      },
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

  async function fromD1ById(tenantId: string, credentialId: string) {
    type Row = PlaceColumns & StateRow;
    const known = await followTenant(
      () =>
        first<Row>(
          databases.control,
          sql`SELECT ${placeColumns} FROM ${tenants} WHERE id = ${tenantId}`,
        ),
      (row) =>
        first<StateRow & CredentialColumns>(
          databases.named(row.database),
          sql`SELECT ${stateColumns}, ${credentialColumns}
            FROM ${tenantStates} CROSS JOIN ${credentials} ON ${credentials}.tenant_key = ${tenantStates}.tenant_key
            WHERE ${tenantStates}.tenant_id = ${tenantId} AND ${credentials}.id = ${credentialId}`,
        ),
    );
    return known && admissionOf(known.place, known.found);
  }

  async function cached(
    digest: string,
    fresh: boolean,
    load: () => Promise<Admission | undefined>,
  ): Promise<Admission | undefined> {
    const known = fresh ? undefined : await cache.get(digest);
    if (known) return known;
    const admission = await load();
    // One found under an old pepper is not kept: it has to end with that pepper. And no key of an administrator is:
    // nobody would find it there.
    if (admission?.digest === digest && isOfScim(admission)) later(cache.put(admission));
    return admission;
  }

  return {
    async byDigest(digests, { fresh }) {
      const [newest, before] = digests;
      if (newest === undefined) return undefined;
      const admission = await cached(newest, fresh, () => fromD1(digests));
      // Who knows one pepper only may not have got the newest one yet, and must not turn back what others did.
      if (admission && admission.digest !== newest && before !== undefined) {
        const to = { newest, before, newestPepper };
        // What fails here, the next use does again.
        later(redigest(databases, admission, to).catch(() => undefined));
      }
      return admission;
    },
    byId: (tenantId, credentialId) => fromD1ById(tenantId, credentialId),
    bySlug: (slug, digest, { fresh }) => cached(digest, fresh, () => tenantFromD1(slug, digest)),
    async noteUse(admission, use) {
      const { credential, tenant } = admission;
      if (credential.id === DEPLOYMENT_CREDENTIAL.id) return;
      const database = databases.named(tenant.database);
      const { id, kind } = credential;
      // An access token is gone within the hour: the secret that it was given for keeps when it was used.
      const used =
        kind === "access"
          ? sql`IN (${id}, (SELECT parent_id FROM ${credentials} WHERE tenant_key = ${tenant.key} AND id = ${id}))`
          : sql`= ${id}`;
      // A location may still show the cache's older copy: what D1 knows already is not written again.
      const noted = await prepare(
        database,
        sql`UPDATE ${credentials} SET last_used_at = ${use.at}, last_used_by = ${use.by}
          WHERE tenant_key = ${tenant.key} AND id ${used}
            AND (last_used_at IS NULL OR last_used_at < ${use.notSince}) AND ${staysHere(tenant.key)}`,
      )
        .run()
        .catch((error: unknown) => {
          throw unavailable(error);
        });
      if (noted.meta.changes === 0 || !isOfScim(admission)) return;
      await cache.put({ ...admission, credential: { ...credential, lastUsedAt: use.at } });
    },
  };
}
