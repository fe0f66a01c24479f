import { callWorker } from "./call-worker.ts";
import { admin, ORIGIN } from "./mint-tenant.ts";
import { readAnswer, type Answer, type Json, type Transport } from "./scim-client.ts";

export const TOKEN_URL = `${ORIGIN}/api/v1/oauth/token`;
const FORM = "application/x-www-form-urlencoded";

const direct = callWorker();

export interface MadeClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of the secret that was made last. */
  readonly secretId: string;
}

function clientIn({ body }: Answer): MadeClient {
  const secrets = Array.isArray(body["secrets"]) ? body["secrets"] : [];
  return {
    clientId: String(body["clientId"]),
    clientSecret: String(body["clientSecret"]),
    secretId: String(secrets.at(-1)?.id),
  };
}

/** An OAuth client of a tenant, as its administrator makes it. */
export async function makeClient(
  slug: string,
  fields: Json = {},
  transport?: Transport,
): Promise<MadeClient> {
  const path = `/tenants/${slug}/clients`;
  const made = await admin("POST", path, { name: "Entra ID", ...fields }, transport);
  if (made.status !== 201) throw new Error(`No client: ${made.text}`);
  return clientIn(made);
}

/** The same client with one more secret. */
export async function addSecret(
  slug: string,
  { clientId }: Pick<MadeClient, "clientId">,
  transport?: Transport,
): Promise<MadeClient> {
  const path = `/tenants/${slug}/clients/${clientId}/secrets`;
  const added = await admin("POST", path, undefined, transport);
  if (added.status !== 201) throw new Error(`No secret: ${added.text}`);
  return clientIn(added);
}

/** A request to the token endpoint; a form that is a string is sent as it is. */
export async function postForm(
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
  transport: Transport = direct,
): Promise<Answer> {
  const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
  const init = { method: "POST", headers: { "Content-Type": FORM, ...headers }, body };
  return readAnswer(await transport(new Request(TOKEN_URL, init)));
}

/** As Entra ID asks for a token: id and secret in the form. */
export const askForToken = (
  { clientId, clientSecret }: Pick<MadeClient, "clientId" | "clientSecret">,
  fields: Readonly<Record<string, string>> = {},
  transport?: Transport,
): Promise<Answer> =>
  postForm(
    {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      ...fields,
    },
    {},
    transport,
  );

/** The access token that a client gets. */
export async function accessToken(...asked: Parameters<typeof askForToken>): Promise<string> {
  const answer = await askForToken(...asked);
  if (answer.status !== 200) throw new Error(`No access token: ${answer.text}`);
  return String(answer.body["access_token"]);
}
