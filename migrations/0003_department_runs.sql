ALTER TABLE `reconciliations` ADD `tenant_key` integer;--> statement-breakpoint
ALTER TABLE `departments` ADD `external_id` text;--> statement-breakpoint
CREATE INDEX `departments_external_id` ON `departments` (`tenant_key`,`external_id`) WHERE external_id IS NOT NULL;