import type { Person } from "./people.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A person as Entra posts one through its default mapping. What the directory does not have is left out. */
export function entraUser(person: Person): Record<string, unknown> {
  return {
    schemas: [CORE, ENTERPRISE],
    externalId: person.externalId,
    userName: person.userName,
    active: true,
    displayName: person.displayName,
    title: person.title,
    preferredLanguage: person.language,
    ...(person.mail === undefined
      ? {}
      : { emails: [{ primary: true, type: "work", value: person.mail }] }),
    name: {
      formatted: person.displayName,
      familyName: person.familyName,
      givenName: person.givenName,
    },
    addresses: [{ primary: false, type: "work", locality: person.city, country: person.country }],
    phoneNumbers: [{ primary: false, type: "mobile", value: person.mobile }],
    roles: [],
    meta: { resourceType: "User" },
    [ENTERPRISE]: {
      employeeNumber: person.employeeNumber,
      ...(person.department === undefined ? {} : { department: person.department }),
    },
  };
}

/** What the default mapping keeps in step, as the paths that its PATCH operations carry. */
export function entraAttributes(person: Person): [path: string, value: string][] {
  const pairs: [string, string | undefined][] = [
    ["externalId", person.externalId],
    ["userName", person.userName],
    // The mapping's Switch yields text, and Entra sends it as such where the flag is not set.
    ["active", "True"],
    ["displayName", person.displayName],
    ["title", person.title],
    ["preferredLanguage", person.language],
    ['emails[type eq "work"].value', person.mail],
    ["name.formatted", person.displayName],
    ["name.familyName", person.familyName],
    ["name.givenName", person.givenName],
    ['addresses[type eq "work"].locality', person.city],
    ['addresses[type eq "work"].country', person.country],
    ['phoneNumbers[type eq "mobile"].value', person.mobile],
    [`${ENTERPRISE}:employeeNumber`, person.employeeNumber],
    [`${ENTERPRISE}:department`, person.department],
  ];
  // Entra never sends what is empty in the directory: no null, no Remove.
  return pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
}
