/** RFC 7643 §2.3: data types. */
export type AttributeType =
  | "string"
  | "boolean"
  | "decimal"
  | "integer"
  | "dateTime"
  | "binary"
  | "reference"
  | "complex";

/** RFC 7643 §7: one attribute definition. Optional members have the RFC's default when absent (§2.2). */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly description: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "never" | "default" | "request";
  readonly uniqueness: "none" | "server" | "global";
  /** Suggestions, never a closed list: any other value is accepted too (RFC 7643 §7). */
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

/** An attribute that holds values and no sub-attributes. */
export interface SimpleAttribute extends Attribute {
  readonly type: Exclude<AttributeType, "complex">;
}

export function isSimple(attribute: Attribute): attribute is SimpleAttribute {
  return attribute.type !== "complex";
}

/** RFC 7643 §7. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** RFC 7643 §6, with the schemas themselves in place of their URIs. */
export interface ResourceType {
  readonly name: string;
  /** Begins with a slash: `/Users`. */
  readonly endpoint: string;
  readonly description: string;
  readonly schema: Schema;
  readonly schemaExtensions: readonly { readonly schema: Schema; readonly required: boolean }[];
}
