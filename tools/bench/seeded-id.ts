/** The ids of what is seeded sort before every id that the server makes, in the order of their numbers. */
const PREFIXES = { person: "01", group: "02", groupDepartment: "03", department: "04" } as const;
type Kind = keyof typeof PREFIXES;

const head = (kind: Kind) => `${PREFIXES[kind]}000000-0000-7000-8000-`;

export function seededId(kind: Kind, number: number): string {
  return head(kind) + number.toString(16).padStart(12, "0");
}

/** The same as SQL, of a number that an SQL expression gives. */
export function seededIdSql(kind: Kind, number: string): string {
  return `printf('${head(kind)}%012x', ${number})`;
}
