import { forbidden } from "../../scim/error.ts";
import { foldText } from "../../scim/fold.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { DepartmentDraft, GroupDraft, GroupRecord } from "../ports.ts";

const text = (document: JsonObject, name: string): string | null => {
  const value = document[name];
  return typeof value === "string" ? value : null;
};

export const groupDraft = (id: string, document: JsonObject): GroupDraft => ({
  id,
  document,
  displayName: text(document, "displayName") ?? "",
  externalId: text(document, "externalId"),
});

export const draftOfGroup = (group: GroupRecord): GroupDraft =>
  groupDraft(group.id, group.document);

/** The department that a group of this name feeds; null for an ignored group, or where groups are plain. */
export function departmentOf(
  displayName: string,
  settings: Settings,
  nextId: () => string,
): DepartmentDraft | null {
  const nameKey = foldText(displayName.trim());
  const ignored = settings.ignoredGroups.some((name) => foldText(name) === nameKey);
  if (settings.groups !== "departments" || ignored || nameKey === "") return null;
  return { id: nextId(), name: displayName.trim(), nameKey, origin: "group" };
}

/** Writing a group where the product has none: the IdP's administrator has to switch a mapping off. */
export function refuseWithoutGroups(settings: Settings): void {
  if (settings.groups === "off") {
    throw forbidden(
      "This tenant does not take groups. Switch off the group mapping in your identity provider (Entra ID: Provisioning, Mappings, Provision Groups; Okta: Push Groups).",
    );
  }
}
