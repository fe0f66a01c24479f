import type { Email, PersonDocument } from "./person-document.ts";

export const TEXTS = ["userName", "externalId", "displayName", "title"] as const;
export const NAMES = ["givenName", "familyName"] as const;
export const COMPANY = ["department", "employeeNumber"] as const;
export type TextAttribute =
  | (typeof TEXTS)[number]
  | (typeof NAMES)[number]
  | (typeof COMPANY)[number];

/** One thing that a PATCH does to a person. */
export type PersonChange =
  /** To nothing: "" and null clear, as Entra's and Okta's do. */
  | { readonly kind: "text"; readonly attribute: TextAttribute; readonly value: string | null }
  | { readonly kind: "active"; readonly value: boolean }
  | { readonly kind: "remove"; readonly attribute: TextAttribute | "active" | "name" | "emails" }
  /** `emails[type eq "…"].value`. */
  | { readonly kind: "address"; readonly type: Email["type"]; readonly value: string | null }
  /** `emails[type eq "…"].primary`, where it chooses one address. */
  | { readonly kind: "primary"; readonly type: Email["type"] }
  | { readonly kind: "remove addresses"; readonly type: Email["type"] }
  | { readonly kind: "remove address"; readonly email: Email }
  | { readonly kind: "add emails"; readonly emails: readonly Email[] }
  | { readonly kind: "replace emails"; readonly emails: readonly Email[] }
  /** Of an attribute that nobody knows. */
  | { readonly kind: "unknown" }
  /** A path that is none. */
  | { readonly kind: "malformed" };

export type Refusal = "invalidValue" | "invalidPath" | "mutability";

/**
 * The document after one change; it may say why there is none. A value of its own: the input stays as it is. Addresses
 * may be left without a value, or twice: a later change of the same request may fill or remove them.
 */
function changePerson(document: PersonDocument, change: PersonChange): PersonDocument | Refusal {
  const { emails = [] } = document;
  switch (change.kind) {
    case "text":
      return withText(document, change.attribute, change.value ?? "", "invalidValue");
    case "active":
      return { ...document, active: change.value };
    case "remove":
      return remove(document, change.attribute);
    case "address":
      return withEmails(document, withAddress(emails, change.type, change.value ?? ""));
    case "primary":
      return withEmails(
        document,
        onePrimary(emails, ({ type }) => type === change.type),
      );
    case "remove addresses":
      return withEmails(
        document,
        emails.filter(({ type }) => type !== change.type),
      );
    case "remove address":
      return withEmails(
        document,
        emails.filter((email) => !isSameEmail(email, change.email)),
      );
    case "add emails":
      return withEmails(document, added(emails, change.emails));
    case "replace emails":
      return withEmails(document, change.emails);
    case "unknown":
      return document;
    case "malformed":
      return "invalidPath";
  }
}

/** All of them in their order, or why one of them cannot be. */
export function changeAll(
  document: PersonDocument,
  changes: readonly PersonChange[],
): PersonDocument | Refusal {
  // A request is read as a whole before any of it is done.
  if (changes.some(({ kind }) => kind === "malformed")) return "invalidPath";
  const changed = inOrder(document, changes);
  return typeof changed === "string" ? changed : withEmails(changed, settled(changed.emails ?? []));
}

function inOrder(
  document: PersonDocument,
  changes: readonly PersonChange[],
): PersonDocument | Refusal {
  let next = document;
  for (const change of changes) {
    const changed = changePerson(next, change);
    if (typeof changed === "string") return changed;
    next = changed;
  }
  return next;
}

/** Whether it is plain what the changes mean: where a path chooses no element to be primary, or several, it is not. */
export function arePlain(document: PersonDocument, changes: readonly PersonChange[]): boolean {
  return changes.every((change, at) => {
    const before = inOrder(document, changes.slice(0, at));
    if (change.kind !== "primary" || typeof before === "string") return true;
    return (before.emails ?? []).filter(({ type }) => type === change.type).length === 1;
  });
}

function remove(
  document: PersonDocument,
  attribute: Extract<PersonChange, { kind: "remove" }>["attribute"],
): PersonDocument | Refusal {
  // Nobody is suspended or revived by an absence.
  if (attribute === "active") return document;
  if (attribute === "name") return without(document, ...NAMES);
  if (attribute === "emails") return without(document, "emails");
  return withText(document, attribute, "", "mutability");
}

function withText(
  document: PersonDocument,
  attribute: TextAttribute,
  value: string,
  refusal: Refusal,
): PersonDocument | Refusal {
  if (value.trim() !== "") return { ...document, [attribute]: value };
  return attribute === "userName" ? refusal : without(document, attribute);
}

function without(
  document: PersonDocument,
  ...names: readonly (keyof PersonDocument)[]
): PersonDocument {
  const copy: Record<string, unknown> = { ...document };
  for (const name of names) delete copy[name];
  // What is left out is optional, or was put back by the caller.
  return copy as unknown as PersonDocument;
}

const withEmails = (document: PersonDocument, emails: readonly Email[]): PersonDocument =>
  emails.length === 0 ? without(document, "emails") : { ...document, emails };

/** The address of that type, of each that there is; it is made when there is none. */
function withAddress(emails: readonly Email[], type: Email["type"], given: string): Email[] {
  const value = given.trim() === "" ? NO_VALUE : given;
  if (value !== NO_VALUE && !emails.some((email) => email.type === type)) {
    return [...emails, { value, type }];
  }
  return emails.map((email) => (email.type === type ? { ...email, value } : email));
}

function added(emails: readonly Email[], more: readonly Email[]): Email[] {
  let result = [...emails];
  for (const email of more) {
    const place = result.findIndex((known) => isSameEmail(known, email));
    result =
      place === -1
        ? [...result, email]
        : result.map((known, at) => (at === place ? { ...known, ...email } : known));
    if (email.primary === true) result = onePrimary(result, (known) => isSameEmail(known, email));
  }
  return result;
}

/** RFC 7644 §3.5.2: who becomes primary is the only one. */
const onePrimary = (emails: readonly Email[], isChosen: (email: Email) => boolean): Email[] =>
  emails.some(isChosen)
    ? emails.map((email) => {
        if (isChosen(email)) return { ...email, primary: true };
        return email.primary === true ? { ...email, primary: false } : email;
      })
    : [...emails];

const isSameEmail = (a: Email, b: Email): boolean =>
  a.type === b.type && a.value.toLowerCase() === b.value.toLowerCase();

const NO_VALUE = "";

/** When the last change is done, an address without a value goes. */
const settled = (emails: readonly Email[]): Email[] =>
  distinct(emails.filter(({ value }) => value !== NO_VALUE));

/** RFC 7643 §2.4: no pair of type and value twice; what is left is primary if one of them was. */
const distinct = (emails: readonly Email[]): Email[] =>
  emails
    .filter((email, at) => emails.findIndex((other) => isSameEmail(email, other)) === at)
    .map((email) =>
      emails.some((other) => isSameEmail(email, other) && other.primary === true)
        ? { ...email, primary: true }
        : email,
    );
