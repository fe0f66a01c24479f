import { LandingPage } from "./landing-page.tsx";

// Nothing may be loaded or run: the page is text, and its one style sheet stands in it.
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** `/console`. Holds nothing that an anonymous visitor may not know. */
export function landingAnswer(publicUrl: string): Response {
  const page = <LandingPage publicUrl={publicUrl} />;
  return new Response(`<!doctype html>${page.toString()}`, { headers: HEADERS });
}
