/** The chapters of the documentation, and which part of a path leads to which. */
const CHAPTERS: readonly (readonly [title: string, parts: readonly string[]])[] = [
  ["Tenants", ["tenants", "move", "organisations", "deployment"]],
  ["Tokens", ["tokens"]],
  ["OAuth clients", ["clients"]],
  ["Keys of this API", ["admin-keys"]],
  ["Set-up links", ["setup-links"]],
  ["People", ["users", "preflight"]],
  ["Groups", ["groups"]],
  ["Departments", ["departments"]],
  ["Invitations", ["invitations"]],
  ["Journal", ["changes"]],
  ["Statistics", ["stats", "traffic"]],
  ["Alerts", ["alerts"]],
  ["Reconciliation", ["reconciliations"]],
  ["Schemas and resource types", ["schemas", "resource-types"]],
];

export const TAGS: readonly string[] = CHAPTERS.map(([title]) => title);

/** The chapter of an operation: what its path is about, the tenant left aside. */
export function tagOf(path: string): string {
  const part = /^\/tenants\/\{slug\}\/([^/]+)/.exec(path)?.[1] ?? path.split("/")[1] ?? "";
  const chapter = CHAPTERS.find(([, parts]) => parts.includes(part));
  if (chapter === undefined) throw new Error(`No chapter of tools/assets/tag-of.ts has "${part}".`);
  return chapter[0];
}
