import { seededId } from "./seeded-id.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

export interface PersonFields {
  readonly number: string;
  readonly department?: string;
  readonly managerId?: string;
  readonly title?: string;
  readonly active?: boolean;
}

/** A person of about 1 KB, as Entra's default mapping posts one. Everything that tells two apart has the number. */
export function benchPerson({
  number,
  department,
  managerId = seededId("person", 0),
  title = "Registered Nurse",
  active = true,
}: PersonFields): Record<string, unknown> {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
    externalId: externalIdOf(number),
    userName: userNameOf(number),
    active,
    displayName: `Person Number ${number}`,
    title,
    preferredLanguage: "en-GB",
    name: {
      formatted: `Person Number ${number}`,
      familyName: `Number ${number}`,
      givenName: "Person",
    },
    emails: [{ primary: true, type: "work", value: workEmailOf(number) }],
    addresses: [
      {
        primary: false,
        type: "work",
        streetAddress: "12 Harbour Street",
        locality: "Southampton",
        region: "Hampshire",
        postalCode: "SO14 2AR",
        country: "GB",
        formatted: "12 Harbour Street, Southampton SO14 2AR",
      },
    ],
    phoneNumbers: [
      { primary: true, type: "work", value: `+44 23 ${number}` },
      { primary: false, type: "mobile", value: `+44 77 ${number}` },
    ],
    [ENTERPRISE]: {
      employeeNumber: number,
      organization: "Contoso Healthcare",
      manager: { value: managerId },
      ...(department === undefined ? {} : { department }),
    },
  };
}

export const userNameOf = (number: string) => `person.${number}@contoso.example.com`;
export const workEmailOf = (number: string) => `mail.${number}@contoso.example.com`;
export const externalIdOf = (number: string) => `e0000000-0000-4000-8000-00${number}`;
/** As long as the numbers of seeded people. */
export const numberText = (number: number) => String(number).padStart(NUMBER_CHARACTERS, "0");
export const NUMBER_CHARACTERS = 10;
export const departmentName = (number: string) => `Department ${number}`;
export { ENTERPRISE };
