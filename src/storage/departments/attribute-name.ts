import { sql, type SQL } from "drizzle-orm";

import { ENTERPRISE_USER_SCHEMA } from "../../scim/schema/enterprise-user.ts";

/** What JavaScript's trim() takes away; SQLite's takes spaces only, unless it is told others. */
const WHITESPACE =
  "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

export const trimmed = (text: SQL): SQL => sql`trim(${text}, ${WHITESPACE})`;

/** What a person's document calls their department, in a column that holds the document. */
export const attributeText = (document: SQL): SQL =>
  sql`json_extract(${document}, ${`$."${ENTERPRISE_USER_SCHEMA.id}".department`})`;

/** The folded name of it: an expression over a row of `users`. */
export const attributeKey: SQL = sql`lower(${trimmed(attributeText(sql`coalesce(folded, resource)`))})`;
