CREATE TABLE `resource_keys` (
	`tenant_key` integer NOT NULL,
	`type` text NOT NULL,
	`attribute` text NOT NULL,
	`key` text NOT NULL,
	`resource_id` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `type`, `attribute`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `resource_keys_resource` ON `resource_keys` (`tenant_key`,`resource_id`);--> statement-breakpoint
CREATE TABLE `resource_types` (
	`tenant_key` integer NOT NULL,
	`name_key` text NOT NULL,
	`name` text NOT NULL,
	`definition` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `name_key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `resources` (
	`tenant_key` integer NOT NULL,
	`type` text NOT NULL,
	`id` text NOT NULL,
	`resource` text NOT NULL,
	`folded` text,
	`external_id` text,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `resources_id` ON `resources` (`tenant_key`,`type`,`id`);--> statement-breakpoint
CREATE INDEX `resources_external_id` ON `resources` (`tenant_key`,`type`,`external_id`) WHERE external_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `schemas` (
	`tenant_key` integer NOT NULL,
	`id_key` text NOT NULL,
	`id` text NOT NULL,
	`definition` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `id_key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `leases` (
	`job` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`fencing` integer NOT NULL,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `reconciliations` (
	`run` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`trigger` text NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text,
	`cursor` integer DEFAULT 0 NOT NULL,
	`tenants` integer DEFAULT 0 NOT NULL,
	`marked` integer DEFAULT 0 NOT NULL,
	`unmarked` integer DEFAULT 0 NOT NULL,
	`retired` integer DEFAULT 0 NOT NULL,
	`repaired` integer DEFAULT 0 NOT NULL,
	`brakes` text DEFAULT '[]' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `changes` (
	`tenant_key` integer NOT NULL,
	`seq` integer NOT NULL,
	`at` text NOT NULL,
	`request_id` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_hint` text NOT NULL,
	`operation` text NOT NULL,
	`resource_type` text NOT NULL,
	`resource_id` text,
	`outcome` text NOT NULL,
	`status` integer NOT NULL,
	`scim_type` text,
	`reason` text,
	`diff` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `seq`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `changes_resource` ON `changes` (`tenant_key`,`resource_id`,`seq`);--> statement-breakpoint
CREATE INDEX `changes_refused` ON `changes` (`tenant_key`,`seq`) WHERE outcome = 'refused';--> statement-breakpoint
CREATE TABLE `credential_index` (
	`digest` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `credentials` (
	`tenant_key` integer NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`pepper_id` text NOT NULL,
	`last4` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text,
	`revoked_at` text,
	`last_used_at` text,
	`last_used_by` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_id` ON `credentials` (`tenant_key`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_digest` ON `credentials` (`digest`);--> statement-breakpoint
CREATE TABLE `department_members` (
	`tenant_key` integer NOT NULL,
	`department_id` text NOT NULL,
	`user_id` text NOT NULL,
	`added_at` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `department_id`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `department_members_user` ON `department_members` (`tenant_key`,`user_id`);--> statement-breakpoint
CREATE TABLE `departments` (
	`tenant_key` integer NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`origin` text NOT NULL,
	`created_at` text NOT NULL,
	`orphaned_at` text,
	`orphaned_run` integer,
	`retired_at` text,
	PRIMARY KEY(`tenant_key`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `departments_name` ON `departments` (`tenant_key`,`name_key`);--> statement-breakpoint
CREATE TABLE `former_users` (
	`tenant_key` integer NOT NULL,
	`id` text NOT NULL,
	`resource` text NOT NULL,
	`user_name_key` text NOT NULL,
	`external_id` text,
	`email` text,
	`origin` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`deleted_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `former_users_id` ON `former_users` (`tenant_key`,`id`);--> statement-breakpoint
CREATE TABLE `group_members` (
	`tenant_key` integer NOT NULL,
	`group_id` text NOT NULL,
	`member_id` text NOT NULL,
	`member_type` text NOT NULL,
	`added_at` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `group_id`, `member_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `group_members_member` ON `group_members` (`tenant_key`,`member_id`,`group_id`);--> statement-breakpoint
CREATE TABLE `groups` (
	`tenant_key` integer NOT NULL,
	`id` text NOT NULL,
	`resource` text NOT NULL,
	`folded` text,
	`display_name` text NOT NULL,
	`display_name_key` text NOT NULL,
	`external_id` text,
	`department_id` text,
	`changed_by` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_id` ON `groups` (`tenant_key`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `groups_display_name` ON `groups` (`tenant_key`,`display_name_key`);--> statement-breakpoint
CREATE INDEX `groups_external_id` ON `groups` (`tenant_key`,`external_id`) WHERE external_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `groups_department` ON `groups` (`tenant_key`,`department_id`) WHERE department_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `guards` (
	`fence` integer,
	`version` integer,
	`nobody_matches` integer,
	`lease` integer,
	`unused` integer,
	CONSTRAINT "fence_is_current" CHECK(fence = 1),
	CONSTRAINT "version_is_current" CHECK(version = 1),
	CONSTRAINT "nobody_matches_the_keys" CHECK(nobody_matches = 1),
	CONSTRAINT "lease_is_held" CHECK(lease = 1),
	CONSTRAINT "resource_type_is_unused" CHECK(unused = 1)
);
--> statement-breakpoint
CREATE TABLE `tenant_counts` (
	`tenant_key` integer PRIMARY KEY NOT NULL,
	`users` integer DEFAULT 0 NOT NULL,
	`users_active` integer DEFAULT 0 NOT NULL,
	`users_scim` integer DEFAULT 0 NOT NULL,
	`groups` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tenant_states` (
	`tenant_key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`status` text NOT NULL,
	`preset` text NOT NULL,
	`overrides` text NOT NULL,
	`catalogue_version` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenant_states_id` ON `tenant_states` (`tenant_id`);--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`organisation` text,
	`database` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenants_slug` ON `tenants` (`slug`);--> statement-breakpoint
CREATE INDEX `tenants_organisation` ON `tenants` (`organisation`,`id`);--> statement-breakpoint
CREATE TABLE `users` (
	`tenant_key` integer NOT NULL,
	`id` text NOT NULL,
	`resource` text NOT NULL,
	`folded` text,
	`user_name_key` text NOT NULL,
	`external_id` text,
	`email` text,
	`email_key` text,
	`email_slot` text NOT NULL,
	`work_email_key` text,
	`several_work_emails` integer,
	`active` integer NOT NULL,
	`department_id` text,
	`origin` text NOT NULL,
	`adopted_at` text,
	`adopted_by` text,
	`deactivated_by_hand` integer,
	`predecessor_id` text,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_id` ON `users` (`tenant_key`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_user_name` ON `users` (`tenant_key`,`user_name_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_email` ON `users` (`tenant_key`,`email_key`,`email_slot`);--> statement-breakpoint
CREATE INDEX `users_external_id` ON `users` (`tenant_key`,`external_id`);--> statement-breakpoint
CREATE INDEX `users_work_email` ON `users` (`tenant_key`,`work_email_key`) WHERE work_email_key IS NOT email_key;--> statement-breakpoint
CREATE INDEX `users_several_work_emails` ON `users` (`tenant_key`) WHERE several_work_emails = 1;--> statement-breakpoint
CREATE INDEX `users_department` ON `users` (`tenant_key`,`department_id`,`id`) WHERE department_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `users_inactive` ON `users` (`tenant_key`,`id`) WHERE active = 0;