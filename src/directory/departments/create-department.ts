import { foldText } from "../../scim/fold.ts";
import { changeBy, type DirectoryContext } from "../context.ts";
import { readBack } from "../read-back.ts";
import type { DepartmentRecord } from "./ports.ts";

/**
 * Makes a department by hand: the synchronisation never renames or retires it on its own account, though a group
 * or an attribute of its name will feed it. The name of a retired one brings that one back, with its id and history.
 */
export async function createDepartment(
  context: DirectoryContext,
  name: string,
): Promise<{ kind: "created"; department: DepartmentRecord } | { kind: "duplicate" }> {
  const { departments, ids } = context;
  const draft = { id: ids.next(), name, nameKey: foldText(name), origin: "manual" } as const;
  const outcome = await departments.create(
    draft,
    changeBy(context, {
      operation: "create",
      resourceType: "Department",
      resourceId: draft.id,
      status: 201,
      diff: [{ attribute: "name", after: name }],
    }),
  );
  if (outcome.kind === "duplicate") return outcome;
  const { id, department = await readBack(() => departments.byId(id)) } = outcome;
  return { kind: "created", department };
}
