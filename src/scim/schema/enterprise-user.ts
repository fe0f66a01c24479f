import type { Schema } from "./attribute.ts";
import { defineAttribute } from "./define-attribute.ts";

/** RFC 7643 §4.3. */
export const ENTERPRISE_USER_SCHEMA: Schema = {
  id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  name: "EnterpriseUser",
  description: "What an organization knows about a person who works for it.",
  attributes: [
    defineAttribute(
      "employeeNumber",
      "string",
      "The number or code that the organization gave to the person.",
    ),
    defineAttribute("costCenter", "string", "The name of the person's cost center."),
    defineAttribute("organization", "string", "The name of the organization."),
    defineAttribute("division", "string", "The name of the division."),
    defineAttribute("department", "string", "The name of the department."),
    defineAttribute("manager", "complex", "The person's manager.", {
      subAttributes: [
        defineAttribute("value", "string", "The id of the manager's own User resource.", {
          caseExact: true,
        }),
        defineAttribute("$ref", "reference", "The URL of the manager's own User resource.", {
          referenceTypes: ["User"],
        }),
        // §4.3 makes it read-only, for a server that computes it. This one keeps what it was given: Okta sends
        // it, reads it back before each PUT, and would find a difference for ever.
        defineAttribute(
          "displayName",
          "string",
          "The display name of the manager, as it was sent.",
        ),
      ],
    }),
  ],
};
