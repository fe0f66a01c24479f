import type { AttributeChange } from "./change.ts";

type Document = Readonly<Record<string, unknown>>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** An object whose name is a URN holds the attributes of an extension: those are what people look for. */
const isExtension = (name: string, value: unknown): value is Document =>
  name.includes(":") && typeof value === "object" && value !== null && !Array.isArray(value);

function flatten(document: Document): Map<string, unknown> {
  return new Map(
    Object.entries(document).flatMap(([name, value]) =>
      isExtension(name, value)
        ? Object.entries(value).map(([inner, innerValue]): [string, unknown] => [
            `${name}:${inner}`,
            innerValue,
          ])
        : [[name, value] as [string, unknown]],
    ),
  );
}

/** The attributes in which two documents differ, with all that they hold: see `toldDiff` for what the journal is told. */
export function diffDocuments(before: Document, after: Document): AttributeChange[] {
  const old = flatten(before);
  const now = flatten(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((attribute) => !same(old.get(attribute), now.get(attribute)))
    .map((attribute) => ({
      attribute,
      ...(old.has(attribute) && { before: old.get(attribute) }),
      ...(now.has(attribute) && { after: now.get(attribute) }),
    }));
}
