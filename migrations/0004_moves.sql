CREATE TABLE `moves` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`source_key` integer NOT NULL,
	`target` text NOT NULL,
	`target_key` integer,
	`state` text NOT NULL,
	`epoch` integer NOT NULL,
	`cursor` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`stalls` integer DEFAULT 0 NOT NULL,
	`started_at` text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `tenant_states` ADD `moving_to` text;