import type { AccessRequest } from "../../tenancy/clients/grant-access.ts";
import { INVALID_CLIENT, invalidRequest, type TokenError } from "./token-error.ts";

/** For nothing of ours is as long. */
const MAX_HEADER_CHARACTERS = 8192;

export type TokenRequest =
  | { readonly kind: "request"; readonly request: AccessRequest }
  | { readonly kind: "refused"; readonly error: TokenError };

type Client = Pick<AccessRequest, "clientId" | "clientSecret">;

const refused = (error: TokenError): TokenRequest => ({ kind: "refused", error });

/**
 * An access token request with client authentication in the form or in the header, and not in both (RFC 6749 §2.3,
 * §4.4.2). Whether the client is known is not asked here.
 */
export function readTokenRequest(
  form: URLSearchParams,
  authorization: string | null,
): TokenRequest {
  const names = [...form.keys()];
  if (new Set(names).size < names.length) {
    return refused(invalidRequest("A parameter is there more than once."));
  }
  // RFC 6749 §3.2: a parameter without a value counts as one that is not there.
  const parameter = (name: string): string | undefined => form.get(name) || undefined;

  const grantType = parameter("grant_type");
  if (grantType === undefined) {
    return refused(invalidRequest("The parameter grant_type is missing: use client_credentials."));
  }
  if (grantType !== "client_credentials") {
    return refused({
      code: "unsupported_grant_type",
      description: "Use the grant_type client_credentials.",
      status: 400,
    });
  }
  const [formId, formSecret] = [parameter("client_id"), parameter("client_secret")];
  if (authorization !== null && formSecret !== undefined) {
    return refused(
      invalidRequest(
        "Send the client secret in the Authorization header or in the body, not in both.",
      ),
    );
  }
  const client =
    authorization === null ? { clientId: formId, clientSecret: formSecret } : basic(authorization);
  if (!client?.clientId || !client.clientSecret) return refused(INVALID_CLIENT);
  const { clientId, clientSecret } = client;
  if (formId !== undefined && formId !== clientId) {
    return refused(
      invalidRequest("The parameter client_id is not the client of the Authorization header."),
    );
  }
  const scopes = parameter("scope")
    ?.split(" ")
    .filter((name) => name !== "");
  return { kind: "request", request: { clientId, clientSecret, scopes } };
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are put together as RFC 7617 says. */
function basic(header: string): Client | undefined {
  if (header.length > MAX_HEADER_CHARACTERS) return undefined;
  const encoded = /^basic +([\w+/-]+={0,2})$/i.exec(header.trim())?.[1];
  if (encoded === undefined) return undefined;
  try {
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(atob(encoded)) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    return { clientId: formDecoded(id), clientSecret: formDecoded(secret) };
  } catch {
    // Not base64, or a percent sign that begins nothing.
    return undefined;
  }
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));
