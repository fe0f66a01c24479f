import type { Settings, SettingsOverrides } from "./settings.ts";

export const PRESET_NAMES = ["generic", "training", "visitors", "phishing"] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const GUARD = { percent: 20, people: 10, windowMinutes: 60 };

/** The strict RFC server: nothing that a product wants is switched on. */
const generic: Settings = {
  ssoRequired: false,
  ssoActive: false,
  email: "mail-then-username",
  uniqueEmail: false,
  groups: "plain",
  ignoredGroups: [],
  excludedEmails: [],
  departmentAttribute: "ignore",
  departmentsPerUser: "many",
  adoption: "off",
  onDelete: "soft-delete",
  unknownMembers: "skip",
  invitations: "off",
  invitationDelayMinutes: 10,
  deactivationGuard: null,
  notifyEmail: null,
  logRetentionDays: 90,
};

export const PRESETS: Readonly<Record<PresetName, Settings>> = {
  generic,
  training: {
    ...generic,
    ssoRequired: true,
    uniqueEmail: true,
    groups: "departments",
    departmentAttribute: "department",
    departmentsPerUser: "one",
    adoption: "email",
    deactivationGuard: GUARD,
  },
  visitors: {
    ...generic,
    uniqueEmail: true,
    groups: "off",
    departmentsPerUser: "one",
    adoption: "email",
    deactivationGuard: GUARD,
  },
  phishing: {
    ...generic,
    ssoRequired: true,
    email: "username",
    uniqueEmail: true,
    adoption: "email",
    invitations: "manual",
    deactivationGuard: GUARD,
  },
};

/** The preset's values with the tenant's own on top. */
export function settingsOf(preset: PresetName, overrides: SettingsOverrides): Settings {
  const chosen = Object.fromEntries(
    Object.entries(overrides).filter(([, value]) => value !== undefined),
  );
  return { ...PRESETS[preset], ...chosen };
}
