import { IN_DOCUMENT, type JsonSchema } from "./named-schemas.ts";

const AN_ID = "0198c2f0-6f5e-7c1d-9a53-3f2b8f1f0a11";

/** What the fields of the examples hold; one that is not here holds the first value that its type allows. */
const VALUES: Readonly<Record<string, unknown>> = {
  slug: "acme",
  id: AN_ID,
  clientId: AN_ID,
  confirm: "acme",
  email: "sam@example.com",
  userName: "sam@example.com",
  database: "DB_1",
  into: AN_ID,
  userIds: [AN_ID],
  tenant: "acme",
  users: [{ userName: "sam@example.com" }],
  add: [AN_ID],
  urn: "urn:example:schemas:Badge",
  schema: "urn:example:schemas:Badge",
  endpoint: "/Badges",
};

/** Some kinds of things have names of a kind. */
const NAMES: Readonly<Record<string, string>> = {
  Tenants: "Acme",
  Tokens: "Entra ID",
  "OAuth clients": "Okta",
  "Keys of this API": "Intranet",
  Departments: "Sales",
};

/** Makes values that a schema takes: of an object the fields that must be there, or else the first one. */
export function exampleMaker(named: Readonly<Record<string, JsonSchema>>, chapter = "") {
  const field = (name: string, schema: unknown): unknown =>
    name === "name" ? (NAMES[chapter] ?? "Badge") : (VALUES[name] ?? exampleOf(schema));

  function exampleOf(schema: unknown): unknown {
    if (!isSchema(schema)) return "text";
    const { $ref, anyOf = [] } = schema;
    if ($ref !== undefined) return exampleOf(named[$ref.slice(IN_DOCUMENT.length)]);
    if (anyOf.length > 0) return exampleOf(anyOf[0]);
    const value = schema.const ?? schema.default ?? schema.enum?.[0];
    return value ?? byType(schema);
  }

  function byType(schema: JsonSchema): unknown {
    const { properties = {}, required = [], format, minimum = 1 } = schema;
    const [type] = [schema.type].flat();
    if (type === "object") {
      const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
      return Object.fromEntries(names.map((name) => [name, field(name, properties[name])]));
    }
    if (type === "array") return [exampleOf(schema.items)];
    if (type === "integer" || type === "number") return Math.max(1, minimum);
    if (type === "boolean") return true;
    return format === "email" ? VALUES["email"] : "text";
  }

  return { exampleOf, field };
}

/** JSON Schema allows `true` and, in `items`, a list; zod writes neither. */
const isSchema = (schema: unknown): schema is JsonSchema =>
  typeof schema === "object" && schema !== null && !Array.isArray(schema);
