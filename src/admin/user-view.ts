import * as z from "zod";

import { emailOf } from "../directory/email-of.ts";
import type { UserRecord } from "../directory/ports.ts";
import { isJsonObject, type JsonValue } from "../scim/json.ts";
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

const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === "string" ? value : null;

export function userView(user: UserRecord, settings: Settings): z.infer<typeof UserView> {
  const { document } = user;
  const name = isJsonObject(document["name"]) ? document["name"] : {};
  return {
    id: user.id,
    email: user.email,
    emailRule: emailOf(document, settings.email).rule,
    userName: textOf(document["userName"]),
    predecessorId: user.predecessorId,
    externalId: textOf(document["externalId"]),
    givenName: textOf(name["givenName"]),
    familyName: textOf(name["familyName"]),
    displayName: textOf(document["displayName"]),
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
