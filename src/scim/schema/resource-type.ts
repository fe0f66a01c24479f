import type { Schema } from "./attribute.ts";
import { defineReadOnly } from "./define-read-only.ts";

/** RFC 7643 §6. */
export const RESOURCE_TYPE_SCHEMA: Schema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
  name: "ResourceType",
  description: "A kind of resource: where it is found and which schemas describe it.",
  attributes: [
    defineReadOnly("id", "string", "The identifier of the resource type, the same as its name.", {
      caseExact: true,
    }),
    defineReadOnly("name", "string", "The name of the resource type.", {
      required: true,
      caseExact: true,
    }),
    defineReadOnly("description", "string", "What the resources of this type are."),
    defineReadOnly("endpoint", "reference", "The path of the resources below the base URL.", {
      required: true,
      referenceTypes: ["uri"],
    }),
    defineReadOnly("schema", "reference", "The URI of the core schema.", {
      required: true,
      referenceTypes: ["uri"],
    }),
    defineReadOnly(
      "schemaExtensions",
      "complex",
      "The extensions that resources of this type can have.",
      {
        multiValued: true,
        subAttributes: [
          defineReadOnly("schema", "reference", "The URI of the extension.", {
            required: true,
            referenceTypes: ["uri"],
          }),
          defineReadOnly("required", "boolean", "Whether every resource must have the extension.", {
            required: true,
          }),
        ],
      },
    ),
  ],
};
