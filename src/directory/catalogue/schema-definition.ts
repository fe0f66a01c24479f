import * as z from "zod/mini";

import { foldText } from "../../scim/fold.ts";
import type { Attribute, Schema } from "../../scim/schema/attribute.ts";

const MAX_ATTRIBUTES = 200;

/** RFC 7643 §2.1, and `$ref`. */
const Name = z
  .string()
  .check(
    z.maxLength(100),
    z.regex(
      /^(?:[A-Za-z][A-Za-z0-9_-]*|\$ref)$/,
      "Use a letter, then letters, digits, hyphen or underscore.",
    ),
  );

const Text = z.string().check(z.maxLength(2000));

/** RFC 7643 §7; what is left out has the default of §2.2. */
const Characteristics = z.strictObject({
  name: Name,
  type: z._default(
    z.enum([
      "string",
      "boolean",
      "decimal",
      "integer",
      "dateTime",
      "binary",
      "reference",
      "complex",
    ]),
    "string",
  ),
  description: z._default(Text, ""),
  multiValued: z._default(z.boolean(), false),
  required: z._default(z.boolean(), false),
  caseExact: z._default(z.boolean(), false),
  mutability: z._default(z.enum(["readOnly", "readWrite", "immutable", "writeOnly"]), "readWrite"),
  returned: z._default(z.enum(["always", "never", "default", "request"]), "default"),
  uniqueness: z._default(z.enum(["none", "server", "global"]), "none"),
  canonicalValues: z.optional(z.array(Text).check(z.maxLength(1000))),
  referenceTypes: z.optional(z.array(Text).check(z.maxLength(100))),
});

const SubAttributeDefinition = z.extend(Characteristics, {
  type: Characteristics.shape.type.check(
    z.refine((type) => type !== "complex", {
      error: "A sub-attribute cannot be complex (RFC 7643 §2.3.8).",
    }),
  ),
});

const AttributeDefinition = z
  .extend(Characteristics, {
    subAttributes: z.optional(
      z.array(SubAttributeDefinition).check(z.minLength(1), z.maxLength(MAX_ATTRIBUTES)),
    ),
  })
  .check(
    z.superRefine((attribute, context) => {
      const isComplex = attribute.type === "complex";
      if (isComplex !== (attribute.subAttributes !== undefined)) {
        context.addIssue({
          code: "custom",
          path: ["subAttributes"],
          message: "A complex attribute needs subAttributes, and no other has them.",
        });
      }
      if (attribute.uniqueness !== "none" && (isComplex || attribute.multiValued)) {
        context.addIssue({
          code: "custom",
          path: ["uniqueness"],
          message: "Only an attribute with one simple value can be unique.",
        });
      }
    }),
  );

const differ = (attributes: readonly { name: string }[]): boolean =>
  new Set(attributes.map(({ name }) => foldText(name))).size === attributes.length;

const DISTINCT = "Two attributes have the same name; letter case does not tell them apart.";

/** A schema of the tenant's own: an extension, or the core of a resource type. Its URI stands in the URL. */
export const SchemaDefinition = z.object({
  id: z.optional(z.string()),
  name: Text.check(z.minLength(1)),
  description: z._default(Text, ""),
  attributes: z.array(AttributeDefinition).check(
    z.minLength(1),
    z.maxLength(MAX_ATTRIBUTES),
    z.refine(differ, { error: DISTINCT }),
    z.refine((attributes) => attributes.every(({ subAttributes }) => differ(subAttributes ?? [])), {
      error: DISTINCT,
    }),
  ),
});
export type SchemaDefinition = z.output<typeof SchemaDefinition>;

/** RFC 8141: a URN, which is how RFC 7643 §10.2 names schemas; a colon tells it from an attribute. */
export const SchemaUri = z
  .string()
  .check(
    z.maxLength(200),
    z.regex(
      /^urn:[a-z0-9][a-z0-9-]{1,31}:[A-Za-z0-9()+,.:=@;$_!*'%/-]+$/i,
      "Use a URN, such as urn:example:scim:Badge.",
    ),
  );

type Plain = z.output<typeof Characteristics>;

function attributeOf(
  definition: Plain & { subAttributes?: readonly Plain[] | undefined },
): Attribute {
  const { canonicalValues, referenceTypes, subAttributes, ...rest } = definition;
  return {
    ...rest,
    ...(canonicalValues && { canonicalValues }),
    ...(referenceTypes && { referenceTypes }),
    ...(subAttributes && { subAttributes: subAttributes.map(attributeOf) }),
  };
}

export const schemaOf = (id: string, definition: SchemaDefinition): Schema => ({
  id,
  name: definition.name,
  description: definition.description,
  attributes: definition.attributes.map(attributeOf),
});
