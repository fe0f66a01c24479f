import { ENTERPRISE } from "./entra-user.ts";
import type { Person } from "./people.ts";

const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";

/** The profile that Okta keeps in step: what it merges into the resource before a PUT. */
export function oktaProfile(person: Person): Record<string, unknown> {
  return {
    userName: person.userName,
    externalId: person.externalId,
    name: { givenName: person.givenName, familyName: person.familyName },
    emails: [{ primary: true, value: person.userName, type: "work" }],
    displayName: person.displayName,
    title: person.title,
    locale: person.language,
    phoneNumbers: [{ value: person.mobile, type: "mobile", primary: true }],
    active: true,
    [ENTERPRISE]: {
      employeeNumber: person.employeeNumber,
      ...(person.department === undefined ? {} : { department: person.department }),
    },
  };
}

/** A person as Okta posts one: `groups` and the placeholder password come along in every creation. */
export function oktaUser(person: Person): Record<string, unknown> {
  return { schemas: [CORE, ENTERPRISE], ...oktaProfile(person), groups: [], password: "1mz050nq" };
}
