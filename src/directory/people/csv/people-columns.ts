import { foldText } from "../../../scim/fold.ts";

/** The columns that import reads and export writes first, in this order. */
export const PERSON_COLUMNS = [
  "email",
  "userName",
  "givenName",
  "familyName",
  "displayName",
  "department",
  "externalId",
] as const;
export type PersonColumn = (typeof PERSON_COLUMNS)[number];

/** Export adds these; import knows them and passes over them, so that it takes what export gave. */
export const EXPORT_ONLY_COLUMNS = ["id", "origin", "active"] as const;

export interface Header {
  /** For each column of the file which one it is; undefined: none that import reads. */
  readonly columns: readonly (PersonColumn | undefined)[];
  /** Names that nobody knows, as the file has them. */
  readonly unknown: readonly string[];
}

const keyOf = (name: string): string => foldText(name.trim());
const KNOWN = new Map(PERSON_COLUMNS.map((column) => [keyOf(column), column]));
const PASSED_OVER = new Set<string>(EXPORT_ONLY_COLUMNS.map(keyOf));

/** The header of a file, in any order and any letters; or what is wrong with it. */
export function readHeader(
  cells: readonly string[],
): { kind: "header"; header: Header } | { kind: "refused"; message: string } {
  const columns = cells.map((name) => KNOWN.get(keyOf(name)));
  const known = columns.filter((column) => column !== undefined);
  const twice = known.find((column, at) => known.indexOf(column) !== at);
  if (twice !== undefined) {
    return { kind: "refused", message: `There are two columns ${twice}. Leave one of them out.` };
  }
  if (!known.includes("email") && !known.includes("userName")) {
    return {
      kind: "refused",
      message: `The first line must name the columns, email or userName among them. They are: ${PERSON_COLUMNS.join(", ")}.`,
    };
  }
  const unknown = cells
    .map((name) => name.trim())
    .filter((name) => name !== "" && !KNOWN.has(keyOf(name)) && !PASSED_OVER.has(keyOf(name)));
  return { kind: "header", header: { columns, unknown } };
}
