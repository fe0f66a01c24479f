CREATE TABLE `oauth_clients` (
	`tenant_key` integer NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` text NOT NULL,
	`revoked_at` text,
	PRIMARY KEY(`tenant_key`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `credentials` ADD `kind` text DEFAULT 'token' NOT NULL;--> statement-breakpoint
ALTER TABLE `credentials` ADD `client_id` text;--> statement-breakpoint
ALTER TABLE `credentials` ADD `parent_id` text;--> statement-breakpoint
ALTER TABLE `credentials` ADD `former_digest` text;--> statement-breakpoint
ALTER TABLE `credentials` ADD `issued_until` text;--> statement-breakpoint
UPDATE `credentials` SET `issued_until` = `expires_at` WHERE `expires_at` IS NOT NULL;--> statement-breakpoint
ALTER TABLE `moves` ADD `actor_id` text;--> statement-breakpoint
ALTER TABLE `moves` ADD `actor_hint` text;--> statement-breakpoint
ALTER TABLE `moves` ADD `request_id` text;--> statement-breakpoint
CREATE INDEX `credentials_kind` ON `credentials` (`tenant_key`,`kind`,`id`) WHERE kind <> 'access';--> statement-breakpoint
CREATE INDEX `credentials_client` ON `credentials` (`tenant_key`,`client_id`,`id`) WHERE client_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `credentials_former_digest` ON `credentials` (`former_digest`) WHERE former_digest IS NOT NULL;--> statement-breakpoint
CREATE INDEX `credentials_access_expiry` ON `credentials` (`expires_at`) WHERE kind = 'access';