import * as z from "zod";

import { foldText } from "../../scim/fold.ts";
import type { Attribute, Schema } from "../../scim/schema/attribute.ts";

const MAX_ATTRIBUTES = 200;

/** RFC 7643 §2.1, and `$ref`. */
const Name = z
  .string()
  .max(100)
  .regex(
    /^(?:[A-Za-z][A-Za-z0-9_-]*|\$ref)$/,
    "Use a letter, then letters, digits, hyphen or underscore.",
  );

const Text = z.string().max(2000);

/** RFC 7643 §7; what is left out has the default of §2.2. */
const Characteristics = z.strictObject({
  name: Name,
  type: z
    .enum(["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"])
    .default("string"),
  description: Text.default(""),
  multiValued: z.boolean().default(false),
  required: z.boolean().default(false),
  caseExact: z.boolean().default(false),
  mutability: z.enum(["readOnly", "readWrite", "immutable", "writeOnly"]).default("readWrite"),
  returned: z.enum(["always", "never", "default", "request"]).default("default"),
  uniqueness: z.enum(["none", "server", "global"]).default("none"),
  canonicalValues: z.array(Text).max(1000).optional(),
  referenceTypes: z.array(Text).max(100).optional(),
});

const SubAttributeDefinition = Characteristics.extend({
  type: Characteristics.shape.type.refine((type) => type !== "complex", {
    error: "A sub-attribute cannot be complex (RFC 7643 §2.3.8).",
  }),
});

const AttributeDefinition = Characteristics.extend({
  subAttributes: z.array(SubAttributeDefinition).min(1).max(MAX_ATTRIBUTES).optional(),
}).superRefine((attribute, context) => {
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
});

const differ = (attributes: readonly { name: string }[]): boolean =>
  new Set(attributes.map(({ name }) => foldText(name))).size === attributes.length;

const DISTINCT = "Two attributes have the same name; letter case does not tell them apart.";

/** A schema of the tenant's own: an extension, or the core of a resource type. Its URI stands in the URL. */
export const SchemaDefinition = z.object({
  id: z.string().optional(),
  name: Text.min(1),
  description: Text.default(""),
  attributes: z
    .array(AttributeDefinition)
    .min(1)
    .max(MAX_ATTRIBUTES)
    .refine(differ, { error: DISTINCT })
    .refine((attributes) => attributes.every(({ subAttributes }) => differ(subAttributes ?? [])), {
      error: DISTINCT,
    }),
});
export type SchemaDefinition = z.output<typeof SchemaDefinition>;

/** RFC 8141: a URN, which is how RFC 7643 §10.2 names schemas; a colon tells it from an attribute. */
export const SchemaUri = z
  .string()
  .max(200)
  .regex(
    /^urn:[a-z0-9][a-z0-9-]{1,31}:[A-Za-z0-9()+,.:=@;$_!*'%/-]+$/i,
    "Use a URN, such as urn:example:scim:Badge.",
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
