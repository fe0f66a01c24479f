import type { Context } from "hono";

import type { AdminDeps } from "../admin-deps.ts";
import type { AdminEnv } from "./admin-env.ts";

// Only the path of such an address counts.
const FILES = "https://assets.invalid/api";

// Nothing may be loaded but the style sheet, and nothing run.
const POLICY =
  "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/**
 * The OpenAPI document of this API, generated from the very schemas that input is checked with (`npm run assets`).
 * Its server is the configured address, so that a copy of it can be used too.
 */
export async function openApiJson(context: Context<AdminEnv>): Promise<Response> {
  const { assets, publicUrl } = context.env;
  const document = await (await file(assets, "openapi.json")).json<object>();
  return context.json({ ...document, servers: [{ url: publicUrl }] });
}

/**
 * The same as a page for people. It is the one part of the API that needs no key, as `/healthz` needs none: it
 * says nothing about any tenant or this deployment, and is in the public repository.
 */
export async function docsPage(context: Context<AdminEnv>): Promise<Response> {
  const { body } = await file(context.env.assets, "docs.html");
  return new Response(body, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": POLICY,
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

async function file(assets: AdminDeps["assets"], name: string): Promise<Response> {
  const response = await assets.fetch(`${FILES}/${name}`);
  if (!response.ok) throw new Error(`public/api/${name} was not deployed: ${response.status}.`);
  return response;
}
