import type { Attribute, AttributeType } from "./attribute.ts";

type Facts = Partial<Omit<Attribute, "name" | "type" | "description">>;

/**
 * One attribute definition with the defaults of RFC 7643 §2.2 for every fact that is not given.
 * References and binaries are case exact unless told otherwise (§2.3.6, §2.3.7).
 */
export function defineAttribute(
  name: string,
  type: AttributeType,
  description: string,
  facts: Facts = {},
): Attribute {
  return {
    name,
    type,
    description,
    multiValued: false,
    required: false,
    caseExact: type === "reference" || type === "binary",
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...facts,
  };
}

interface PluralAttribute {
  readonly name: string;
  readonly description: string;
  /** The definition of `value`, the sub-attribute that an element exists for. */
  readonly value: Attribute;
  /** Suggestions for `type`. */
  readonly types?: readonly string[];
}

/** A multi-valued complex attribute with the default sub-attributes of RFC 7643 §2.4 but `$ref`. */
export function definePluralAttribute(plural: PluralAttribute): Attribute {
  return defineAttribute(plural.name, "complex", plural.description, {
    multiValued: true,
    subAttributes: [
      plural.value,
      defineAttribute("display", "string", "A name for the value, meant for people to read."),
      labelAttribute(plural.types),
      PRIMARY,
    ],
  });
}

/** The sub-attribute `type` of RFC 7643 §2.4. */
export function labelAttribute(types?: readonly string[]): Attribute {
  return defineAttribute(
    "type",
    "string",
    "A label that says what the value is used for.",
    types === undefined ? {} : { canonicalValues: types },
  );
}

/** The sub-attribute `primary` of RFC 7643 §2.4. */
export const PRIMARY: Attribute = defineAttribute(
  "primary",
  "boolean",
  "Marks the preferred value. At most one value of the attribute is primary.",
);
