import { foldText } from "../../scim/fold.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { sameDocument } from "../../scim/value/same-document.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { UserRecord } from "../ports.ts";
import { userKeys } from "../user-keys.ts";
import { documentOf, newsIn, withFields, type PersonFields } from "./person-fields.ts";

/** What a line of an import does. `message`: what there is to say to the administrator. */
export type ImportDecision =
  | { readonly kind: "create"; readonly document: JsonObject }
  | { readonly kind: "update"; readonly person: UserRecord; readonly document: JsonObject }
  | { readonly kind: "skip"; readonly person: UserRecord; readonly message?: string }
  | { readonly kind: "conflict"; readonly message: string };

/** What a line says who it is about. */
export interface ImportKeys {
  readonly emailKey: string | undefined;
  /** Without a userName of its own, a person's is their email. */
  readonly userNameKey: string | undefined;
  readonly namesUserName: boolean;
}

export function importKeys({ email, userName }: PersonFields): ImportKeys {
  const name = userName ?? email;
  return {
    emailKey: email === undefined ? undefined : foldText(email),
    userNameKey: name === undefined ? undefined : foldText(name),
    namesUserName: userName !== undefined,
  };
}

/** Everybody who has the line's userName or email; the product's address and the work address both count. */
function peopleMeant(
  { emailKey, userNameKey }: ImportKeys,
  people: readonly UserRecord[],
  settings: Settings,
): { byUserName: UserRecord | undefined; byEmail: UserRecord[] } {
  const keyed = people.map((person) => ({ person, keys: userKeys(person.document, settings) }));
  const hasEmail = ({ keys }: (typeof keyed)[number]) =>
    emailKey !== undefined && (keys.emailKey === emailKey || keys.workEmailKey === emailKey);
  return {
    byUserName: keyed.find(({ keys }) => keys.userNameKey === userNameKey)?.person,
    byEmail: keyed.filter(hasEmail).map(({ person }) => person),
  };
}

/**
 * Create, update, leave alone or refuse. `people`: at least everybody who has one of the line's keys. Values
 * that the line does not give stay; people whom SCIM manages are the identity provider's to change.
 */
export function decideImport(
  fields: PersonFields,
  people: readonly UserRecord[],
  settings: Settings,
  type: ResourceType,
): ImportDecision {
  const keys = importKeys(fields);
  if (keys.userNameKey === undefined) {
    return { kind: "conflict", message: "Give an email or a userName." };
  }
  const { byUserName, byEmail } = peopleMeant(keys, people, settings);
  // Where addresses may be shared, the userName alone tells people apart.
  const decides = byUserName !== undefined && keys.namesUserName && !settings.uniqueEmail;
  const meant = decides ? [byUserName] : [...new Set([...(byUserName ? [byUserName] : []), ...byEmail])];
  const [person, another] = meant;
  if (person === undefined) {
    const { email } = fields;
    return email === undefined
      ? { kind: "conflict", message: "Nobody has this userName. To create a person, give an email too." }
      : { kind: "create", document: documentOf({ ...fields, email }, type) };
  }
  if (another !== undefined) {
    return {
      kind: "conflict",
      message:
        byUserName !== undefined && !byEmail.includes(byUserName)
          ? "The userName and the email belong to two different people."
          : "Several people have this email. Give the userName too.",
    };
  }
  if (person.origin === "scim") {
    return {
      kind: "skip",
      person,
      message: "The identity provider manages this person: change them there.",
    };
  }
  const document = withFields(person.document, newsIn(person, fields), type);
  return sameDocument(document, person.document)
    ? { kind: "skip", person }
    : { kind: "update", person, document };
}
