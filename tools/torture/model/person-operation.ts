import { COMPANY, NAMES, type PersonChange } from "./change-person.ts";
import { ENTERPRISE } from "./person-document.ts";

/** How a client may write a change: Entra with and without its feature flag, and the RFC. */
export interface Dialect {
  /** `Replace` or `replace`. */
  readonly capital: boolean;
  /** A value that is set is added, not replaced. */
  readonly adds: boolean;
  /** Without a path, where the change can be written so. */
  readonly pathless: boolean;
}

/** The operation that says it. */
export function operationOf(change: PersonChange, dialect: Dialect): unknown {
  const op = (name: string) => (dialect.capital ? name[0]?.toUpperCase() + name.slice(1) : name);
  const set = (path: string, value: unknown) => {
    const verb = op(dialect.adds && value !== "" && value !== null ? "add" : "replace");
    return dialect.pathless && !path.includes("[")
      ? { op: verb, value: { [path]: value } }
      : { op: verb, path, value };
  };
  switch (change.kind) {
    case "text":
      return set(pathOf(change.attribute), change.value);
    case "active":
      return set("active", dialect.capital ? (change.value ? "True" : "False") : change.value);
    case "remove":
      return { op: op("remove"), path: pathOf(change.attribute) };
    case "address":
      return set(`emails[type eq "${change.type}"].value`, change.value);
    case "primary":
      return set(`emails[type eq "${change.type}"].primary`, dialect.capital ? "True" : true);
    case "remove addresses":
      return { op: op("remove"), path: `emails[type eq "${change.type}"]` };
    case "remove address":
      return { op: op("remove"), path: "emails", value: [change.email] };
    case "add emails":
      return dialect.pathless
        ? { op: op("add"), value: { emails: change.emails } }
        : { op: op("add"), path: "emails", value: change.emails };
    case "replace emails":
      return dialect.pathless
        ? { op: op("replace"), value: { emails: change.emails } }
        : { op: op("replace"), path: "emails", value: change.emails };
    case "unknown":
      return set("shoeSize", "42");
    case "malformed":
      return { op: op("replace"), path: "emails[type eq", value: "x" };
  }
}

function pathOf(attribute: string): string {
  if (NAMES.some((name) => name === attribute)) return `name.${attribute}`;
  if (COMPANY.some((name) => name === attribute)) return `${ENTERPRISE}:${attribute}`;
  return attribute;
}
