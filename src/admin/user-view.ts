import * as z from "zod";

import { describeUser } from "../directory/describe-user.ts";
import type { UserRecord } from "../directory/ports.ts";
import type { Settings } from "../tenancy/settings.ts";

const text = z.string().nullable();

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
  groups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
});

export function userView(user: UserRecord, settings: Settings): z.infer<typeof UserView> {
  return {
    id: user.id,
    ...describeUser(user, settings),
    predecessorId: user.predecessorId,
    active: user.active,
    origin: user.origin,
    adoptedAt: user.adoptedAt,
    adoptedBy: user.adoptedBy,
    groups: (user.groups ?? []).map(({ id, displayName }) => ({ id, displayName })),
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    version: user.version,
  };
}
