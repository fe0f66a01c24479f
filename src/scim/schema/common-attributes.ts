import type { Attribute } from "./attribute.ts";
import { defineAttribute } from "./define-attribute.ts";

const META_FACTS = { caseExact: true, mutability: "readOnly" } as const;

/** RFC 7643 §3.1. Exact letter case; no uniqueness, because Entra fills it with `mailNickname` by default. */
export const EXTERNAL_ID: Attribute = defineAttribute(
  "externalId",
  "string",
  "The identifier that the provisioning client uses for this resource.",
  { caseExact: true },
);

/** RFC 7643 §3. Read-only here: the answer lists what a resource holds, whatever the request listed. */
export const SCHEMAS: Attribute = defineAttribute(
  "schemas",
  "reference",
  "The URIs of the schemas whose attributes this resource holds.",
  {
    multiValued: true,
    required: true,
    caseExact: false,
    mutability: "readOnly",
    returned: "always",
    referenceTypes: ["uri"],
  },
);

/** RFC 7643 §3 and §3.1: the attributes of every resource, which belong to no schema. */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  SCHEMAS,
  defineAttribute(
    "id",
    "string",
    "The identifier that this server gave to the resource. It never changes.",
    {
      caseExact: true,
      mutability: "readOnly",
      returned: "always",
      uniqueness: "server",
    },
  ),
  EXTERNAL_ID,
  defineAttribute("meta", "complex", "What this server knows about the resource itself.", {
    mutability: "readOnly",
    subAttributes: [
      defineAttribute("resourceType", "string", "The name of the resource type.", META_FACTS),
      defineAttribute("created", "dateTime", "When the resource was created.", {
        mutability: "readOnly",
      }),
      defineAttribute("lastModified", "dateTime", "When the resource was last changed.", {
        mutability: "readOnly",
      }),
      defineAttribute("location", "reference", "The URL of the resource.", {
        mutability: "readOnly",
        referenceTypes: ["uri"],
      }),
      defineAttribute(
        "version",
        "string",
        "The entity tag of the current state of the resource.",
        META_FACTS,
      ),
    ],
  }),
];
