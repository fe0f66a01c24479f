/**
 * The bindings of the `[[d1_databases]]` in a wrangler.toml, in their order. As much of TOML as that needs: the
 * entries of other environments and of other files than TOML are wrangler's business.
 */
export function listDatabases(toml: string): string[] {
  const sections = toml.split(/^(?=[ \t]*\[)/m);
  const bindings = sections
    .filter((section) => /^[ \t]*\[\[[ \t]*d1_databases[ \t]*\]\]/.test(section))
    .flatMap((section) => /^[ \t]*binding[ \t]*=[ \t]*["'](.*?)["']/m.exec(section)?.[1] ?? []);
  return bindings.length === 0 ? ["DB"] : bindings;
}
