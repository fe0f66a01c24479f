import { foldText } from "../../scim/fold.ts";
import { orFault, ScimError } from "../../scim/error.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema/attribute.ts";
import { sameDocument } from "../../scim/value/same-document.ts";
import type { Settings } from "../../tenancy/settings.ts";
import type { UserRecord } from "../ports.ts";
import { requireSize } from "../require-size.ts";
import type { UserKeys } from "./user-keys.ts";
import { documentOf, newsIn, withFields, type PersonFields } from "./person-fields.ts";

/** Somebody whom an earlier line of the file was about, with the keys from before it. */
export interface EarlierPerson {
  readonly id: string;
  readonly line: number;
  readonly keys: UserKeys;
}

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
}

export function importKeys({ email, userName }: PersonFields): ImportKeys {
  const name = userName ?? email;
  return {
    emailKey: email === undefined ? undefined : foldText(email),
    userNameKey: name === undefined ? undefined : foldText(name),
  };
}

type Candidate = UserRecord | EarlierPerson;

const conflict = (message: string) => ({ kind: "conflict", message }) as const;

/**
 * Create, update, leave alone or refuse. `people`: at least everybody who has one of the line's keys, but for
 * those whom the import itself has written, who are `earlier`: so a preview and the import decide the same. Values
 * that the line does not give stay; people whom SCIM manages are the identity provider's to change.
 */
export function decideImport(
  fields: PersonFields,
  { people, earlier }: { people: readonly UserRecord[]; earlier: readonly EarlierPerson[] },
  settings: Pick<Settings, "uniqueEmail">,
  type: ResourceType,
): ImportDecision {
  const keys = importKeys(fields);
  if (keys.userNameKey === undefined) return conflict("Give an email or a userName.");
  const candidates: Candidate[] = [...earlier, ...people];
  const byUserName = candidates.find((person) => person.keys.userNameKey === keys.userNameKey);
  const byEmail = candidates.filter((person) => hasEmail(person.keys, keys.emailKey));
  // Where addresses may be shared, a userName alone tells people apart.
  const decides =
    byUserName !== undefined && fields.userName !== undefined && !settings.uniqueEmail;
  const meant = new Set(decides ? [byUserName] : [byUserName, ...byEmail]);
  meant.delete(undefined);
  const [person, another] = meant;
  if (person === undefined) return create(fields, type);
  if (another !== undefined) {
    return conflict(
      byUserName === undefined || byEmail.includes(byUserName)
        ? "Several people have this email. Give the userName too."
        : "The userName and the email belong to two different people.",
    );
  }
  if (!("document" in person)) return conflict(`Line ${person.line} is about the same person.`);
  if (person.origin === "scim") {
    const message = "The identity provider manages this person: change them there.";
    return { kind: "skip", person, message };
  }
  const document = orFault(() =>
    requireSize(withFields(person.document, newsIn(person, fields), type)),
  );
  if (document instanceof ScimError) return conflict(document.detail);
  return sameDocument(document, person.document)
    ? { kind: "skip", person }
    : { kind: "update", person, document };
}

/** The product's address and the work address both count: an administrator knows either. */
const hasEmail = (keys: UserKeys, emailKey: string | undefined): boolean =>
  emailKey !== undefined && (keys.emailKey === emailKey || keys.workEmailKey === emailKey);

function create(fields: PersonFields, type: ResourceType): ImportDecision {
  const { email } = fields;
  if (email === undefined) {
    return conflict("Nobody has this userName. A new person needs an email too.");
  }
  const document = orFault(() => requireSize(documentOf({ ...fields, email }, type)));
  return document instanceof ScimError ? conflict(document.detail) : { kind: "create", document };
}
