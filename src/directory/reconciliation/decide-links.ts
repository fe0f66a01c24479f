import { foldText } from "../../scim/fold.ts";
import { departmentOf } from "../groups/group-draft.ts";
import type { DepartmentDraft } from "../ports.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { GroupLink, LostPerson } from "./ports.ts";

/** What a group's link becomes; those that are as they should be are left out. */
export const decideGroupLinks = (
  groups: readonly GroupLink[],
  settings: Settings,
  nextId: () => string,
): { readonly group: GroupLink; readonly department: DepartmentDraft | null }[] =>
  groups
    .map((group) => ({ group, department: departmentOf(group.displayName, settings, nextId) }))
    .filter(({ group, department }) => department !== null || group.isLinked);

/** The department that a person's document names; none where it names none. */
export const decidePeopleLinks = (
  people: readonly LostPerson[],
  nextId: () => string,
): { readonly person: LostPerson; readonly department: DepartmentDraft | null }[] =>
  people.map((person) => {
    const name = person.department?.trim() ?? "";
    const department: DepartmentDraft | null =
      name === "" ? null : { id: nextId(), name, nameKey: foldText(name), origin: "attribute" };
    return { person, department };
  });
