/** What a story's templates can name. Values keep their type. */
export type Variables = Readonly<Record<string, unknown>>;

const WHOLE = /^\{\{([\w.$-]+)\}\}$/;
const PARTS = /\{\{([\w.$-]+)\}\}/g;

/**
 * Replaces every `{{name}}` in a JSON value, keys left alone. A string that is nothing but one template
 * becomes the variable's value with its type; inside a longer string it becomes text.
 *
 * `{"$merge": [a, b], "$omit": ["name"]}` becomes one object: the later one wins, name by name, and what is
 * omitted goes. It is how a client writes back what it has read.
 */
export function fillTemplate(template: unknown, variables: Variables): unknown {
  if (typeof template === "string") {
    const whole = WHOLE.exec(template)?.[1];
    return whole === undefined ? fillText(template, variables, String) : valueOf(whole, variables);
  }
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, variables));
  if (!isRecord(template)) return template;
  if ("$merge" in template) return merge(template, variables);
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillTemplate(value, variables)]),
  );
}

/** Replaces every `{{name}}` in a URL path by its percent-encoded text. */
export function fillPath(path: string, variables: Variables): string {
  return fillText(path, variables, (value) => encodeURIComponent(String(value)));
}

/** Walks `a.0.b` into a JSON value; `.` is the value itself. Names may hold dots where a key does. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === "." || path === "") return value;
  if (Array.isArray(value)) {
    const [index = "", ...rest] = path.split(".");
    return valueAt(value[Number(index)], rest.join("."));
  }
  if (!isRecord(value)) return undefined;
  // A URN has dots of its own ("…:2.0:User"), so the longest key that fits is taken first.
  const names = path.split(".");
  for (let length = names.length; length > 0; length--) {
    const key = names.slice(0, length).join(".");
    if (Object.hasOwn(value, key)) return valueAt(value[key], names.slice(length).join("."));
  }
  return undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fillText(text: string, variables: Variables, write: (value: unknown) => string): string {
  return text.replaceAll(PARTS, (_, name: string) => write(valueOf(name, variables)));
}

function valueOf(name: string, variables: Variables): unknown {
  const value = valueAt(variables, name);
  if (value === undefined) throw new Error(`nothing has set {{${name}}}`);
  return value;
}

function merge(template: Record<string, unknown>, variables: Variables): Record<string, unknown> {
  const parts = fillTemplate(template["$merge"], variables);
  const omitted = template["$omit"] ?? [];
  if (!Array.isArray(parts) || !parts.every(isRecord) || !Array.isArray(omitted)) {
    throw new Error("$merge takes a list of objects, $omit a list of names");
  }
  const merged: Record<string, unknown> = Object.assign({}, ...parts);
  return Object.fromEntries(Object.entries(merged).filter(([key]) => !omitted.includes(key)));
}
