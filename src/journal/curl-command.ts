import type { EquivalentRequest } from "./equivalent-request.ts";

/** For a POSIX shell, in which nothing within single quotes means anything. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The request as a command to paste. It takes the token from the variable TOKEN, so that none is in the text. */
export function curlCommand(baseUrl: string, { method, path, body }: EquivalentRequest): string {
  return [
    `curl -X ${method} ${quoted(baseUrl + path)}`,
    `-H "Authorization: Bearer $TOKEN"`,
    ...(body === undefined
      ? []
      : [
          "-H 'Content-Type: application/scim+json'",
          `--data ${quoted(JSON.stringify(body, undefined, 2))}`,
        ]),
  ].join(" \\\n  ");
}
