import { Hono } from "hono";
import { html } from "hono/html";

import { LandingPage } from "./landing-page.tsx";

// Nothing may be loaded or run: the page is text, and its one style sheet stands in it.
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** The console. So far its door, which holds nothing that an anonymous visitor may not know. */
export function consoleApp(publicUrl: string): Hono {
  const page = html`<!doctype html>${<LandingPage publicUrl={publicUrl} />}`;
  return new Hono({ strict: false }).get("/console", (context) => context.html(page, 200, HEADERS));
}
