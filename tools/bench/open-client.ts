import { Agent, request as httpRequest } from "node:http";

export interface BenchRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Behind the base URL. */
  readonly path: string;
  readonly body?: unknown;
  /** In place of the client's own. */
  readonly token?: string;
}

export interface BenchAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly text: string;
  readonly milliseconds: number;
}

export interface BenchClient {
  send(request: BenchRequest): Promise<BenchAnswer>;
  close(): void;
}

/** A PUT of 100,000 members is read and compared in less; who takes longer is not coming back. */
const TIMEOUT_MS = 120_000;

/** A client of one server with so many connections, which are kept open. */
export function openClient(
  base: string,
  headers: Readonly<Record<string, string>>,
  connections: number,
): BenchClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    close: () => agent.destroy(),
    send({ method, path, body, token }) {
      const { promise, resolve, reject } = Promise.withResolvers<BenchAnswer>();
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const begun = performance.now();
      const outgoing = httpRequest(
        base + path,
        {
          method,
          agent,
          timeout: TIMEOUT_MS,
          headers: {
            ...headers,
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
            ...(payload === undefined ? {} : { "Content-Length": payload.length }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            resolve({
              status: incoming.statusCode ?? 0,
              header: (name) => incoming.headers[name]?.toString(),
              text: Buffer.concat(chunks).toString(),
              milliseconds: performance.now() - begun,
            });
          });
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`No answer to ${method} ${path}.`)));
      outgoing.on("error", reject);
      outgoing.end(payload);
      return promise;
    },
  };
}
