CREATE TABLE `traffic` (
	`tenant_key` integer NOT NULL,
	`hour` text NOT NULL,
	`writes` integer DEFAULT 0 NOT NULL,
	`refused` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`tenant_key`, `hour`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `traffic_cursors` (
	`tenant_key` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alerts` (
	`tenant_key` integer NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`raised_at` text NOT NULL,
	`resolved_at` text,
	`notified_at` text,
	PRIMARY KEY(`tenant_key`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_open` ON `alerts` (`tenant_key`,`kind`,`subject`) WHERE resolved_at IS NULL;--> statement-breakpoint
CREATE INDEX `alerts_to_send` ON `alerts` (`raised_at`) WHERE notified_at IS NULL;--> statement-breakpoint
CREATE TABLE `deactivation_windows` (
	`tenant_key` integer PRIMARY KEY NOT NULL,
	`started_at` text NOT NULL,
	`active_at_start` integer NOT NULL,
	`people` integer NOT NULL,
	`tripped_at` text,
	`released` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deactivations` (
	`tenant_key` integer NOT NULL,
	`window_started_at` text NOT NULL,
	`user_id` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `window_started_at`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `invitations` (
	`tenant_key` integer NOT NULL,
	`user_id` text NOT NULL,
	`state` text NOT NULL,
	`created_at` text NOT NULL,
	`due_at` text NOT NULL,
	`sent_at` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	PRIMARY KEY(`tenant_key`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `invitations_due` ON `invitations` (`due_at`) WHERE state = 'queued';--> statement-breakpoint
CREATE TABLE `assignments` (
	`tenant_key` integer NOT NULL,
	`user_id` text NOT NULL,
	`ended_at` text NOT NULL,
	`department_id` text NOT NULL,
	`source` text NOT NULL,
	`started_at` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `user_id`, `ended_at`, `department_id`, `source`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `former_people` (
	`tenant_key` integer NOT NULL,
	`user_name_key` text NOT NULL,
	`id` text NOT NULL,
	`resource` text NOT NULL,
	`external_id` text,
	`email` text,
	`origin` text NOT NULL,
	`departments` text DEFAULT '[]' NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`deleted_at` text NOT NULL,
	PRIMARY KEY(`tenant_key`, `user_name_key`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `former_people_id` ON `former_people` (`tenant_key`,`id`);--> statement-breakpoint
ALTER TABLE `guards` ADD COLUMN `few_deactivations` integer CONSTRAINT "deactivations_are_few" CHECK(few_deactivations = 1);--> statement-breakpoint
ALTER TABLE `tenant_states` ADD `recompute_after` text;--> statement-breakpoint
ALTER TABLE `users` ADD `department_since` text;--> statement-breakpoint
ALTER TABLE `users` ADD `adopted_from` text;--> statement-breakpoint
INSERT INTO `former_people` (`tenant_key`, `user_name_key`, `id`, `resource`, `external_id`, `email`, `origin`, `version`, `created_at`, `deleted_at`)
SELECT `tenant_key`, `user_name_key`, `id`, `resource`, `external_id`, `email`, `origin`, `version`, `created_at`, `deleted_at` FROM `former_users`;
