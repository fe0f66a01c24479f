import { sql, type SQL } from "drizzle-orm";

import type { AttributePath } from "../../scim/filter/ast.ts";
import type { Attribute, ResourceType } from "../../scim/schema/attribute.ts";

/** Where the SQL of a filter finds a resource: the table, and what differs between the types. */
export interface FilterTable {
  readonly name: "users" | "groups" | "resources";
  readonly tenantKey: number;
  readonly type: ResourceType;
  /** Where the URLs of resources begin: `meta.location` and `$ref` are compared too. */
  readonly baseUrl: string;
}

/** A scalar expression, and whether both sides of a comparison have to be folded. */
export interface Operand {
  readonly sql: SQL;
  readonly folded: boolean;
}

const TEXT_TYPES = new Set<Attribute["type"]>(["string", "reference", "binary"]);

/** Whether letter case is ignored: RFC 7643 §2.2; dates, numbers and booleans have none. */
export const ignoresCase = (attribute: Attribute): boolean =>
  TEXT_TYPES.has(attribute.type) && !attribute.caseExact;

/** A JSON path with every name quoted: URNs hold dots and colons. Bound, never part of the SQL text. */
const jsonPath = (names: readonly string[]): string =>
  `$${names.map((name) => `."${name.replaceAll('"', '\\"')}"`).join("")}`;

export function documentPath(path: AttributePath, withSubAttribute: boolean): string {
  const names = [
    ...(path.extension === undefined ? [] : [path.extension]),
    path.attribute.name,
    ...(withSubAttribute && path.subAttribute ? [path.subAttribute.name] : []),
  ];
  return jsonPath(names);
}

export const elementPath = (subAttribute: Attribute): string => jsonPath([subAttribute.name]);

/** The document to read: the folded one where letters may need more than SQLite's ASCII lower(). */
export const documentOf = (table: FilterTable, folded: boolean): SQL => {
  const name = sql.identifier(table.name);
  return folded ? sql`coalesce(${name}.folded, ${name}.resource)` : sql`${name}.resource`;
};

const COLUMNS = {
  users: { userName: "user_name_key", active: "active" },
  groups: { displayName: "display_name_key" },
} as const;

/** Attributes that are columns of their own: the server's, and the keys. */
function columnOf(path: AttributePath, table: FilterTable): Operand | undefined {
  if (path.extension !== undefined) return undefined;
  const name = path.attribute.name;
  const column = (column: string, folded = false): Operand => ({
    sql: sql`${sql.identifier(table.name)}.${sql.identifier(column)}`,
    folded,
  });
  if (name === "id") return column("id");
  if (name === "externalId") return column("external_id");
  if (name === "meta") {
    switch (path.subAttribute?.name) {
      case "created":
        return column("created_at");
      case "lastModified":
        return column("updated_at");
      case "resourceType":
        return { sql: sql`${table.type.name}`, folded: false };
      case "location": {
        const prefix = `${table.baseUrl}${table.type.endpoint}/`;
        return { sql: sql`${prefix} || ${sql.identifier(table.name)}.id`, folded: false };
      }
      case "version":
        return { sql: sql`'W/"' || ${sql.identifier(table.name)}.version || '"'`, folded: false };
      case undefined:
        // Every resource has it.
        return { sql: sql`1`, folded: false };
      default:
        return undefined;
    }
  }
  if (table.name === "users") {
    if (name === "userName") return column(COLUMNS.users.userName, true);
    if (name === "active") return column(COLUMNS.users.active);
  } else if (table.name === "groups" && name === "displayName") {
    return column(COLUMNS.groups.displayName, true);
  }
  return undefined;
}

/** The value of a single-valued attribute of a resource. */
export function operandOf(path: AttributePath, table: FilterTable): Operand {
  const column = columnOf(path, table);
  if (column) return column;
  const folded = ignoresCase(path.subAttribute ?? path.attribute);
  const value = sql`json_extract(${documentOf(table, folded)}, ${documentPath(path, true)})`;
  return { sql: folded ? sql`lower(${value})` : value, folded };
}
