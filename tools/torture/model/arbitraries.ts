import fc, { type Arbitrary } from "fast-check";

import { COMPANY, NAMES, type PersonChange, TEXTS } from "./change-person.ts";
import { type Filter, GROUP_ATTRIBUTES, OPERATORS, PERSON_ATTRIBUTES } from "./filters.ts";
import type { Email, PersonDocument } from "./person-document.ts";
import type { Dialect } from "./person-operation.ts";

// Few values, so that people meet: userNames that are addresses of others, and names in another letter case.
const USER_NAMES =
  "ana@x.org ANA@x.org ben@x.org cleo@x.org dan Dan eve@x.org fay gil@x.org hana ivo@x.org jo".split(
    " ",
  );
const ADDRESSES =
  "ana@x.org ben@x.org one@mail.org TWO@mail.org two@mail.org three@mail.org four@mail.org".split(
    " ",
  );
const EXTERNAL_IDS = ["e1", "E1", "e2", "e3"];
const WORDS = ["Ana", "ana", "Ben O'Neil", 'Qu"ote', "100%_", "Zoë", "a b"];
/** Names of groups and values of the attribute: both are departments. */
export const DEPARTMENTS = ["Sales", "SALES", "Retail", "Ops", "IT & Co"];
/** Names that an administrator gives to a department, and people's attribute may have. */
export const HAND_MADE = ["Reserve", "reserve", "Board"];

const oneOf = <Value>(values: readonly Value[]): Arbitrary<Value> => fc.constantFrom(...values);
/** There in one of two cases. */
const maybe = <Value>(value: Arbitrary<Value>): Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined, freq: 1 });

export const index = fc.nat({ max: 30 });

const VALUES: Readonly<Record<string, readonly string[]>> = {
  userName: USER_NAMES,
  externalId: EXTERNAL_IDS,
  displayName: WORDS,
  title: WORDS,
  givenName: WORDS,
  familyName: WORDS,
  department: [...DEPARTMENTS, ...HAND_MADE, " Sales "],
  employeeNumber: ["1", "2"],
};

const textAttribute = oneOf([...TEXTS, ...NAMES, ...COMPANY]);
const emailType = oneOf<Email["type"]>(["work", "home"]);
const email: Arbitrary<Email> = fc
  .record({ value: oneOf(ADDRESSES), type: emailType, primary: maybe(fc.boolean()) })
  .map(({ value, type, primary }) => ({ value, type, ...(primary !== undefined && { primary }) }));

/** None twice, and at most one of them primary. */
const emails: Arbitrary<Email[]> = fc
  .uniqueArray(email, {
    minLength: 1,
    maxLength: 3,
    selector: ({ type, value }) => `${type} ${value.toLowerCase()}`,
  })
  .map((list) => {
    const first = list.findIndex(({ primary }) => primary === true);
    return list.map((one, at) =>
      one.primary === true && at !== first ? { ...one, primary: false } : one,
    );
  });

const defined = (fields: Readonly<Record<string, unknown>>): Partial<PersonDocument> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A body of POST or PUT. Without a userName it is refused. */
export const givenPerson: Arbitrary<Partial<PersonDocument>> = fc
  .record({
    userName: fc.option(oneOf(USER_NAMES), { nil: undefined, freq: 20 }),
    externalId: maybe(oneOf(EXTERNAL_IDS)),
    displayName: maybe(oneOf(WORDS)),
    title: maybe(oneOf(WORDS)),
    givenName: maybe(oneOf(WORDS)),
    familyName: maybe(oneOf(WORDS)),
    emails: maybe(emails),
    active: maybe(fc.boolean()),
    department: maybe(oneOf(DEPARTMENTS)),
    employeeNumber: maybe(oneOf(["1", "2"])),
  })
  .map(defined);

/** What an administrator enrols: the address is the work address. */
export const enrolled = fc.record({
  email: oneOf(ADDRESSES),
  userName: maybe(oneOf(USER_NAMES)),
  givenName: maybe(oneOf(WORDS)),
  familyName: maybe(oneOf(WORDS)),
  department: maybe(oneOf(DEPARTMENTS)),
});

export const personChange: Arbitrary<PersonChange> = fc.oneof(
  {
    weight: 8,
    arbitrary: textAttribute.chain((attribute) =>
      fc.record({
        kind: fc.constant("text" as const),
        attribute: fc.constant(attribute),
        value: fc.oneof(
          { weight: 6, arbitrary: oneOf(VALUES[attribute] ?? WORDS) },
          { weight: 1, arbitrary: oneOf(["", null]) },
        ),
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("active" as const), value: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      attribute: oneOf([...TEXTS, ...NAMES, ...COMPANY, "active", "name", "emails"] as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("address" as const),
      type: emailType,
      value: fc.oneof(
        { weight: 5, arbitrary: oneOf(ADDRESSES) },
        { weight: 1, arbitrary: oneOf(["", null]) },
      ),
    }),
  },
  fc.record({ kind: fc.constant("primary" as const), type: emailType }),
  fc.record({ kind: fc.constant("remove addresses" as const), type: emailType }),
  fc.record({ kind: fc.constant("remove address" as const), email }),
  fc.record({ kind: fc.constant("add emails" as const), emails }),
  fc.record({ kind: fc.constant("replace emails" as const), emails }),
  fc.constant({ kind: "unknown" as const }),
  fc.constant({ kind: "malformed" as const }),
);

export const dialect: Arbitrary<Dialect> = fc.record({
  capital: fc.boolean(),
  adds: fc.boolean(),
  pathless: fc.boolean(),
});

const operator = oneOf(OPERATORS);
const needle = oneOf([
  ...USER_NAMES,
  ...ADDRESSES,
  ...EXTERNAL_IDS,
  ...WORDS,
  ...DEPARTMENTS,
  "a",
  "o",
  "@",
]);

const filterOver = (
  attributes: Readonly<Record<string, unknown>>,
  more: readonly Arbitrary<Filter>[],
): Arbitrary<Filter> => {
  const attribute = oneOf(Object.keys(attributes));
  const leaf = fc.oneof(
    fc.record({ kind: fc.constant("compare" as const), attribute, operator, value: needle }),
    fc.record({ kind: fc.constant("present" as const), attribute }),
    ...more,
  );
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: oneOf(["and", "or"] as const),
          left: tie("filter"),
          right: tie("filter"),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("not" as const), inner: tie("filter") }),
      },
    ),
  })).filter;
};

export const personFilter = filterOver(PERSON_ATTRIBUTES, [
  fc.record({ kind: fc.constant("active" as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant("address" as const), type: emailType, operator, value: needle }),
]);
export const groupFilter = filterOver(GROUP_ATTRIBUTES, []);
