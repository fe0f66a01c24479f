import type { Attribute, Schema } from "./attribute.ts";
import { defineReadOnly } from "./define-read-only.ts";

const ATTRIBUTE_FACTS: readonly Attribute[] = [
  defineReadOnly("name", "string", "The name of the attribute.", {
    required: true,
    caseExact: true,
  }),
  defineReadOnly("type", "string", "The data type of the attribute.", {
    required: true,
    canonicalValues: [
      "string",
      "boolean",
      "decimal",
      "integer",
      "dateTime",
      "binary",
      "reference",
      "complex",
    ],
  }),
  defineReadOnly("multiValued", "boolean", "Whether the attribute holds a list of values.", {
    required: true,
  }),
  defineReadOnly("description", "string", "What the attribute means."),
  defineReadOnly("required", "boolean", "Whether the attribute must have a value."),
  defineReadOnly(
    "canonicalValues",
    "string",
    "Values that are suggested; others are accepted too.",
    {
      multiValued: true,
      caseExact: true,
    },
  ),
  defineReadOnly("caseExact", "boolean", "Whether letter case counts when values are compared."),
  defineReadOnly("mutability", "string", "When the attribute can be written.", {
    caseExact: true,
    canonicalValues: ["readOnly", "readWrite", "immutable", "writeOnly"],
  }),
  defineReadOnly("returned", "string", "When the attribute is part of an answer.", {
    caseExact: true,
    canonicalValues: ["always", "never", "default", "request"],
  }),
  defineReadOnly("uniqueness", "string", "Among which resources a value occurs only once.", {
    caseExact: true,
    canonicalValues: ["none", "server", "global"],
  }),
  defineReadOnly("referenceTypes", "string", "What a reference can refer to.", {
    multiValued: true,
    caseExact: true,
  }),
];

/** RFC 7643 §7. */
export const SCHEMA_SCHEMA: Schema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:Schema",
  name: "Schema",
  description: "A list of attribute definitions.",
  attributes: [
    defineReadOnly("id", "string", "The URI of the schema.", { required: true, caseExact: true }),
    defineReadOnly("name", "string", "The name of the schema, ready to be shown.", {
      required: true,
    }),
    defineReadOnly("description", "string", "What the schema describes."),
    defineReadOnly("attributes", "complex", "The definitions of the attributes.", {
      multiValued: true,
      required: true,
      subAttributes: [
        ...ATTRIBUTE_FACTS,
        defineReadOnly(
          "subAttributes",
          "complex",
          "The definitions of the parts of a complex attribute.",
          {
            multiValued: true,
            subAttributes: ATTRIBUTE_FACTS,
          },
        ),
      ],
    }),
  ],
};
