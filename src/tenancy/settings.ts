import * as z from "zod";

const name = z.string().trim().min(1).max(256);

/** Every choice a tenant has; the presets give each a value, a tenant overrides the ones it names. */
export const Settings = z.strictObject({
  ssoRequired: z.boolean(),
  ssoActive: z.boolean(),
  email: z.enum(["mail-then-username", "username"]),
  uniqueEmail: z.boolean(),
  groups: z.enum(["departments", "plain", "off"]),
  ignoredGroups: z.array(name).max(1000),
  excludedEmails: z.array(z.email().max(254)).max(1000),
  departmentAttribute: z.enum(["department", "ignore"]),
  departmentsPerUser: z.enum(["one", "many"]),
  adoption: z.enum(["email", "off"]),
  onDelete: z.enum(["soft-delete", "erase"]),
  unknownMembers: z.enum(["skip", "reject"]),
  invitations: z.enum(["on-create", "manual", "off"]),
  invitationDelayMinutes: z.int().min(0).max(10_080),
  deactivationGuard: z
    .strictObject({
      percent: z.number().min(1).max(100),
      people: z.int().min(1),
      windowMinutes: z.int().min(1).max(1440),
    })
    .nullable(),
  notifyEmail: z.email().max(254).nullable(),
  logRetentionDays: z.int().min(1).max(3650),
});
export type Settings = z.infer<typeof Settings>;

/** What a tenant chose itself. Stored as such, so that a setting added later takes its preset's value. */
export const SettingsOverrides = Settings.partial();
export type SettingsOverrides = z.infer<typeof SettingsOverrides>;
