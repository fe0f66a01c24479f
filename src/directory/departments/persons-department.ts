/** What puts somebody into a department: a group that feeds it, their attribute, or somebody's hand. */
export type DepartmentSource = "group" | "attribute" | "manual";

/** A department that somebody is in now, and since when. */
export interface PersonsDepartment {
  readonly id: string;
  readonly name: string;
  readonly source: DepartmentSource;
  readonly since: string;
}
