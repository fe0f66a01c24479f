const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of an attribute as a person reads it: `ada@example.com (work, primary)` instead of its JSON. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join("; ");
  if (!isObject(value)) return String(value);
  const { value: main, ...others } = value;
  const parts = Object.entries(others).map(([name, part]) => {
    if (part === true) return name;
    return name === "type" ? valueText(part) : `${name}: ${valueText(part)}`;
  });
  if (main === undefined) return parts.join(", ");
  return parts.length === 0 ? valueText(main) : `${valueText(main)} (${parts.join(", ")})`;
}
