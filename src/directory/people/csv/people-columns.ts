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

/** Other names of them, as `keyOf` writes them: those in the exports of Entra ID, Okta and Google. */
const ALIASES: Readonly<Record<string, PersonColumn>> = {
  mail: "email",
  emailaddress: "email",
  userprincipalname: "userName",
  login: "userName",
  firstname: "givenName",
  surname: "familyName",
  lastname: "familyName",
  objectid: "externalId",
};

export interface Header {
  /** For each column of the file which one it is; undefined: none that import reads. */
  readonly columns: readonly (PersonColumn | undefined)[];
  /** Names that nobody knows, as the file has them. */
  readonly unknown: readonly string[];
}

/** `First Name [Required]` (Google), `first_name` and `firstName` are one. */
const keyOf = (name: string): string =>
  foldText(name.replace(/\[[^[\]]*\]\s*$/, "").replace(/[\s_]/g, ""));
const KNOWN = new Map([
  ...Object.entries(ALIASES),
  ...PERSON_COLUMNS.map((column) => [keyOf(column), column] as const),
]);
const PASSED_OVER = new Set<string>(EXPORT_ONLY_COLUMNS.map(keyOf));

/** The header of a file, in any order and any letters; or what is wrong with it. */
export function readHeader(
  cells: readonly string[],
): { kind: "header"; header: Header } | { kind: "refused"; message: string } {
  const keys = cells.map(keyOf);
  // In an export of Entra ID it is the object's id; in one of ours it is the product's.
  const isOfEntra = keys.includes("userprincipalname");
  const columns = keys.map((key) =>
    key === "id" && isOfEntra ? ("externalId" as const) : KNOWN.get(key),
  );
  const names = cells.map((name) => name.trim());
  for (const [at, column] of columns.entries()) {
    const first = columns.indexOf(column);
    if (column !== undefined && first !== at) {
      return {
        kind: "refused",
        message: `There are two columns ${column}: "${names[first]}" and "${names[at]}". Leave one of them out.`,
      };
    }
  }
  if (!columns.includes("email") && !columns.includes("userName")) {
    return {
      kind: "refused",
      message: `The first line must name the columns, email or userName among them. They are: ${PERSON_COLUMNS.join(", ")}.`,
    };
  }
  const unknown = names.filter(
    (name, at) => name !== "" && columns[at] === undefined && !PASSED_OVER.has(keys[at] ?? ""),
  );
  return { kind: "header", header: { columns, unknown } };
}
