interface AcrossTenants {
  /** A part of the statement that no other one has. */
  readonly part: string;
  readonly why: string;
}

/** What reads or writes rows of several tenants on purpose: nothing that an identity provider can reach. */
export const ACROSS_TENANTS: readonly AcrossTenants[] = [
  {
    part: `FROM "tenant_states" WHERE tenant_id IN (SELECT value FROM json_each(?))`,
    why: "The operator's list of tenants: their own facts, and nothing that they hold.",
  },
  {
    part: `CROSS JOIN "tenant_counts" AS counts ON counts.tenant_key = state.tenant_key`,
    why: "The operator's list of organisations: how many people their tenants have.",
  },
  {
    part: `AS braked ON braked.tenant_key = brake.value`,
    why: "The operator's list of runs: the tenants that a run stopped at.",
  },
  {
    part: `SELECT tenant_key, epoch, preset, overrides FROM "tenant_states" WHERE moving_to IS NULL`,
    why: "The job that reconciles departments: which tenants are next.",
  },
  {
    part: `SELECT tenant_key FROM "tenant_states" WHERE recompute_after IS NOT NULL`,
    why: "The job that recomputes people: which tenants wait for it.",
  },
  {
    part: `SELECT tenant_key, tenant_id FROM "tenant_states" WHERE "tenant_states".tenant_id >= ?`,
    why: "The job that purges tenants: which ones are deleted.",
  },
  {
    part: `AS known ON known.tenant_key = home.tenant_key WHERE home.moving_to IS NULL`,
    why: "The job that rolls up traffic: which tenants have changes that are not counted.",
  },
  {
    part: `FROM json_each(?) AS part`,
    why: "The same, for several tenants in one statement: each part names its tenant.",
  },
  {
    part: `SELECT coalesce(max(tenant_key), 0) AS last FROM "tenant_states"`,
    why: "The job that deletes what is too old: where its walk ends.",
  },
  {
    part: `AS oldest FROM "tenant_states" WHERE tenant_key > ?`,
    why: "The same: the tenants, and how old their oldest change is.",
  },
  {
    part: `ON home.tenant_key = named.value ->> 'tenantKey' AND home.moving_to IS NULL`,
    why: "The same, for several tenants in one statement: each has a limit of its own.",
  },
  {
    part: `FROM "tenant_states" WHERE tenant_key > ? AND status = 'active' AND moving_to IS NULL`,
    why: "The job that watches tenants: a page of them, and what hangs on each.",
  },
  {
    part: `FROM "invitations" AS due INDEXED BY invitations_due CROSS JOIN "tenant_states" AS tenant ON tenant.tenant_key = due.tenant_key`,
    why: "The job that sends invitations: those that are due, whosever they are.",
  },
  {
    part: `WHERE "invitations".tenant_key = named.tenant_key AND "invitations".user_id = named.user_id`,
    why: "The same: what became of them, each named by its tenant's number and its person.",
  },
  {
    part: `FROM "alerts" AS alert INDEXED BY alerts_to_send CROSS JOIN "tenant_states" AS tenant ON tenant.tenant_key = alert.tenant_key`,
    why: "The job that mails alerts: those that wait, whosever they are.",
  },
  {
    part: `WHERE "alerts".tenant_key = named.tenant_key AND "alerts".id = named.id`,
    why: "The same: those that were mailed, each named by its tenant's number and its id.",
  },
];

/** What is not even tied to a list of tenants. */
export const TIED_TO_NONE: readonly AcrossTenants[] = [
  {
    part: `DELETE FROM "deactivations" WHERE (tenant_key, window_started_at, user_id) IN (`,
    why: "The job that deletes what is too old: all that was counted in windows which are over.",
  },
  {
    part: `SELECT digest, former_digest FROM "credentials" WHERE kind = 'access' AND expires_at < ?`,
    why: "The same: access tokens that have ended, whosever they were.",
  },
  {
    part: `DELETE FROM "credentials" WHERE digest IN (SELECT value FROM json_each(?)) AND kind = 'access' AND expires_at < ?`,
    why: "The same.",
  },
  {
    part: `SELECT pepper_id, count(*) AS live FROM "credentials"`,
    why: "The operator's view of the deployment: how many credentials wait for the end of a pepper.",
  },
];

/** Who writes rows of several tenants in one transaction. */
export const BATCHES_ACROSS_TENANTS: readonly { readonly file: string; readonly why: string }[] = [
  {
    file: "/src/storage/notices/watch-store.ts",
    why: "The job that watches tenants raises and ends the alerts of a page of them at once.",
  },
];
