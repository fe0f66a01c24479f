export type Idp = "entra" | "okta";

/** One invented person. The same number is the same person in every run, so that a second run finds them. */
export interface Person {
  readonly number: number;
  readonly givenName: string;
  readonly familyName: string;
  readonly displayName: string;
  /** The UPN in Entra; in Okta the application user name, which is the email address. */
  readonly userName: string;
  /** Undefined for someone without a mailbox: the directory then sends no `emails` at all. */
  readonly mail: string | undefined;
  readonly externalId: string;
  readonly nickname: string;
  readonly title: string;
  readonly department: string | undefined;
  readonly employeeNumber: string;
  readonly city: string;
  readonly country: string;
  readonly mobile: string;
  readonly language: string;
  /** The number of the person who leads this one; undefined at the top. */
  readonly managerNumber: number | undefined;
}

const GIVEN = (
  "Nadia Tomás Ingrid Kwame Siobhán Rafael Mei Zoë Anders Leila João Petra Dmitri Amara Yusuf Chloé Hiroshi Élodie " +
  "Mateus Freya Omar Lucía Soren"
).split(" ");
const FAMILY = (
  "Okafor Lindqvist D'Angelo Brandão O’Neill Fischer Nguyễn Haddad Kowalski Moreau Tanaka Iversen Castellanos Abebe " +
  "Müller Petrović Silva Rahman Bergström Adeyemi Novák Quispe Wolff Sáenz Yılmaz"
).split(" ");
const PLACES = [
  ["Lugo", "ES", "es-ES"],
  ["Malmö", "SE", "sv-SE"],
  ["Kumasi", "GH", "en-GB"],
  ["Łódź", "PL", "pl-PL"],
  ["Recife", "BR", "pt-BR"],
] as const;
export const DEPARTMENTS = [
  "Nursing",
  "Retail",
  "Harbour & Freight",
  "People Office",
  "Field Service",
  "Library",
];
const TITLES = ["Nurse", "Shift Lead", "Planner", "Engineer", "Archivist", "Buyer", "Dispatcher"];

/** Spread so that small runs meet the awkward ones too. */
const WITHOUT_MAILBOX = 7;
const WITHOUT_DEPARTMENT = 11;
const WITH_PLUS_IN_ADDRESS = 5;
const TEAM_SIZE = 8;

/** Number 1 and up. The two identity providers know different people: one tenant can meet both. */
export function personAt(idp: Idp, number: number): Person {
  const givenName = pick(GIVEN, number - 1);
  const familyName = pick(FAMILY, (number - 1) * 3);
  const [city, country, language] = pick(PLACES, number);
  const nickname = `${ascii(givenName)}.${ascii(familyName)}${number}`;
  const address = `${nickname}${number % 20 === WITH_PLUS_IN_ADDRESS ? "+work" : ""}@${idp}.example.com`;
  const hasMailbox = idp === "okta" || number % 20 !== WITHOUT_MAILBOX;
  return {
    number,
    givenName,
    familyName,
    displayName: `${givenName} ${familyName}`,
    userName:
      idp === "okta"
        ? address
        : `${ascii(givenName).charAt(0)}${ascii(familyName)}${number}@entra.example.net`,
    mail: hasMailbox ? address : undefined,
    externalId: externalIdAt(idp, number),
    nickname,
    title: pick(TITLES, number),
    department: number % 20 === WITHOUT_DEPARTMENT ? undefined : pick(DEPARTMENTS, number),
    employeeNumber: String(10_000 + number),
    city,
    country,
    mobile: `+34 600 ${String(number).padStart(6, "0")}`,
    language,
    managerNumber: number === 1 ? undefined : Math.ceil((number - 1) / TEAM_SIZE),
  };
}

export interface Team {
  readonly displayName: string;
  readonly externalId: string;
  /** Numbers of the people in it. */
  readonly members: readonly number[];
}

/** Group 1 and up, of so many. Everybody is in one, and every fourth person in the next one too. */
export function teamAt(idp: Idp, number: number, groups: number, users: number): Team {
  const members = Array.from({ length: users }, (_, at) => at + 1).filter((person) => {
    const home = ((person - 1) % groups) + 1;
    const second = (person % groups) + 1;
    return home === number || (person % 4 === 0 && second === number);
  });
  const word = idp === "entra" ? "EDU" : "Dept";
  return {
    displayName: `${word} ${pick(DEPARTMENTS, number)} ${String(number).padStart(2, "0")}`,
    externalId: externalIdAt(idp, 1_000_000 + number),
    members,
  };
}

/** Whom `npm run dev` enrols by hand; an identity provider that knows them too adopts them. */
export const DEMO_PEOPLE = [personAt("entra", 1), personAt("entra", 2), personAt("okta", 1)].map(
  (person) => ({
    email: person.mail ?? person.userName,
    givenName: person.givenName,
    familyName: person.familyName,
    ...(person.department === undefined ? {} : { department: person.department }),
  }),
);

/** An object id as Entra has it, a user id as Okta has it. */
function externalIdAt(idp: Idp, number: number): string {
  return idp === "entra"
    ? `e0000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`
    : `00u${number.toString(36).padStart(17, "0")}`;
}

function pick<Item>(items: readonly Item[], at: number): Item {
  const item = items[at % items.length];
  if (item === undefined) throw new RangeError("There is nothing to pick from.");
  return item;
}

/** A local part that every mail system takes: letters without their accents, nothing else. */
function ascii(name: string): string {
  const plain = name.normalize("NFD").replaceAll("ı", "i").replaceAll("Ł", "L");
  return plain.replaceAll(/[^A-Za-z]/g, "").toLowerCase();
}
