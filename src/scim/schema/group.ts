import type { Attribute, Schema } from "./attribute.ts";
import { EXTERNAL_ID } from "./common-attributes.ts";
import { defineAttribute } from "./define-attribute.ts";

/** RFC 7643 §4.2. Members are rows of their own, so this attribute is never a part of a stored document. */
export const MEMBERS: Attribute = defineAttribute(
  "members",
  "complex",
  "The people and groups in this group.",
  {
    multiValued: true,
    subAttributes: [
      defineAttribute("value", "string", "The id of the member.", {
        required: true,
        caseExact: true,
        mutability: "immutable",
      }),
      defineAttribute("$ref", "reference", "The URL of the member.", {
        mutability: "immutable",
        referenceTypes: ["User", "Group"],
      }),
      defineAttribute("type", "string", "Whether the member is a User or a Group.", {
        mutability: "immutable",
        canonicalValues: ["User", "Group"],
      }),
      defineAttribute("display", "string", "The display name of the member.", {
        mutability: "readOnly",
      }),
    ],
  },
);

/** RFC 7643 §4.2. */
export const GROUP_SCHEMA: Schema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:Group",
  name: "Group",
  description: "A group of people and of other groups.",
  attributes: [
    // As in the User schema.
    EXTERNAL_ID,
    defineAttribute("displayName", "string", "The name of the group, unique within the tenant.", {
      required: true,
      uniqueness: "server",
    }),
    MEMBERS,
  ],
};
