import type { ResourceType } from "../../src/scim/schema/attribute.ts";
import { defineAttribute } from "../../src/scim/schema/define-attribute.ts";

/** A made-up resource type that has what User and Group lack: every data type, simple lists, immutable attributes. */
export const BADGE: ResourceType = {
  name: "Badge",
  endpoint: "/Badges",
  description: "Badges.",
  schemaExtensions: [],
  schema: {
    id: "urn:example:params:scim:schemas:1.0:Badge",
    name: "Badge",
    description: "A badge.",
    attributes: [
      defineAttribute("serial", "string", "", { mutability: "immutable", caseExact: true }),
      defineAttribute("batch", "string", "", { mutability: "immutable" }),
      defineAttribute("tags", "string", "", { multiValued: true }),
      defineAttribute("codes", "integer", "", { multiValued: true }),
      defineAttribute("issued", "dateTime", ""),
      defineAttribute("weight", "decimal", ""),
      defineAttribute("lost", "boolean", ""),
      defineAttribute("photo", "binary", ""),
      defineAttribute("slots", "complex", "", {
        multiValued: true,
        subAttributes: [
          defineAttribute("key", "string", "", { required: true, mutability: "immutable" }),
          defineAttribute("label", "string", ""),
          defineAttribute("until", "dateTime", ""),
          defineAttribute("notes", "string", "", { multiValued: true }),
        ],
      }),
      defineAttribute("owner", "complex", "", {
        subAttributes: [
          defineAttribute("value", "string", "", { caseExact: true }),
          defineAttribute("$ref", "reference", "", { referenceTypes: ["User"] }),
          defineAttribute("since", "string", ""),
          defineAttribute("seen", "string", "", { mutability: "readOnly" }),
          defineAttribute("pin", "string", "", { returned: "never" }),
        ],
      }),
    ],
  },
};
