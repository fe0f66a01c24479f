const RESOURCES = /^(\/api\/v1\/(?:scim|tenants\/[^/]+\/scim)\/v2\/)([^/]+)/;

/** As RFC 7644 §3.2 spells them; the plural is what some clients ask for. */
const NAMES: Readonly<Record<string, string>> = {
  users: "Users",
  groups: "Groups",
  me: "Me",
  bulk: "Bulk",
  schemas: "Schemas",
  resourcetypes: "ResourceTypes",
  serviceproviderconfig: "ServiceProviderConfig",
  serviceproviderconfigs: "ServiceProviderConfig",
};

/**
 * The path that routes are matched against: doubled slashes are one (a Tenant URL pasted with its slash gives
 * `//Users`), a slash at the end counts for nothing, and the name of a resource has its own letter case.
 */
export function normalizePath(pathname: string): string {
  const single = pathname.replaceAll(/\/{2,}/g, "/");
  const trimmed = single.length > 1 && single.endsWith("/") ? single.slice(0, -1) : single;
  return trimmed.replace(RESOURCES, (_, base: string, name: string) => {
    const known = name.toLowerCase();
    return base + (Object.hasOwn(NAMES, known) ? NAMES[known] : name);
  });
}
