import type { UserRecord } from "../../ports.ts";
import { fieldsOf } from "../person-fields.ts";
import { EXPORT_ONLY_COLUMNS, PERSON_COLUMNS } from "./people-columns.ts";
import { writeCsvLine } from "./write-csv-line.ts";

export const EXPORT_HEADER = writeCsvLine([...PERSON_COLUMNS, ...EXPORT_ONLY_COLUMNS]);

/** A person as a line under the header. The department is the one of the attribute: import writes no other. */
export function exportLine(user: UserRecord): string {
  const fields = fieldsOf(user);
  return writeCsvLine([
    ...PERSON_COLUMNS.map((column) => fields[column]),
    user.id,
    user.origin,
    String(user.active),
  ]);
}
