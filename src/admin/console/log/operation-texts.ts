import type { Operation } from "../../../journal/change.ts";

/** What was done, or was to be done, for people. */
export const OPERATION_TEXTS: Readonly<Record<Operation, string>> = {
  create: "Create",
  replace: "Replace",
  patch: "Change",
  delete: "Delete",
  adopt: "Adopt",
  unadopt: "Undo adoption",
  activate: "Activate",
  deactivate: "Deactivate",
  reactivate: "Reactivate",
  assign: "Assign",
  unassign: "Take out",
  merge: "Merge",
  rename: "Rename",
  retire: "Retire",
  invite: "Invite",
  import: "Import",
  settings: "Settings",
  token: "Token",
  key: "Key",
};

const TEXTS = new Map(Object.entries(OPERATION_TEXTS));

export const operationText = (operation: string): string => TEXTS.get(operation) ?? operation;
