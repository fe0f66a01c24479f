import { createServer } from "node:net";

/** Whether a server can listen there; without an address: on both loopback addresses, as wrangler does. */
export async function isFree(port: number, ip: string | undefined): Promise<boolean> {
  const hosts =
    ip === undefined || ip === "localhost" ? ["127.0.0.1", "::1"] : [ip === "*" ? "::" : ip];
  const answers = await Promise.all(hosts.map((host) => canListen(port, host)));
  return answers.every(Boolean);
}

/** The next free port after one that is taken. */
export async function findFreePort(
  after: number,
  ip: string | undefined,
): Promise<number | undefined> {
  for (let port = after + 1; port <= Math.min(after + 50, 65_535); port++) {
    // oxlint-disable-next-line no-await-in-loop -- the first one is enough
    if (await isFree(port, ip)) return port;
  }
  return undefined;
}

function canListen(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", (error: NodeJS.ErrnoException) => {
    // A machine without IPv6 has no "::1" that could be taken.
    resolve(error.code !== "EADDRINUSE" && error.code !== "EACCES");
  });
  server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}
