const TIMEOUT_MS = 60_000;

export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** The token endpoint beside a Tenant URL; undefined where the URL is not one of this server's. */
export function tokenUrlOf(baseUrl: string): string | undefined {
  const found = /^(.*\/api\/v1)\/(?:tenants\/[^/]+\/)?scim\/v2$/.exec(baseUrl);
  return found ? `${found[1]}/oauth/token` : undefined;
}

/** An access token for a client, asked for as Entra ID does it; or a sentence that says why there is none. */
export async function fetchAccessToken(
  baseUrl: string,
  client: Client,
  fetchIt: (url: string, init: RequestInit) => Promise<Response> = fetch,
): Promise<{ readonly token: string } | string> {
  const url = tokenUrlOf(baseUrl);
  if (url === undefined) return `No token endpoint is known for ${baseUrl}: use --token there.`;
  try {
    const response = await fetchIt(url, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: client.id,
        client_secret: client.secret,
      }),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const token = response.status === 200 ? tokenIn(text) : undefined;
    return token === undefined ? `${url} answered ${response.status}: ${text}` : { token };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `Nobody answers at ${url} (${why}). Start the server with npm run dev.`;
  }
}

function tokenIn(text: string): string | undefined {
  try {
    const answer: { access_token?: unknown } | null = JSON.parse(text);
    return typeof answer?.access_token === "string" ? answer.access_token : undefined;
  } catch {
    return undefined;
  }
}
