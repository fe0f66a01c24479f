import { sql } from "drizzle-orm";

import type { Attribute } from "../../scim/schema/attribute.ts";
import { GROUP, USER } from "../../scim/schema/resource-types.ts";
import { elementPath, ignoresCase, type Operand } from "./filter-columns.ts";
import { groupMembers } from "../tables.ts";

/** What a filter in brackets compares: a sub-attribute of the element at hand, or the element itself. */
export type ElementOperand = (attribute: Attribute) => Operand;

export const jsonElement: ElementOperand = (attribute) => {
  const folded = ignoresCase(attribute);
  const value =
    attribute.type === "complex"
      ? sql`element.value`
      : sql`json_extract(element.value, ${elementPath(attribute)})`;
  return { sql: folded ? sql`lower(${value})` : value, folded };
};

export const plainElement: ElementOperand = (attribute) => {
  const folded = ignoresCase(attribute);
  return { sql: folded ? sql`lower(element.value)` : sql`element.value`, folded };
};

export const memberColumn =
  (baseUrl: string): ElementOperand =>
  (attribute) => {
    switch (attribute.name) {
      case "$ref":
        return {
          sql: sql`${baseUrl} || CASE ${groupMembers}.member_type WHEN 'User' THEN ${USER.endpoint}
          ELSE ${GROUP.endpoint} END || '/' || ${groupMembers}.member_id`,
          folded: false,
        };
      case "value":
        return { sql: sql`${groupMembers}.member_id`, folded: false };
      case "type":
        return { sql: sql`lower(${groupMembers}.member_type)`, folded: true };
      default:
        return { sql: sql`NULL`, folded: false };
    }
  };

export const groupColumn =
  (baseUrl: string): ElementOperand =>
  (attribute) => {
    switch (attribute.name) {
      case "$ref":
        return { sql: sql`${`${baseUrl}${GROUP.endpoint}/`} || parent.id`, folded: false };
      case "value":
        return { sql: sql`parent.id`, folded: false };
      case "display":
        return { sql: sql`parent.display_name_key`, folded: true };
      case "type":
        return { sql: sql`'direct'`, folded: true };
      default:
        return { sql: sql`NULL`, folded: false };
    }
  };
