export interface DevFlags {
  readonly help: boolean;
  readonly port: number;
  /** Where wrangler listens; undefined: where it pleases, which is the loopback interface. */
  readonly ip: string | undefined;
  readonly protocol: "http" | "https";
  /** The arguments for `wrangler dev`: everything that was typed, as it was typed, and a port. */
  readonly dev: readonly string[];
  /** Those of them that say which database is meant, for `wrangler d1 migrations apply`. */
  readonly database: readonly string[];
  /** The configuration file that was named. */
  readonly config: string | undefined;
  /** The file of secrets that is meant in place of `.dev.vars`. */
  readonly envFile: string | undefined;
  /** Names and values of `--var NAME:VALUE`: what is named there is not set by us. */
  readonly vars: ReadonlyMap<string, string>;
}

const DEFAULT_PORT = 8787;
const DATABASE_FLAGS: ReadonlySet<string> = new Set([
  "persist-to",
  "config",
  "c",
  "env",
  "e",
  "env-file",
]);

/**
 * Reads the flags that concern us and leaves everything to wrangler, flags that it may learn later included.
 * Understands `--name value`, `--name=value` and wrangler's camel-case spelling (`--persistTo`). Returns a
 * sentence when they cannot be meant.
 */
export function parseFlags(argv: readonly string[]): DevFlags | string {
  const database: string[] = [];
  const vars = new Map<string, string>();
  const seen = new Map<string, string>();
  let help = false;
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? "";
    const [, name, inline] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined) continue;
    const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (flag === "help" || flag === "h") help = true;
    const values = inline === undefined ? followingValues(argv, at) : [inline];
    const [value] = values;
    if (value !== undefined) seen.set(flag, value);
    if (flag === "var") for (const pair of values) vars.set(...splitPair(pair));
    if (DATABASE_FLAGS.has(flag) && value !== undefined) {
      database.push(...(inline === undefined ? [argument, value] : [argument]));
    }
  }
  const port = seen.has("port") ? Number(seen.get("port")) : DEFAULT_PORT;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return `--port takes a number from 1 to 65535, not "${seen.get("port")}".`;
  }
  return {
    help,
    port,
    ip: seen.get("ip"),
    protocol: seen.get("local-protocol") === "https" ? "https" : "http",
    dev: seen.has("port") ? argv : ["--port", String(port), ...argv],
    database,
    config: seen.get("config") ?? seen.get("c"),
    envFile: seen.get("env-file"),
    vars,
  };
}

/** The URL at which a browser on this machine reaches the server. */
export function localUrl({
  protocol,
  ip,
  port,
}: Pick<DevFlags, "protocol" | "ip" | "port">): string {
  const everywhere =
    ip === undefined || ["localhost", "127.0.0.1", "0.0.0.0", "::", "::1", "*"].includes(ip);
  const host = everywhere ? "localhost" : ip.includes(":") ? `[${ip}]` : ip;
  return `${protocol}://${host}:${port}`;
}

/** `--var` takes several values: everything up to the next flag. */
function followingValues(argv: readonly string[], at: number): readonly string[] {
  const rest = argv.slice(at + 1);
  const end = rest.findIndex((argument) => argument.startsWith("-"));
  return end === -1 ? rest : rest.slice(0, end);
}

function splitPair(pair: string): [string, string] {
  const colon = pair.indexOf(":");
  return colon === -1 ? [pair, ""] : [pair.slice(0, colon), pair.slice(colon + 1)];
}
