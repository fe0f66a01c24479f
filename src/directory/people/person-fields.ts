import * as z from "zod/mini";

import { foldText } from "../../scim/fold.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../scim/json.ts";
import { readResource } from "../../scim/resource.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { ENTERPRISE_USER_SCHEMA } from "../../scim/schema/enterprise-user.ts";
import { Label } from "../../tenancy/label.ts";
import type { UserRecord } from "../ports.ts";
import { withActive } from "./user-draft.ts";

const Email = z.email("This is not an email address.").check(z.maxLength(254));

/** What an administrator may say of a person. */
const FIELDS = {
  email: Email,
  userName: Label,
  givenName: Label,
  familyName: Label,
  displayName: Label,
  department: Label,
  externalId: Label,
};

export const PersonFields = z.partial(z.strictObject(FIELDS));
export type PersonFields = z.infer<typeof PersonFields>;

/** Null takes a value away; a userName cannot be. */
export const PersonChange = z.partial(
  z.strictObject({
    ...FIELDS,
    email: z.nullable(Email),
    givenName: z.nullable(Label),
    familyName: z.nullable(Label),
    displayName: z.nullable(Label),
    department: z.nullable(Label),
    externalId: z.nullable(Label),
    active: z.boolean(),
  }),
);
export type PersonChange = z.infer<typeof PersonChange>;

const objectOr = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

/**
 * The address that the product would take of the document (`emailOf`) replaced by another one, so that every
 * other address stays; none left when it is null.
 */
function withEmail(emails: JsonValue | undefined, email: string | null): JsonValue {
  if (email === null) return null;
  const addresses = Array.isArray(emails) ? emails.filter(isJsonObject) : [];
  const usable = addresses.filter(({ value }) => typeof value === "string");
  const isWork = ({ type }: JsonObject) => typeof type === "string" && foldText(type) === "work";
  const used = usable.find(isWork) ?? usable.find(({ primary }) => primary === true) ?? usable[0];
  return used === undefined
    ? [{ value: email, type: "work", primary: true }]
    : addresses.map((address) => (address === used ? { ...address, value: email } : address));
}

/** Only what is named. */
const named = (values: Record<string, JsonValue | undefined>): JsonObject =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** The document with what is named replaced or, where it is null, taken away. */
export function withFields(
  document: JsonObject,
  change: PersonChange,
  type: ResourceType,
): JsonObject {
  const { email, givenName, familyName, department, ...texts } = change;
  const name = { ...objectOr(document["name"]), ...named({ givenName, familyName }) };
  const enterprise = { ...objectOr(document[ENTERPRISE_USER_SCHEMA.id]), ...named({ department }) };
  const emails = email === undefined ? document["emails"] : withEmail(document["emails"], email);
  const changed = {
    ...document,
    ...named({ ...texts, emails }),
    name,
    [ENTERPRISE_USER_SCHEMA.id]: enterprise,
  };
  return readResource(changed, type);
}

/** A new person's document: the userName is the email, and the display name the name, unless something else is said. */
export function documentOf(
  fields: PersonFields & { readonly email: string },
  type: ResourceType,
): JsonObject {
  const name = [fields.givenName, fields.familyName].filter((part) => part !== undefined).join(" ");
  const document = withFields(
    {},
    { userName: fields.email, displayName: name === "" ? null : name, ...fields },
    type,
  );
  return withActive(document, true);
}

const textOr = (value: JsonValue | undefined): string | null =>
  typeof value === "string" ? value : null;

/** What a person's fields say now. The email is the product's, which may be their userName. */
export function fieldsOf(
  user: Pick<UserRecord, "document" | "email">,
): Record<keyof PersonFields, string | null> {
  const { document } = user;
  const name = objectOr(document["name"]);
  return {
    email: user.email,
    userName: textOr(document["userName"]),
    givenName: textOr(name["givenName"]),
    familyName: textOr(name["familyName"]),
    displayName: textOr(document["displayName"]),
    department: textOr(objectOr(document[ENTERPRISE_USER_SCHEMA.id])["department"]),
    externalId: textOr(document["externalId"]),
  };
}

/** What of a change is news. */
export function newsIn(
  user: Pick<UserRecord, "document" | "email">,
  change: PersonChange,
): PersonChange {
  const current: Record<string, string | boolean | null> = {
    ...fieldsOf(user),
    active: user.document["active"] !== false,
  };
  return Object.fromEntries(
    Object.entries(change).filter(
      ([name, value]) => value !== undefined && value !== current[name],
    ),
  );
}
