import { ConsoleRefusal } from "../console-refusal.ts";
import type { Form } from "../form.ts";
import { TextField } from "./field.tsx";

/** Whoever ends something types its name once more. `id`: where a page asks for it twice. */
export const TypedName = ({ name, id }: { name: string; id?: string }) => (
  <TextField
    label={`Type ${name} to go on`}
    name="confirm"
    {...(id !== undefined && { id })}
    required
  />
);

/** Throws a refusal unless the name was typed; spaces around and between words do not count, as HTML shows none. */
export function requireTypedName(form: Form, name: string): void {
  const words = (text: string) => text.trim().replace(/\s+/g, " ");
  if (words(form.text("confirm")) === words(name)) return;
  const message = `Type ${name} as it stands here. Nothing was changed.`;
  throw new ConsoleRefusal({ kind: "invalid", errors: [{ path: "", message }] });
}
