/** An address of a person. In one document no two have the same type and value. */
export interface Email {
  readonly value: string;
  readonly type: "work" | "home";
  readonly primary?: boolean;
}

/** What identity providers say of a person, as far as it is played here. What is absent has no value. */
export interface PersonDocument {
  readonly userName: string;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly title?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly emails?: readonly Email[];
  readonly active: boolean;
  readonly department?: string;
  readonly employeeNumber?: string;
}

export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

export type Json = Readonly<Record<string, unknown>>;

/** The document as SCIM writes it: names as an object, enterprise attributes under their URI. */
export function scimDocument(document: Partial<PersonDocument>): Json {
  const { givenName, familyName, department, employeeNumber, emails, ...rest } = document;
  const name = defined({ givenName, familyName });
  const enterprise = defined({ department, employeeNumber });
  return {
    ...rest,
    ...(name && { name }),
    ...(emails && emails.length > 0 && { emails }),
    ...(enterprise && { [ENTERPRISE]: enterprise }),
  };
}

/** The parts that have a value; undefined when none has. */
function defined(parts: Json): Json | undefined {
  const entries = Object.entries(parts).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** RFC 7643 §2.4: the elements of a list have no order. */
export function sameDocument(a: PersonDocument, b: PersonDocument): boolean {
  return canonicalText(scimDocument(a)) === canonicalText(scimDocument(b));
}

/** One text for all values that say the same: keys and lists have no order, and undefined is not there. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).toSorted().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  const parts = entries.map(([name, part]) => `${JSON.stringify(name)}:${canonicalText(part)}`);
  return `{${parts.toSorted().join()}}`;
}

/** Attributes that are not case exact compare like this; the letters that are played here need no more. */
export const fold = (text: string): string => text.normalize("NFC").toLowerCase();

/**
 * The address of the product (settings of the preset: `mail-then-username`): work, else primary, else the first one,
 * else the userName when it is an address.
 */
export function emailOf({ userName, emails = [] }: PersonDocument): string | undefined {
  const chosen =
    emails.find(({ type }) => type === "work") ??
    emails.find(({ primary }) => primary === true) ??
    emails[0];
  if (chosen !== undefined) return chosen.value;
  return userName.includes("@") ? userName : undefined;
}
