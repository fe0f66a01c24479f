import { foldText } from "../../scim/fold.ts";

/** What two records of one human may have in common. */
export interface Likeness {
  readonly userName: string | null;
  /** The product's address and the mail address, where they differ. */
  readonly emails: readonly string[];
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
}

interface Address {
  readonly local: string;
  /** In front of a plus: mail to `ana+news@…` is delivered to `ana@…`. */
  readonly base: string;
  /** Empty for a userName that is no address. */
  readonly domain: string;
}

/** As it is compared; undefined where nothing is said. */
const keyOf = (text: string | null): string | undefined =>
  foldText(text?.trim() ?? "") || undefined;

function addressOf(text: string | null): Address | undefined {
  const folded = keyOf(text);
  if (folded === undefined) return undefined;
  const at = folded.lastIndexOf("@");
  const local = at === -1 ? folded : folded.slice(0, at);
  const domain = at === -1 ? "" : folded.slice(at + 1);
  const plus = local.indexOf("+");
  return { local, base: plus > 0 ? local.slice(0, plus) : local, domain };
}

const addressesOf = ({ userName, emails }: Likeness): Address[] =>
  [userName, ...emails].map(addressOf).filter((address) => address !== undefined);

const somePair = (a: Likeness, b: Likeness, same: (one: Address, other: Address) => boolean) =>
  addressesOf(a).some((one) => addressesOf(b).some((other) => same(one, other)));

const equal = (a: string | null, b: string | null): boolean =>
  keyOf(a) !== undefined && keyOf(a) === keyOf(b);

function fullName({ givenName, familyName }: Likeness): string | undefined {
  const given = keyOf(givenName);
  const family = keyOf(familyName);
  return given && family && JSON.stringify([given, family]);
}

/**
 * Why somebody who would be created may be somebody who is here, the strongest reason; undefined when nothing
 * suggests it. Letters and their case never matter. Dots in front of the @ do: only a few mail services pass
 * over them, and none that people work with.
 */
export function nearDuplicate(planned: Likeness, existing: Likeness): string | undefined {
  const isAmong = (emails: readonly string[], text: string | null) =>
    emails.some((email) => equal(email, text));
  if (planned.emails.some((email) => isAmong(existing.emails, email)))
    return "They have the same email.";
  if (equal(planned.userName, existing.userName)) return "They have the same userName.";
  if (isAmong(existing.emails, planned.userName) || isAmong(planned.emails, existing.userName)) {
    return "The userName of one is the email of the other.";
  }
  if (equal(planned.externalId, existing.externalId)) {
    return planned.externalId === existing.externalId
      ? "They have the same externalId."
      : "Their externalIds differ only in upper and lower case.";
  }
  if (somePair(planned, existing, (a, b) => a.base === b.base && a.domain === b.domain)) {
    return "Their addresses differ only in what stands behind the plus.";
  }
  if (somePair(planned, existing, (a, b) => a.local === b.local)) {
    return "They have the same name in front of the @, but not the same domain.";
  }
  const name = fullName(planned);
  return name !== undefined && name === fullName(existing)
    ? "They have the same given and family name."
    : undefined;
}

/** Two people who are near duplicates have one of these in common: so that many are compared with many at once. */
export function likenessKeys(person: Likeness): string[] {
  const name = fullName(person);
  const externalId = keyOf(person.externalId);
  return [
    ...new Set([
      ...addressesOf(person).map(({ base }) => `base:${base}`),
      ...(externalId === undefined ? [] : [`external:${externalId}`]),
      ...(name === undefined ? [] : [`name:${name}`]),
    ]),
  ];
}
