import { callWorker } from "../../call-worker.ts";
import { ORIGIN } from "../../mint-tenant.ts";
import type { Transport } from "../../scim-client.ts";

const OPERATOR_KEY = "admin-key-of-the-test-suite-0123456789abcdef";

export interface ConsolePage {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Without tags and scripts, entities as characters, spaces folded: what a person reads. */
  readonly text: string;
  readonly location: string | null;
}

export interface ConsoleClient {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ConsolePage>;
  /** Sends a form with the token of the page at `from` (the same path where that is left out). */
  post(
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    how?: {
      readonly from?: string;
      readonly csrf?: string;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ): Promise<ConsolePage>;
  readonly cookie: () => string;
}

/** A browser without scripts: keeps cookies, sends forms, follows nothing by itself. */
export function consoleClient(transport: Transport = callWorker()): ConsoleClient {
  let cookie = "";

  async function send(path: string, init: RequestInit): Promise<ConsolePage> {
    const headers = new Headers(init.headers);
    if (cookie !== "") headers.set("Cookie", cookie);
    const answer = await transport(
      new Request(`${ORIGIN}${path}`, { ...init, headers, redirect: "manual" }),
    );
    const set = answer.headers.get("Set-Cookie");
    if (set !== null) cookie = /=;|Max-Age=0/.test(set) ? "" : (set.split(";")[0] ?? "");
    const html = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      html,
      text: readable(html),
      location: answer.headers.get("Location"),
    };
  }

  const get: ConsoleClient["get"] = (path, headers = {}) => send(path, { headers });

  return {
    get,
    async post(path, fields, { from = path, csrf, headers = {} } = {}) {
      const token = csrf ?? csrfOf((await get(from)).html);
      const body = new URLSearchParams();
      if (token !== undefined) body.append("csrf", token);
      for (const [name, value] of Object.entries(fields)) {
        for (const one of typeof value === "string" ? [value] : value) body.append(name, one);
      }
      return send(path, {
        method: "POST",
        body: body.toString(),
        headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      });
    },
    cookie: () => cookie,
  };
}

/** The same for somebody who has signed in: the operator, unless another key is given. */
export async function signedInClient(
  key = OPERATOR_KEY,
  transport: Transport = callWorker(),
): Promise<ConsoleClient> {
  const client = consoleClient(transport);
  const answer = await client.post("/console/sign-in", { key, next: "" }, { csrf: "" });
  if (answer.status !== 303) throw new Error(`Not signed in: ${answer.status} ${answer.text}`);
  return client;
}

const csrfOf = (html: string): string | undefined =>
  /name="csrf" value="([0-9a-f]+)"/.exec(html)?.[1];

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

const readable = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll(/\s+/g, " ")
    .trim();
