import type { Child } from "hono/jsx";

const BODY = "margin: 0 auto; max-width: 36rem; padding: 1.5rem; font: 16px/1.5 sans-serif;";

/** The frame of every mail. Styles stand on the elements: mail programs drop what is in the head. */
function MailPage({ title, children }: { title: string; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
      </head>
      <body style={BODY}>{children}</body>
    </html>
  );
}

/** A mail's HTML. Its parts wait for nothing, so that it is there at once. */
export function renderMail(title: string, children: Child): string {
  const page = <MailPage title={title}>{children}</MailPage>;
  if (page instanceof Promise) throw new TypeError("A part of a mail waits for something.");
  return `<!doctype html>${page.toString()}`;
}
