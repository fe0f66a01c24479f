import * as z from "zod/mini";

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(256));

/** Every choice a tenant has; the presets give each a value, a tenant overrides the ones it names. */
export const Settings = z.strictObject({
  ssoRequired: z.boolean(),
  ssoActive: z.boolean(),
  email: z.enum(["mail-then-username", "username"]),
  uniqueEmail: z.boolean(),
  groups: z.enum(["departments", "plain", "off"]),
  ignoredGroups: z.array(name).check(z.maxLength(1000)),
  excludedEmails: z.array(z.email().check(z.maxLength(254))).check(z.maxLength(1000)),
  departmentAttribute: z.enum(["department", "ignore"]),
  departmentsPerUser: z.enum(["one", "many"]),
  adoption: z.enum(["email", "off"]),
  onDelete: z.enum(["soft-delete", "erase"]),
  unknownMembers: z.enum(["skip", "reject"]),
  invitations: z.enum(["on-create", "manual", "off"]),
  invitationDelayMinutes: z.int().check(z.minimum(0), z.maximum(10_080)),
  deactivationGuard: z.nullable(
    z.strictObject({
      percent: z.number().check(z.minimum(1), z.maximum(100)),
      people: z.int().check(z.minimum(1)),
      windowMinutes: z.int().check(z.minimum(1), z.maximum(1440)),
    }),
  ),
  notifyEmail: z.nullable(z.email().check(z.maxLength(254))),
  logRetentionDays: z.int().check(z.minimum(1), z.maximum(3650)),
});
export type Settings = z.infer<typeof Settings>;

/** What a tenant chose itself. Stored as such, so that a setting added later takes its preset's value. */
export const SettingsOverrides = z.partial(Settings);
export type SettingsOverrides = z.infer<typeof SettingsOverrides>;
