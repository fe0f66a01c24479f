import type { UserRecord } from "../../ports.ts";
import { emailOf } from "../email-of.ts";
import { fieldsOf } from "../person-fields.ts";
import { EXPORT_ONLY_COLUMNS, PERSON_COLUMNS } from "./people-columns.ts";
import { writeCsvLine } from "./write-csv-line.ts";

const [EMAIL, ...OTHER_COLUMNS] = PERSON_COLUMNS;

export const EXPORT_HEADER = writeCsvLine([EMAIL, ...OTHER_COLUMNS, ...EXPORT_ONLY_COLUMNS]);

/**
 * A person as a line under the header. The department is the one of the attribute: import writes no other. Where
 * the product has no address, because the userName is none, their mail stands in for it.
 */
export function exportLine(user: UserRecord): string {
  const fields = fieldsOf(user);
  return writeCsvLine([
    fields.email ?? emailOf(user.document, "mail-then-username").email,
    ...OTHER_COLUMNS.map((column) => fields[column]),
    user.id,
    user.origin,
    String(user.active),
  ]);
}
