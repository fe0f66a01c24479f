import { sql } from "drizzle-orm";
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

// Two kinds of tables. `tenants` and `credential_index` are read in the control database (binding DB) only;
// everything else belongs to the tenants of the database it lies in. Every database has every table.
//
// A tenant is an integer here (`tenant_key`), first in every key: a text id in seven B-trees costs 240 bytes
// a person. Tables whose rows stay under 1,000 bytes are `WITHOUT ROWID`, which drizzle-kit cannot say: the
// migration adds it by hand. Wide rows keep a rowid, because without one they spill to pages of their own.

const instant = (column: string) => text(column);

/** The directory of the deployment: which tenants there are and in which database each one lives. */
export const tenants = sqliteTable(
  "tenants",
  {
    id: text("id").primaryKey(),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    /** Folded, for the prefix search of the admin API. */
    nameKey: text("name_key").notNull(),
    organisation: text("organisation"),
    database: text("database").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("tenants_slug").on(table.slug),
    index("tenants_organisation").on(table.organisation, table.id),
  ],
);

/** Digest → tenant, so that a token alone is enough to find its database. */
export const credentialIndex = sqliteTable("credential_index", {
  digest: text("digest").primaryKey(),
  tenantId: text("tenant_id").notNull(),
});

/** The fence of a tenant and all that a request must know of it. `epoch` rises with every change here. */
export const tenantStates = sqliteTable(
  "tenant_states",
  {
    tenantKey: integer("tenant_key").primaryKey({ autoIncrement: true }),
    tenantId: text("tenant_id").notNull(),
    epoch: integer("epoch").notNull(),
    status: text("status").notNull(),
    preset: text("preset").notNull(),
    overrides: text("overrides").notNull(),
    /** Rises with every change of the tenant's own schemas and resource types; 0: it has none. */
    catalogueVersion: integer("catalogue_version").notNull().default(0),
    /** Settings that people's columns follow from have changed: people behind this id are still to be recomputed. */
    recomputeAfter: text("recompute_after"),
    /** The database that the tenant is being moved to. While it is set, the tenant is not served from this row. */
    movingTo: text("moving_to"),
  },
  (table) => [uniqueIndex("tenant_states_id").on(table.tenantId)],
);

export const credentials = sqliteTable(
  "credentials",
  {
    tenantKey: integer("tenant_key").notNull(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    digest: text("digest").notNull(),
    pepperId: text("pepper_id").notNull(),
    last4: text("last4").notNull(),
    /** Separated by spaces, as in RFC 6749 §3.3. */
    scopes: text("scopes").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
    lastUsedBy: text("last_used_by"),
    kind: text("kind").notNull().default("token"),
    /** Of its OAuth client. */
    clientId: text("client_id"),
    /** The secret that an access token was given for. */
    parentId: text("parent_id"),
    /** The digest under the pepper before: isolates that do not know the new one yet look for it. */
    formerDigest: text("former_digest"),
    /** The end that it was made with: a rotation sets another one, and the successor lives as long as this says. */
    issuedUntil: instant("issued_until"),
  },
  (table) => [
    uniqueIndex("credentials_id").on(table.tenantKey, table.id),
    uniqueIndex("credentials_digest").on(table.digest),
    // Access tokens are many and in no list; the two indexes below are theirs.
    index("credentials_kind")
      .on(table.tenantKey, table.kind, table.id)
      .where(sql.raw("kind <> 'access'")),
    index("credentials_client")
      .on(table.tenantKey, table.clientId, table.id)
      .where(sql.raw("client_id IS NOT NULL")),
    uniqueIndex("credentials_former_digest")
      .on(table.formerDigest)
      .where(sql.raw("former_digest IS NOT NULL")),
    index("credentials_access_expiry").on(table.expiresAt).where(sql.raw("kind = 'access'")),
  ],
);

/** OAuth clients; their secrets and access tokens are credentials. WITHOUT ROWID. */
export const oauthClients = sqliteTable(
  "oauth_clients",
  {
    tenantKey: integer("tenant_key").notNull(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    /** Separated by spaces, as in RFC 6749 §3.3. */
    scopes: text("scopes").notNull(),
    createdAt: instant("created_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [primaryKey({ columns: [table.tenantKey, table.id] })],
);

/**
 * Never holds a row. A guard inserts 0 into one column when its condition is not met, which violates the
 * CHECK of that name and so rolls the whole batch back; the name comes back in the error.
 */
export const guards = sqliteTable(
  "guards",
  {
    fence: integer("fence"),
    version: integer("version"),
    nobodyMatches: integer("nobody_matches"),
    lease: integer("lease"),
    unused: integer("unused"),
    groupExists: integer("group_exists"),
    membersKnown: integer("members_known"),
    fewDeactivations: integer("few_deactivations"),
  },
  () => [
    check("fence_is_current", sql.raw("fence = 1")),
    check("version_is_current", sql.raw("version = 1")),
    check("nobody_matches_the_keys", sql.raw("nobody_matches = 1")),
    check("lease_is_held", sql.raw("lease = 1")),
    check("resource_type_is_unused", sql.raw("unused = 1")),
    check("group_exists", sql.raw("group_exists = 1")),
    check("members_are_known", sql.raw("members_known = 1")),
    check("deactivations_are_few", sql.raw("few_deactivations = 1")),
  ],
);

/** Exact totals, kept by the same batch that changes what they count. */
export const tenantCounts = sqliteTable("tenant_counts", {
  tenantKey: integer("tenant_key").primaryKey(),
  users: integer("users").notNull().default(0),
  usersActive: integer("users_active").notNull().default(0),
  /** People whom SCIM sees when adoption is off. */
  usersScim: integer("users_scim").notNull().default(0),
  groups: integer("groups").notNull().default(0),
});

export const users = sqliteTable(
  "users",
  {
    tenantKey: integer("tenant_key").notNull(),
    id: text("id").notNull(),
    /** The document as given, canonical names, dates in UTC; without id, meta, schemas, groups, password. */
    resource: text("resource").notNull(),
    /** The folded document, only when it holds letters that SQLite's lower() would miss. */
    folded: text("folded"),
    userNameKey: text("user_name_key").notNull(),
    externalId: text("external_id"),
    /** The product's address for this person, by the tenant's email rule. */
    email: text("email"),
    emailKey: text("email_key"),
    /** '' where addresses are unique in the tenant, else the person's id: one index serves both. */
    emailSlot: text("email_slot").notNull(),
    workEmailKey: text("work_email_key"),
    /** 1 when more than one address has type "work": then the key above is not the whole truth. */
    severalWorkEmails: integer("several_work_emails"),
    active: integer("active").notNull(),
    departmentId: text("department_id"),
    /** Since when the attribute names that department. */
    departmentSince: instant("department_since"),
    origin: text("origin").notNull(),
    adoptedAt: instant("adopted_at"),
    adoptedBy: text("adopted_by"),
    /** The document before the adoption, for its undoing. */
    adoptedFrom: text("adopted_from"),
    /** Set while a person is inactive because somebody here, and not the IdP, deactivated them. */
    deactivatedByHand: integer("deactivated_by_hand"),
    predecessorId: text("predecessor_id"),
    version: integer("version").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("users_id").on(table.tenantKey, table.id),
    uniqueIndex("users_user_name").on(table.tenantKey, table.userNameKey),
    uniqueIndex("users_email").on(table.tenantKey, table.emailKey, table.emailSlot),
    index("users_external_id").on(table.tenantKey, table.externalId),
    index("users_work_email")
      .on(table.tenantKey, table.workEmailKey)
      .where(sql.raw("work_email_key IS NOT email_key")),
    index("users_several_work_emails")
      .on(table.tenantKey)
      .where(sql.raw("several_work_emails = 1")),
    index("users_department")
      .on(table.tenantKey, table.departmentId, table.id)
      .where(sql.raw("department_id IS NOT NULL")),
    index("users_inactive").on(table.tenantKey, table.id).where(sql.raw("active = 0")),
  ],
);

/** Not written by this version, see `former_people`; it goes when no version is left that does. */
export const formerUsers = sqliteTable(
  "former_users",
  {
    tenantKey: integer("tenant_key").notNull(),
    id: text("id").notNull(),
    resource: text("resource").notNull(),
    userNameKey: text("user_name_key").notNull(),
    externalId: text("external_id"),
    email: text("email"),
    origin: text("origin").notNull(),
    version: integer("version").notNull(),
    createdAt: instant("created_at").notNull(),
    deletedAt: instant("deleted_at").notNull(),
  },
  (table) => [uniqueIndex("former_users_id").on(table.tenantKey, table.id)],
);

export const groups = sqliteTable(
  "groups",
  {
    tenantKey: integer("tenant_key").notNull(),
    id: text("id").notNull(),
    resource: text("resource").notNull(),
    folded: text("folded"),
    displayName: text("display_name").notNull(),
    displayNameKey: text("display_name_key").notNull(),
    externalId: text("external_id"),
    /** The department that this group feeds, while the tenant's groups are departments. */
    departmentId: text("department_id"),
    /** Not read by this version; it goes when no version is left that does. */
    changedBy: text("changed_by").notNull(),
    version: integer("version").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("groups_id").on(table.tenantKey, table.id),
    uniqueIndex("groups_display_name").on(table.tenantKey, table.displayNameKey),
    index("groups_external_id")
      .on(table.tenantKey, table.externalId)
      .where(sql.raw("external_id IS NOT NULL")),
    index("groups_department")
      .on(table.tenantKey, table.departmentId)
      .where(sql.raw("department_id IS NOT NULL")),
  ],
);

/** One row per membership, so that adding one never reads the others. WITHOUT ROWID. */
export const groupMembers = sqliteTable(
  "group_members",
  {
    tenantKey: integer("tenant_key").notNull(),
    groupId: text("group_id").notNull(),
    memberId: text("member_id").notNull(),
    memberType: text("member_type").notNull(),
    /** When the person joined; kept when the IdP sends the membership again. */
    addedAt: instant("added_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.groupId, table.memberId] }),
    index("group_members_member").on(table.tenantKey, table.memberId, table.groupId),
  ],
);

/** WITHOUT ROWID. Membership is derived: by a group's link, by a user's attribute, or by hand. */
export const departments = sqliteTable(
  "departments",
  {
    tenantKey: integer("tenant_key").notNull(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    nameKey: text("name_key").notNull(),
    origin: text("origin").notNull(),
    createdAt: instant("created_at").notNull(),
    orphanedAt: instant("orphaned_at"),
    /** The run that marked it: only a later one may retire it. */
    orphanedRun: integer("orphaned_run"),
    retiredAt: instant("retired_at"),
    /** externalId of the group that fed it last, once that is deleted: it may be pushed again under another name. */
    externalId: text("external_id"),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.id] }),
    uniqueIndex("departments_name").on(table.tenantKey, table.nameKey),
    index("departments_external_id")
      .on(table.tenantKey, table.externalId)
      .where(sql.raw("external_id IS NOT NULL")),
  ],
);

/** People put into a department by hand. WITHOUT ROWID. */
export const departmentMembers = sqliteTable(
  "department_members",
  {
    tenantKey: integer("tenant_key").notNull(),
    departmentId: text("department_id").notNull(),
    userId: text("user_id").notNull(),
    addedAt: instant("added_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.departmentId, table.userId] }),
    index("department_members_user").on(table.tenantKey, table.userId),
  ],
);

/** The journal. WITHOUT ROWID; rows stay under 1,000 bytes, or each would cost a page of its own. */
export const changes = sqliteTable(
  "changes",
  {
    tenantKey: integer("tenant_key").notNull(),
    seq: integer("seq").notNull(),
    at: instant("at").notNull(),
    requestId: text("request_id").notNull(),
    actorKind: text("actor_kind").notNull(),
    actorId: text("actor_id").notNull(),
    actorHint: text("actor_hint").notNull(),
    operation: text("operation").notNull(),
    resourceType: text("resource_type").notNull(),
    resourceId: text("resource_id"),
    outcome: text("outcome").notNull(),
    status: integer("status").notNull(),
    scimType: text("scim_type"),
    reason: text("reason"),
    diff: text("diff").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantKey, table.seq] }),
    index("changes_resource").on(table.tenantKey, table.resourceId, table.seq),
    index("changes_refused").on(table.tenantKey, table.seq).where(sql.raw("outcome = 'refused'")),
  ],
);
