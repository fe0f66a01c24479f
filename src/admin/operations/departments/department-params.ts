import * as z from "zod/mini";

import type { DepartmentOwner } from "../../../directory/departments/owner-of.ts";
import type { Refusal } from "../../operation.ts";
import { TenantParams } from "../tenant-params.ts";

export const DepartmentParams = z.extend(TenantParams, { id: z.string() });

export const DepartmentBody = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(256)),
});

export const noSuchDepartment: Refusal = {
  kind: "not-found",
  detail: "This tenant has no department of this id.",
};

export const nameIsTaken: Refusal = {
  kind: "conflict",
  detail:
    "This tenant already has a department of this name, or one that a source which is switched off made.",
};

const OWNERS: Readonly<Record<Exclude<DepartmentOwner, "hand">, string>> = {
  group:
    "A group of the identity provider feeds this department: change the group there, or merge the department into another one.",
  attribute:
    "The department attribute of people names this department: change it in the identity provider, or merge the department into another one.",
  synchronisation:
    "The synchronisation made this department and nothing refers to it any more. Keep it to make it yours, or let reconciliation retire it.",
};

/** Only hand-made departments may be changed by hand. */
export const ownedBy = (owner: keyof typeof OWNERS): Refusal => ({
  kind: "conflict",
  detail: OWNERS[owner],
});
