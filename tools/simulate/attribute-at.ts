import { isRecord } from "../../test/scenarios/fill-template.ts";

const VALUE_PATH = /^(\w+)\[type eq "(\w+)"\]\.(\w+)$/;
const EXTENSION_PATH = /^(urn:.+):([\w.]+)$/;

/**
 * What a resource holds at one of the paths of Entra's mapping: `a`, `a.b`, `a[type eq "work"].b` or an
 * attribute behind an extension's URN.
 */
export function attributeAt(resource: unknown, path: string): unknown {
  if (!isRecord(resource)) return undefined;
  const [, list, type, part] = VALUE_PATH.exec(path) ?? [];
  if (list !== undefined && part !== undefined) {
    const elements = resource[list];
    const element = Array.isArray(elements)
      ? elements.find((item) => isRecord(item) && item["type"] === type)
      : undefined;
    return isRecord(element) ? element[part] : undefined;
  }
  const [, urn, name] = EXTENSION_PATH.exec(path) ?? [];
  if (urn !== undefined && name !== undefined) return attributeAt(resource[urn], name);
  const [first = "", ...rest] = path.split(".");
  return rest.length === 0 ? resource[first] : attributeAt(resource[first], rest.join("."));
}
