import type { PersonDocument } from "./person-document.ts";

export interface Person {
  /** "" until the server has told it. */
  id: string;
  document: PersonDocument;
  /** Enrolled by hand and not yet adopted. */
  manual: boolean;
  /** Inactive because an administrator said so: no POST revives them. */
  deactivatedByHand: boolean;
  version: number;
  /** The department that the attribute names. */
  department: Department | null;
  /** Those that an administrator chose, and since when. */
  readonly assigned: Map<Department, number>;
}

export interface Group {
  id: string;
  displayName: string;
  externalId: string | undefined;
  /** Who is in it, people and groups, and since when. */
  readonly members: Map<Person | Group, number>;
  version: number;
  department: Department;
}

export interface Department {
  /** "" until the server has shown it. */
  id: string;
  /** As a group or an attribute named it last. */
  name: string;
  /** Made by hand: never renamed, marked or retired by what provisioning does. */
  isManual: boolean;
  /** Found by the reconciliation to be referred to by nothing; it retires in the next run. */
  isOrphan: boolean;
  isRetired: boolean;
  /** Of the group that fed it last, when that is deleted. */
  externalId: string | undefined;
}

/** One tenant with the preset `training`, in plain objects. Lists are in the order of creation. */
export interface Directory {
  people: Person[];
  groups: Group[];
  departments: Department[];
  /** Ids that were somebody's or some group's. */
  gone: { readonly path: string }[];
  /** Changes in the journal: every write that changes something, and none that does not. */
  applied: number;
  /** Rises with every step. */
  now: number;
}

export const emptyDirectory = (): Directory => ({
  people: [],
  groups: [],
  departments: [],
  gone: [],
  applied: 0,
  now: 0,
});

export const isPerson = (resource: Person | Group): resource is Person => "document" in resource;

export const groupsOf = ({ groups }: Directory, person: Person | Group): Group[] =>
  groups.filter(({ members }) => members.has(person));
