import { textIn, type TomlSection, tomlSections, withTextIn } from "./toml-sections.ts";

/** What a deployment has to know of a wrangler.toml. */
export interface Configuration {
  /** The Worker's name. */
  readonly name: string;
  readonly accountId: string | undefined;
  /** "" when nobody has decided yet. */
  readonly publicUrl: string;
  readonly databases: readonly {
    readonly binding: string;
    readonly name: string;
    readonly id: string;
  }[];
  readonly namespaces: readonly { readonly binding: string; readonly id: string }[];
}

const DATABASES = "[[d1_databases]]";
const NAMESPACES = "[[kv_namespaces]]";
const VARS = "[vars]";

/** Throws a sentence about an entry that lacks its binding. */
export function readConfiguration(toml: string): Configuration {
  const sections = tomlSections(toml);
  const of = (header: string) => sections.filter((section) => section.header === header);
  const [top] = of("");
  return {
    name: (top && textIn(top, "name")) ?? "",
    accountId: top && textIn(top, "account_id"),
    publicUrl: of(VARS).flatMap((section) => textIn(section, "PUBLIC_URL") ?? [])[0] ?? "",
    databases: of(DATABASES).map((section) => ({
      binding: bindingOf(section),
      name: textIn(section, "database_name") ?? "",
      id: textIn(section, "database_id") ?? "",
    })),
    namespaces: of(NAMESPACES).map((section) => ({
      binding: bindingOf(section),
      id: textIn(section, "id") ?? "",
    })),
  };
}

/** Whether an id only keeps a place: nothing has been made under it yet. */
export function isPlaceholder(id: string): boolean {
  return /^0{8}-0{4}-0{4}-0{4}-0{9}\d{3}$|^0{29}\d{3}$/.test(id);
}

export const withDatabaseId = (toml: string, binding: string, id: string): string =>
  edited(toml, DATABASES, binding, "database_id", id);

export const withNamespaceId = (toml: string, binding: string, id: string): string =>
  edited(toml, NAMESPACES, binding, "id", id);

export const withPublicUrl = (toml: string, url: string): string =>
  edited(toml, VARS, undefined, "PUBLIC_URL", url);

function edited(
  toml: string,
  header: string,
  binding: string | undefined,
  key: string,
  value: string,
): string {
  const isMeant = (section: TomlSection) =>
    section.header === header && (binding === undefined || textIn(section, "binding") === binding);
  return tomlSections(toml)
    .map((section) => (isMeant(section) ? withTextIn(section, key, value) : section).text)
    .join("");
}

function bindingOf(section: TomlSection): string {
  const binding = textIn(section, "binding");
  if (binding === undefined)
    throw new Error(`A ${section.header} of wrangler.toml has no binding.`);
  return binding;
}
