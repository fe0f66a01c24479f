import type { JsonObject } from "../../scim/json.ts";
import { forbidden } from "../../scim/error.ts";
import { foldText } from "../../scim/fold.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { DepartmentDraft, UserDraft, UserRecord, Write } from "../ports.ts";
import { departmentAttribute, userKeys, type UserKeys } from "./user-keys.ts";

/** A stored person as a draft, so that two drafts tell what an update changes. */
export const draftOf = (record: UserRecord): UserDraft => ({
  id: record.id,
  document: record.document,
  keys: record.keys,
  origin: record.origin,
  adoptedAt: record.adoptedAt,
  adoptedBy: record.adoptedBy,
  deactivatedByHand: record.deactivatedByHand,
  predecessorId: record.predecessorId,
  ...(record.departmentId !== null && {
    departmentLink: {
      id: record.departmentId,
      since: record.departmentSince ?? record.createdAt,
    },
  }),
});

/**
 * The keys of a person's next document. While the tenant ignores the department attribute, a link that it made
 * stays as long as the attribute says the same, so that switching it on again loses nothing.
 */
export function nextKeys(before: UserDraft, document: JsonObject, settings: Settings): UserKeys {
  const keys = userKeys(document, settings);
  const link = before.keys.department;
  const stays =
    settings.departmentAttribute === "ignore" &&
    link !== null &&
    foldText(departmentAttribute(document) ?? "") === foldText(link);
  return stays ? { ...keys, department: link } : keys;
}

/** `active` is always in a document: clients expect it in every answer, and Okta's PUT may leave it out. */
export const withActive = (document: JsonObject, active: boolean): JsonObject => ({
  ...document,
  active: typeof document["active"] === "boolean" ? document["active"] : active,
});

/**
 * The department that the attribute names, to be made before the person is written. None where it says what it
 * said before: a link from then stays, also to the department that another one was merged into.
 */
export function departmentWrites(
  before: UserKeys | undefined,
  { department: name }: UserKeys,
  nextId: () => string,
): Write[] {
  const nameKey = foldText(name ?? "");
  if (name === null || nameKey === foldText(before?.department ?? "")) return [];
  const department: DepartmentDraft = { id: nextId(), name, nameKey, origin: "attribute" };
  return [{ kind: "ensure-department", department }];
}

/** People whom an administrator has put out of SCIM's reach, by userName, the product's address or the work address. */
export function refuseExcluded(keys: UserKeys, settings: Settings): void {
  const excluded = settings.excludedEmails.map(foldText);
  if (
    [keys.userNameKey, keys.emailKey, keys.workEmailKey].some((key) => excluded.includes(key ?? ""))
  ) {
    throw forbidden(
      "This person is on the tenant's list of people whom provisioning must not touch (excludedEmails).",
    );
  }
}
