ALTER TABLE `guards` ADD COLUMN `group_exists` integer CONSTRAINT "group_exists" CHECK(group_exists = 1);--> statement-breakpoint
ALTER TABLE `guards` ADD COLUMN `members_known` integer CONSTRAINT "members_are_known" CHECK(members_known = 1);
