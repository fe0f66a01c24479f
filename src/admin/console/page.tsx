import type { Context } from "hono";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";

import type { ConsoleEnv, View } from "./console-env.ts";
import { ConsoleRefusal, reasonsOf, statusOf } from "./console-refusal.ts";
import { Notice } from "./parts/notice.tsx";
import { PostButton } from "./parts/post-form.tsx";
import { SECTIONS, type Section } from "./sections.ts";

interface Facts {
  readonly title: string;
  /** The tenant whose page it is, and which of its pages. */
  readonly slug?: string;
  readonly section?: Section;
  readonly status?: ContentfulStatusCode;
  /** Why what was asked for before did not happen: shown above the page. */
  readonly refusal?: ConsoleRefusal | undefined;
  /** What has just been done. */
  readonly done?: string | undefined;
}

/** A whole page of the console, for somebody who is signed in and may see its section. */
export function page(
  context: Context<ConsoleEnv>,
  facts: Facts,
  children: Child,
): Response | Promise<Response> {
  const { view } = context.var;
  const own = SECTIONS.find(({ id }) => id === facts.section);
  if (own && !view.may(own.operation)) throw new ConsoleRefusal({ kind: "forbidden" });
  return document(context, facts, view, children);
}

/** A page of the door: nobody is signed in yet. */
export function doorPage(
  context: Context<ConsoleEnv>,
  facts: Facts,
  children: Child,
): Response | Promise<Response> {
  return document(context, facts, undefined, children);
}

function document(
  context: Context<ConsoleEnv>,
  facts: Facts,
  view: View | undefined,
  children: Child,
) {
  const { title, slug, section, refusal, done } = facts;
  const { status = refusal ? statusOf(refusal.refusal) : 200 } = facts;
  const body = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{slug === undefined ? title : `${title} · ${slug}`}</title>
        <link rel="stylesheet" href="/console/console.css" />
        <script type="module" src="/console/console.js"></script>
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Header view={view} slug={slug} section={section} />
        <main id="main">
          {view && slug !== undefined && <Place view={view} slug={slug} />}
          <header class="page">
            <h1>{title}</h1>
          </header>
          {done !== undefined && <Notice tone="ok">{done}</Notice>}
          {refusal && (
            <Notice tone="bad">
              <ul class="plain">
                {reasonsOf(refusal.refusal).map((reason) => (
                  <li>{reason}</li>
                ))}
              </ul>
            </Notice>
          )}
          {children}
        </main>
      </body>
    </html>
  );
  return context.html(html`<!doctype html>${body}`, status);
}

/** Which tenant it is: titles of pages are the same for all of them. */
const Place = ({ view, slug }: { view: View; slug: string }) => (
  <nav class="crumbs" aria-label="You are here">
    {view.principal.kind === "operator" && <a href="/console/tenants">All tenants</a>}
    <a href={`/console/t/${slug}`}>{slug}</a>
  </nav>
);

function Header({
  view,
  slug,
  section,
}: {
  view: View | undefined;
  slug: string | undefined;
  section: Section | undefined;
}) {
  const home = view?.principal.kind === "operator" ? "/console/tenants" : "/console";
  return (
    <header class="site">
      <a class="brand" href={home}>
        SCIM console
      </a>
      {view && (
        <nav class="main" aria-label="Main">
          {SECTIONS.filter(({ operation, isOfTenant }) =>
            isOfTenant
              ? slug !== undefined && view.may(operation)
              : slug === undefined && view.may(operation),
          ).map(({ id, text, isOfTenant }) => (
            <a
              href={isOfTenant ? `/console/t/${slug}/${id}` : `/console/${id}`}
              aria-current={id === section ? "page" : undefined}
            >
              {text}
            </a>
          ))}
        </nav>
      )}
      {view && (
        <PostButton view={view} action="/console/sign-out" tone="quiet">
          Sign out
        </PostButton>
      )}
    </header>
  );
}
