import { foldText } from "../../scim/fold.ts";
import { isJsonObject, type JsonObject } from "../../scim/json.ts";
import { ENTERPRISE_USER_SCHEMA } from "../../scim/schema/enterprise-user.ts";
import type { Settings } from "../../tenancy/settings.ts";
import { emailOf, workEmailsOf } from "./email-of.ts";

/** What a person is looked up by: follows from the document and the settings that were in force when it was made. */
export interface UserKeys {
  readonly userNameKey: string;
  readonly externalId: string | null;
  readonly email: string | null;
  readonly emailKey: string | null;
  readonly emailIsUnique: boolean;
  readonly workEmailKey: string | null;
  readonly severalWorkEmails: boolean;
  readonly active: boolean;
  /** Name of the department that the attribute names; null when there is none or the tenant ignores it. */
  readonly department: string | null;
}

export function departmentAttribute(document: JsonObject): string | null {
  const extension = document[ENTERPRISE_USER_SCHEMA.id];
  const department = isJsonObject(extension) ? extension["department"] : undefined;
  const name = typeof department === "string" ? department.trim() : "";
  return name === "" ? null : name;
}

export function userKeys(document: JsonObject, settings: Settings): UserKeys {
  const text = (name: string) => (typeof document[name] === "string" ? document[name] : null);
  const { email } = emailOf(document, settings.email);
  const workEmails = workEmailsOf(document);
  const workEmail = workEmails[0];
  return {
    userNameKey: foldText(text("userName") ?? ""),
    externalId: text("externalId"),
    email,
    emailKey: email === null ? null : foldText(email),
    emailIsUnique: settings.uniqueEmail,
    workEmailKey: workEmail === undefined ? null : foldText(workEmail),
    severalWorkEmails: workEmails.length > 1,
    active: document["active"] !== false,
    department:
      settings.departmentAttribute === "department" ? departmentAttribute(document) : null,
  };
}
