import { changeAll, type PersonChange } from "./change-person.ts";
import { departmentFor } from "./department-changes.ts";
import { type Directory, groupsOf, type Person } from "./directory.ts";
import { emailOf, fold, type PersonDocument, sameDocument } from "./person-document.ts";

/** What the server has to answer. */
export type Outcome =
  | { readonly status: 200 | 201; readonly person: Person }
  | { readonly status: 204 }
  | { readonly status: 400 | 403 | 409; readonly scimType?: string };

/** A body of POST or PUT: what a resource may hold, all of it optional. */
export type GivenPerson = Partial<PersonDocument>;

const TAKEN = { status: 409, scimType: "uniqueness" } as const;
const WITHOUT_NAME = { status: 400, scimType: "invalidValue" } as const;

/**
 * POST. Somebody with the userName, the externalId or the address may be here: one who is enrolled by hand is adopted, one who
 * is inactive comes back, and two of them are one too many; an active person whom provisioning manages keeps their
 * userName and address.
 */
export function createPerson(directory: Directory, given: GivenPerson): Outcome {
  const { userName } = given;
  if (userName === undefined) return WITHOUT_NAME;
  const wanted = { active: true, ...given, userName };
  const email = emailOf(wanted);
  const fitting = directory.people.filter(
    ({ document }) =>
      sameText(document.userName, userName) ||
      sameText(emailOf(document), email) ||
      (given.externalId !== undefined && document.externalId === given.externalId),
  );
  const isOpen = ({ manual, document }: Person) => manual || !document.active;
  const isTaken = fitting.some(
    (person) =>
      !isOpen(person) &&
      (sameText(person.document.userName, userName) || sameText(emailOf(person.document), email)),
  );
  const open = fitting.filter(isOpen);
  if (isTaken || open.length > 1) return TAKEN;
  if (open.some(({ deactivatedByHand }) => deactivatedByHand)) return TAKEN;
  const [known] = open;
  if (known === undefined) return { status: 201, person: insertPerson(directory, wanted, false) };
  // Adoption keeps what the request does not name; who comes back is replaced, unless nothing is new.
  const document = known.manual ? { ...known.document, ...given, userName } : wanted;
  if (known.manual || !sameDocument(known.document, document)) write(directory, known, document);
  return { status: 201, person: known };
}

/** By an administrator, with an address that is a work address. */
export function enrolPerson(
  directory: Directory,
  document: PersonDocument,
): { status: 201; person: Person } | { status: 409 } {
  if (clashes(directory, document, undefined)) return { status: 409 };
  return { status: 201, person: insertPerson(directory, document, true) };
}

/** PUT: what is left out is cleared, and whether somebody is active stays. */
export function replacePerson(directory: Directory, person: Person, given: GivenPerson): Outcome {
  const { userName } = given;
  if (userName === undefined) return WITHOUT_NAME;
  return change(directory, person, { active: person.document.active, ...given, userName });
}

/** PATCH: all of the changes in their order, or none. */
export function patchPerson(
  directory: Directory,
  person: Person,
  changes: readonly PersonChange[],
): Outcome {
  const document = changeAll(person.document, changes);
  return typeof document === "string"
    ? { status: 400, scimType: document }
    : change(directory, person, document);
}

/** Whom provisioning never adopted, it cannot delete. */
export const deletePerson = (directory: Directory, person: Person): Outcome =>
  person.manual ? { status: 403 } : removePerson(directory, person);

export function removePerson(directory: Directory, person: Person): { status: 204 } {
  directory.people = directory.people.filter((other) => other !== person);
  for (const group of groupsOf(directory, person)) group.members.delete(person);
  directory.gone.push({ path: `/Users/${person.id}` });
  directory.applied += 1;
  return { status: 204 };
}

/** An administrator decides whether somebody is active, whoever manages them; a form says it again and again. */
export function setActive(directory: Directory, person: Person, active: boolean): void {
  const marks = !active && !person.deactivatedByHand;
  if (person.document.active === active && !marks) return;
  person.document = { ...person.document, active };
  person.deactivatedByHand = !active;
  person.version += 1;
  directory.applied += 1;
}

/** Somebody who was enrolled by hand is provisioning's from now on, as they are. */
export function adoptByHand(directory: Directory, person: Person): 200 | 409 {
  if (!person.manual) return 409;
  person.manual = false;
  person.version += 1;
  directory.applied += 1;
  return 200;
}

/** The first change by provisioning adopts, even one that says nothing new. */
function change(directory: Directory, person: Person, document: PersonDocument): Outcome {
  if (!person.manual && sameDocument(person.document, document)) return { status: 200, person };
  if (clashes(directory, document, person)) return TAKEN;
  write(directory, person, document);
  return { status: 200, person };
}

/** To be adopted and to become active or inactive are two things in the journal. */
function write(directory: Directory, person: Person, document: PersonDocument): void {
  const isTwofold = person.manual && document.active !== person.document.active;
  person.department = departmentFor(directory, document.department, person);
  // A list in another order is the same list, and stays as it was.
  person.document = sameDocument(person.document, document) ? person.document : document;
  person.manual = false;
  person.deactivatedByHand &&= !document.active;
  person.version += 1;
  directory.applied += isTwofold ? 2 : 1;
}

function insertPerson(directory: Directory, document: PersonDocument, manual: boolean): Person {
  const department = departmentFor(directory, document.department, undefined);
  const person: Person = {
    id: "",
    document,
    manual,
    deactivatedByHand: false,
    version: 1,
    department,
    assigned: new Map(),
  };
  directory.people.push(person);
  directory.applied += 1;
  return person;
}

/** Whether somebody else has the userName or the address. */
function clashes(
  directory: Directory,
  document: PersonDocument,
  self: Person | undefined,
): boolean {
  return directory.people.some(
    (other) =>
      other !== self &&
      (sameText(other.document.userName, document.userName) ||
        sameText(emailOf(other.document), emailOf(document))),
  );
}

const sameText = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && fold(a) === fold(b);
