import type { Child, PropsWithChildren } from "hono/jsx";

import type { View } from "../console-env.ts";

/** A form that changes something: `does` names what, among the forms of the page. */
export function PostForm({
  view,
  action,
  does,
  children,
  ...rest
}: PropsWithChildren<{
  view: View;
  action: string;
  does?: string;
  class?: string;
  enctype?: "multipart/form-data";
  id?: string;
}>) {
  return (
    <form method="post" action={action} class="stacked" {...rest}>
      <input type="hidden" name="csrf" value={view.csrf} />
      {does !== undefined && <input type="hidden" name="does" value={does} />}
      {children}
    </form>
  );
}

/** One button that changes something at once. */
export function PostButton({
  view,
  action,
  does,
  fields = {},
  tone,
  children,
}: {
  view: View;
  action: string;
  does?: string;
  fields?: Readonly<Record<string, string>>;
  tone?: "danger" | "quiet";
  children: Child;
}) {
  return (
    <PostForm view={view} action={action} class="inline" {...(does !== undefined && { does })}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class={tone ?? ""}>{children}</button>
    </PostForm>
  );
}
