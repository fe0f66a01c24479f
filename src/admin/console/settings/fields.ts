import type { Settings } from "../../../tenancy/settings.ts";

interface FieldFacts {
  /** Of the part of the page that begins with it. */
  readonly heading?: string;
  readonly name: keyof Settings;
  readonly label: string;
  readonly hint: string;
  readonly isForOperator?: true;
}

/** How a setting is chosen, and what it means for whoever chooses. */
export type SettingFacts = FieldFacts &
  (
    | { readonly kind: "switch" | "number" | "email" | "lines" | "guard" }
    | { readonly kind: "choice"; readonly options: readonly (readonly [string, string])[] }
  );

/**
 * Every setting, in the order of the page. The console reads them from the file that is made of this one (`npm run
 * assets`): so many words would weigh on every start of the Worker.
 */
export const FIELDS: readonly SettingFacts[] = [
  {
    heading: "Single sign-on",
    name: "ssoRequired",
    label: "Single sign-on must be active before a token is issued",
    hint: "Tokens that exist go on working.",
    kind: "switch",
    isForOperator: true,
  },
  {
    name: "ssoActive",
    label: "Single sign-on is active",
    hint: "Says that people of this tenant can sign in.",
    kind: "switch",
    isForOperator: true,
  },
  {
    heading: "People",
    name: "email",
    label: "A person's email address is",
    hint: "Changing it rewrites everybody's address.",
    kind: "choice",
    options: [
      ["mail-then-username", "the work address, else the user name"],
      ["username", "the user name"],
    ],
  },
  {
    name: "uniqueEmail",
    label: "No two people share an address",
    hint: "A second person with the same address is refused with 409.",
    kind: "switch",
  },
  {
    name: "adoption",
    label: "People who were enrolled by hand",
    hint: "Taking over keeps their id and history.",
    kind: "choice",
    options: [
      ["email", "are taken over when the identity provider sends them"],
      ["off", "are not seen by the identity provider"],
    ],
  },
  {
    name: "onDelete",
    label: "Who is deleted",
    hint: "Either way the identity provider hears that nobody is there.",
    kind: "choice",
    options: [
      ["soft-delete", "stays in the records, without access"],
      ["erase", "is erased"],
    ],
  },
  {
    name: "excludedEmails",
    label: "People whom provisioning must not touch",
    hint: "One address a line. Requests about them are refused with 403, and they neither join nor leave groups.",
    kind: "lines",
  },
  {
    heading: "Groups and departments",
    name: "groups",
    label: "Groups",
    hint: "Off: remove the mapping of groups from your identity provider, or its job shows errors.",
    kind: "choice",
    options: [
      ["departments", "become departments"],
      ["plain", "are kept as groups"],
      ["off", "are not taken"],
    ],
  },
  {
    name: "unknownMembers",
    label: "A group that names people who are not here",
    hint: "Identity providers often send groups before their members.",
    kind: "choice",
    options: [
      ["skip", "is taken without them"],
      ["reject", "is refused"],
    ],
  },
  {
    name: "departmentAttribute",
    label: "The attribute department",
    hint: "Leaving the mapping out of the identity provider changes nothing here.",
    kind: "choice",
    options: [
      ["department", "becomes a department"],
      ["ignore", "is kept, and means nothing"],
    ],
  },
  {
    name: "departmentsPerUser",
    label: "A person is in",
    hint: "With one, the group joined last counts, then what was assigned by hand, then the attribute.",
    kind: "choice",
    options: [
      ["one", "one department"],
      ["many", "as many departments as name them"],
    ],
  },
  {
    name: "ignoredGroups",
    label: "Groups that never become departments",
    hint: "One name a line.",
    kind: "lines",
  },
  {
    heading: "Invitations",
    name: "invitations",
    label: "Invitations",
    hint: "Mails need a mailer (docs/mail.md); without one they stay queued.",
    kind: "choice",
    options: [
      ["on-create", "are sent to everybody new"],
      ["manual", "are sent by hand"],
      ["off", "are not sent"],
    ],
  },
  {
    name: "invitationDelayMinutes",
    label: "Minutes before an invitation is sent",
    hint: "Time to notice a mistake in the identity provider.",
    kind: "number",
  },
  {
    heading: "Alerts and the log",
    name: "notifyEmail",
    label: "Alerts are mailed to",
    hint: "Empty: they are shown here only.",
    kind: "email",
  },
  {
    name: "logRetentionDays",
    label: "Days that the log is kept",
    hint: "Deleted people and retired departments go with it.",
    kind: "number",
  },
  {
    name: "deactivationGuard",
    label: "Stop when many people would be deactivated at once",
    hint: "Percent of all, at least so many people, within so many minutes: then requests are answered with 503 until somebody releases the guard.",
    kind: "guard",
  },
];
