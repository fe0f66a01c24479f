import { isJsonObject, type JsonValue } from "../../scim/json.ts";
import type { Settings } from "../../tenancy/settings.ts";
import { emailOf, type EmailRule } from "./email-of.ts";
import type { UserRecord } from "../ports.ts";

/** What a product wants to know of a person, out of the document that the IdP sent. */
export interface UserDescription {
  readonly email: string | null;
  readonly emailRule: EmailRule;
  readonly userName: string | null;
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
}

const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === "string" ? value : null;

export function describeUser(
  user: Pick<UserRecord, "document" | "email">,
  settings: Settings,
): UserDescription {
  const { document } = user;
  const name = isJsonObject(document["name"]) ? document["name"] : {};
  return {
    email: user.email,
    emailRule: emailOf(document, settings.email).rule,
    userName: textOf(document["userName"]),
    externalId: textOf(document["externalId"]),
    givenName: textOf(name["givenName"]),
    familyName: textOf(name["familyName"]),
    displayName: textOf(document["displayName"]),
  };
}
