import * as z from "zod/mini";

import { describeUser } from "../directory/people/describe-user.ts";
import type { PersonsDepartment } from "../directory/departments/persons-department.ts";
import type { FormerPerson } from "../directory/people/ports.ts";
import type { UserRecord } from "../directory/ports.ts";
import type { Settings } from "../tenancy/settings.ts";

const text = z.nullable(z.string());

/** A person as the administration shows them. */
export const UserView = z.object({
  id: z.string(),
  email: text,
  emailRule: z.enum(["work", "primary", "first", "userName", "none"]),
  userName: text,
  predecessorId: text,
  externalId: text,
  givenName: text,
  familyName: text,
  displayName: text,
  active: z.boolean(),
  origin: z.enum(["scim", "manual"]),
  adoptedAt: text,
  adoptedBy: text,
  departments: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        source: z.enum(["group", "attribute", "manual"]),
      }),
    )
    .check(
      z.describe("Those that count by the tenant's settings; of a deleted person, the last ones."),
    ),
  groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: text.check(
    z.describe("Since when the person is kept for the product's history only."),
  ),
  version: z.int(),
});

const departmentViews = (departments: readonly PersonsDepartment[]) =>
  departments.map(({ id, name, source }) => ({ id, name, source }));

/** Without departments, unless the record was read with them. */
export function userView(user: UserRecord, settings: Settings): z.infer<typeof UserView> {
  return {
    id: user.id,
    ...describeUser(user, settings),
    predecessorId: user.predecessorId,
    active: user.active,
    origin: user.origin,
    adoptedAt: user.adoptedAt,
    adoptedBy: user.adoptedBy,
    departments: departmentViews(user.departments ?? []),
    groups: (user.groups ?? []).map(({ id, displayName }) => ({ id, displayName })),
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    deletedAt: null,
    version: user.version,
  };
}

/** Somebody who was soft-deleted. */
export function formerView(person: FormerPerson, settings: Settings): z.infer<typeof UserView> {
  return {
    id: person.id,
    ...describeUser(person, settings),
    predecessorId: null,
    active: false,
    origin: person.origin,
    adoptedAt: null,
    adoptedBy: null,
    departments: departmentViews(person.departments),
    groups: [],
    createdAt: person.createdAt,
    updatedAt: person.deletedAt,
    deletedAt: person.deletedAt,
    version: person.version,
  };
}
