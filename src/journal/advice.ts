import type { Change } from "./change.ts";

type Facts = Pick<Change, "outcome" | "status" | "scimType" | "resourceType" | "reason">;

/** What a row has to be like: all that is named here. `says` is a part of the reason. */
interface Rule {
  readonly outcome: Change["outcome"];
  readonly status?: number;
  readonly scimType?: string;
  readonly resourceType?: string;
  readonly says?: string;
  readonly advice: string;
}

/** The first rule that fits counts: what is particular stands before what is general. */
const RULES: readonly Rule[] = [
  {
    outcome: "refused",
    scimType: "uniqueness",
    says: "userName already exists",
    advice:
      "Somebody here has this userName. Find them by it: if they are the same person, delete or rename one of the two; if the identity provider sends the same userName for two people, correct it there.",
  },
  {
    outcome: "refused",
    scimType: "uniqueness",
    says: "uniqueEmail",
    advice:
      "Two people have the same email address. Correct one of them in the identity provider, or switch the setting uniqueEmail off if people may share an address.",
  },
  {
    outcome: "refused",
    scimType: "uniqueness",
    says: "Several people",
    advice:
      "Several people here could be the one that is meant, so that nobody was changed. Open them, and remove the one that is not needed, or give the right one the userName that the identity provider sends.",
  },
  {
    outcome: "refused",
    scimType: "uniqueness",
    says: "deactivated this person by hand",
    advice:
      "Somebody deactivated this person here, and provisioning does not overrule that. Activate them here if they shall come back; otherwise take them out of the scope of provisioning.",
  },
  {
    outcome: "refused",
    scimType: "uniqueness",
    says: "displayName already exists",
    advice:
      "There is a group of this name. Rename one of the two in the identity provider, or let it match groups by displayName, so that it finds the one that is here.",
  },
  {
    outcome: "refused",
    scimType: "uniqueness",
    advice:
      "Another resource has a value that must be unique. Find it by that value, and correct or remove one of the two.",
  },
  {
    outcome: "refused",
    says: "excludedEmails",
    advice:
      "This person is on the list of people whom provisioning must not touch. Take them off the list (setting excludedEmails), or out of the scope of provisioning.",
  },
  {
    outcome: "refused",
    status: 403,
    says: "enrolled by hand",
    advice:
      "This person was added here by hand and never taken over by provisioning, which therefore does not delete them. Delete them here if they shall go, or adopt them first.",
  },
  {
    outcome: "refused",
    status: 403,
    says: "does not take groups",
    advice:
      "Groups are switched off for this tenant. Switch the group mapping off in the identity provider, or groups on here (setting groups).",
  },
  {
    outcome: "refused",
    status: 403,
    says: "permission",
    advice:
      "The token may not do this. Create a token with the permission that the reason names and enter it in the identity provider, or switch off there what needs it.",
  },
  {
    outcome: "refused",
    status: 403,
    says: "suspended",
    advice:
      "Provisioning of this tenant is suspended. When the plan includes it again, set the tenant's status to active; the identity provider then sends everything anew.",
  },
  {
    outcome: "refused",
    status: 503,
    says: "deactivat",
    advice:
      "Unusually many people would have been deactivated or deleted, so that provisioning of that was stopped. Check the assignments in the identity provider. If it is right, resolve the alert, and the identity provider's next cycle goes on.",
  },
  {
    outcome: "refused",
    status: 503,
    says: "paused",
    advice:
      "Provisioning of this tenant is paused. Nothing is lost: the identity provider tries again. Set the tenant's status to active to go on.",
  },
  {
    outcome: "refused",
    status: 503,
    advice: "Nothing was changed. The identity provider sends the request again by itself.",
  },
  {
    outcome: "refused",
    says: "unknownMembers",
    advice:
      "The group names people who are not here. Bring them into the scope of provisioning, so that they are created before the group; or set unknownMembers to skip, so that the others join meanwhile.",
  },
  {
    outcome: "refused",
    says: "is required and",
    advice:
      "A value that every resource must have is missing. Map the attribute that the reason names in the identity provider, and check that it has a value for this person or group.",
  },
  {
    outcome: "refused",
    status: 404,
    advice:
      "The identity provider knows an id that is not here (any more). It usually looks the person or group up again and creates it; if it does not, restart provisioning there.",
  },
  {
    outcome: "refused",
    status: 412,
    advice:
      "Somebody changed the resource in between. The identity provider has to read it again and repeat its change; that happens with its next cycle.",
  },
  {
    outcome: "refused",
    status: 413,
    says: "operations",
    advice:
      "The request holds too many operations. Let the identity provider send smaller batches.",
  },
  {
    outcome: "refused",
    status: 413,
    advice:
      "The request or the resource is too large. Take large values, such as photos, out of the mapping.",
  },
  {
    outcome: "refused",
    scimType: "invalidFilter",
    advice:
      "The search of the identity provider cannot be read. Check the matching attribute in its mapping: a simple attribute such as userName or externalId always works.",
  },
  {
    outcome: "refused",
    scimType: "invalidPath",
    advice:
      "The mapping names a target attribute in a form that cannot be read. Correct its spelling in the identity provider: the reason says where it ends to make sense.",
  },
  {
    outcome: "refused",
    scimType: "noTarget",
    advice:
      'The change is meant for a value that the person or group does not have. Map the value by its type, such as emails[type eq "work"].value, or without a filter.',
  },
  {
    outcome: "refused",
    scimType: "mutability",
    advice:
      "This attribute cannot be changed. Take its mapping out of the identity provider, or let it apply only when the resource is created.",
  },
  {
    outcome: "refused",
    scimType: "invalidSyntax",
    advice:
      "The request is not a well-formed SCIM request. Check what stands between the identity provider and this service, and whether the provider's connector speaks SCIM 2.0.",
  },
  {
    outcome: "refused",
    scimType: "invalidValue",
    advice:
      "A value does not have the form that its attribute needs. Correct it at its source, or the expression of the mapping that the reason names.",
  },
  {
    outcome: "refused",
    status: 409,
    resourceType: "Department",
    advice:
      "Another department has this name, or a group or attribute of the identity provider feeds it. Choose another name, merge the two, or change it in the identity provider.",
  },
  {
    outcome: "refused",
    status: 409,
    advice:
      "The state of the resource does not allow this. The reason says what is in its way; when that is gone, the request succeeds.",
  },
  {
    outcome: "refused",
    status: 403,
    advice:
      "This is not allowed as the tenant is set up. The reason says what forbids it; change that setting, or take the mapping out of the identity provider.",
  },
  {
    outcome: "refused",
    advice:
      "The request was refused for the reason given. Correct it in the identity provider; it sends the request again with its next cycle.",
  },
  {
    outcome: "applied",
    says: "Provisioning has brought nobody yet",
    advice:
      "The connection works. Start provisioning in the identity provider, and assign people or groups to it.",
  },
  {
    outcome: "applied",
    says: "Ignored:",
    advice:
      "Attributes that are not known here changed nothing. Take them out of the mapping, or define a schema that has them.",
  },
];

/**
 * What to do about a row of the journal, in plain words for whoever looks after the identity provider; null where
 * there is nothing to do. Goes by the status, the scimType and telling words of the reason, so that rows of
 * earlier versions have advice too.
 */
export function adviceFor(change: Facts): string | null {
  const reason = change.reason ?? "";
  const rule = RULES.find(
    ({ outcome, status, scimType, resourceType, says }) =>
      outcome === change.outcome &&
      (status === undefined || status === change.status) &&
      (scimType === undefined || scimType === change.scimType) &&
      (resourceType === undefined || resourceType === change.resourceType) &&
      (says === undefined || reason.includes(says)),
  );
  return rule?.advice ?? null;
}
