import type { PropsWithChildren } from "hono/jsx";

import type { View } from "../console-env.ts";
import { PostForm } from "./post-form.tsx";

/** A button that takes two steps: what it will do is read before it is done. Works without a script. */
export function Confirm({
  view,
  action,
  does,
  fields = {},
  label,
  button = label,
  tone = "danger",
  children,
}: PropsWithChildren<{
  view: View;
  action: string;
  does: string;
  fields?: Readonly<Record<string, string>>;
  label: string;
  button?: string;
  tone?: "danger" | "quiet";
}>) {
  return (
    <details class="more">
      <summary>{label}</summary>
      <PostForm view={view} action={action} does={does}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {children}
        <div class="actions">
          <button class={tone}>{button}</button>
        </div>
      </PostForm>
    </details>
  );
}
