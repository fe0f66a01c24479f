import * as z from "zod/mini";

import { type Admission, CREDENTIAL_KINDS } from "../../tenancy/credential.ts";
import { PRESET_NAMES } from "../../tenancy/presets.ts";
import { SCOPES } from "../../tenancy/scopes.ts";
import { SettingsOverrides } from "../../tenancy/settings.ts";

/** A valid token must not wait for a cache that hangs: D1 answers instead. */
const PATIENCE_MS = 250;
/** How long a location may answer from its own copy. The fence makes a stale one harmless, only slower. */
const CACHE_TTL_SECONDS = 60;
const EXPIRATION_TTL_SECONDS = 86_400;

/** What another version of the code, or anybody else, wrote is a miss. */
const CachedAdmission: z.ZodMiniType<Admission> = z.object({
  digest: z.string(),
  credential: z.object({
    id: z.string(),
    kind: z.enum(CREDENTIAL_KINDS),
    last4: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    expiresAt: z.nullable(z.string()),
    lastUsedAt: z.nullable(z.string()),
    clientId: z.nullable(z.string()),
  }),
  tenant: z.object({
    id: z.string(),
    key: z.number(),
    slug: z.string(),
    status: z.enum(["active", "suspended", "paused"]),
    isMoving: z.boolean(),
    preset: z.enum(PRESET_NAMES),
    overrides: SettingsOverrides,
    database: z.string(),
    epoch: z.number(),
    catalogueVersion: z.number(),
  }),
});

/**
 * The same for as long, in the memory of the isolate: most requests of a sync find it there. As harmless as KV
 * when it is stale, and for the same reason. Bounded; the oldest goes first.
 */
export type RememberedAdmissions = WeakMap<
  KVNamespace,
  Map<string, { admission: Admission; until: number }>
>;
const MAX_REMEMBERED = 1_000;

/** Digest → admission in KV. Never fails: what cannot be read is a miss, what cannot be written is left. */
export interface AdmissionCache {
  get(digest: string): Promise<Admission | undefined>;
  put(admission: Admission): Promise<void>;
}

export function admissionCache(
  namespace: KVNamespace,
  rememberedFrom: RememberedAdmissions,
): AdmissionCache {
  const keyOf = (digest: string) => `token:${digest}`;
  const remembered = rememberedFrom.get(namespace) ?? new Map();
  rememberedFrom.set(namespace, remembered);

  function remember(admission: Admission): Admission {
    remembered.delete(admission.digest);
    const oldest = remembered.size >= MAX_REMEMBERED ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    const until = Date.now() + CACHE_TTL_SECONDS * 1000;
    remembered.set(admission.digest, { admission, until });
    return admission;
  }

  return {
    async get(digest) {
      const known = remembered.get(digest);
      if (known && known.until > Date.now()) return known.admission;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), PATIENCE_MS);
      });
      try {
        const read = namespace.get(keyOf(digest), { type: "json", cacheTtl: CACHE_TTL_SECONDS });
        const cached = CachedAdmission.safeParse(await Promise.race([read, patience]));
        // The fence tells what is old from what is new, and not whose it is.
        const isOwn = cached.success && cached.data.digest === digest;
        return isOwn ? remember(cached.data) : undefined;
      } catch {
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
    async put(admission) {
      remember(admission);
      try {
        const value = JSON.stringify(admission);
        await namespace.put(keyOf(admission.digest), value, {
          expirationTtl: EXPIRATION_TTL_SECONDS,
        });
      } catch {
        // The next request asks D1 again.
      }
    },
  };
}
