import type { Finished, RunWrangler } from "../../tools/setup/run-wrangler.ts";
import { recorded, type Recording } from "./setup-recordings.ts";

/** Thrown by a command in the place of which the run is cut. */
export class Cut extends Error {}

/**
 * A Cloudflare account that is played from the recordings and remembers what was made in it. `cutAt`: the run ends at
 * the command of this number, which still has its effect, as after a lost connection.
 */
export class RecordedAccount {
  readonly databases = new Map<string, { id: string; tables: number }>();
  readonly namespaces = new Map<string, string>();
  /** Every value that a secret has had. */
  readonly secrets = new Map<string, string[]>();
  readonly migrated = new Set<string>();
  readonly deployments: string[][] = [];
  readonly commands: string[] = [];
  readonly failing = new Map<string, Recording>();
  hasWorker = false;
  cutAt: number | undefined;

  readonly run: RunWrangler = (args, input) => {
    const line = args.join(" ");
    this.commands.push(line);
    const failure = [...this.failing].find(([start]) => line.startsWith(start));
    const finished = failure ? recorded(failure[1]) : this.#answer(args, input);
    if (this.commands.length === this.cutAt) return Promise.reject(new Cut());
    return Promise.resolve(finished);
  };

  #answer(args: readonly string[], input: string | undefined): Finished {
    const [group = "", verb = "", third = "", fourth = ""] = args;
    switch (`${group} ${verb}`) {
      case "whoami --json":
        return recorded("whoami");
      case "d1 list":
        return json(
          [...this.databases].map(([name, { id, tables }]) => ({
            uuid: id,
            name,
            num_tables: tables,
          })),
        );
      case "d1 create":
        return this.#createDatabase(third);
      case "kv namespace":
        return third === "create" ? this.#createNamespace(fourth) : this.#listNamespaces();
      case "secret list":
        if (!this.hasWorker) return recorded("secret list, no Worker");
        return json([...this.secrets.keys()].map((name) => ({ name, type: "secret_text" })));
      case "secret put":
        this.hasWorker = true;
        this.secrets.set(third, [...(this.secrets.get(third) ?? []), input ?? ""]);
        return recorded("secret put");
      case "d1 migrations":
        return recorded(this.#migrate(fourth) ? "migrations" : "migrations, none");
      default:
        this.hasWorker = true;
        this.deployments.push(args.slice(1));
        return recorded("deploy");
    }
  }

  #createDatabase(name: string): Finished {
    if (this.databases.has(name)) return recorded("d1 create, name taken");
    const id = `5f7a1c2e-0b1d-4a8e-9c3f-${String(this.databases.size + 1).padStart(12, "0")}`;
    this.databases.set(name, { id, tables: 0 });
    return replaced("d1 create", "5f7a1c2e-0b1d-4a8e-9c3f-000000000001", id);
  }

  #createNamespace(title: string): Finished {
    if (this.namespaces.has(title)) return recorded("kv namespace create, title taken");
    const id = `9b1d2c3e4f5061728394a5b6c7d8e9f${this.namespaces.size}`;
    this.namespaces.set(title, id);
    return replaced("kv namespace create", "9b1d2c3e4f5061728394a5b6c7d8e9f0", id);
  }

  #listNamespaces(): Finished {
    return json([...this.namespaces].map(([title, id]) => ({ id, title })));
  }

  #migrate(binding: string): boolean {
    if (this.migrated.has(binding)) return false;
    this.migrated.add(binding);
    return true;
  }
}

function json(value: unknown): Finished {
  return { code: 0, stdout: JSON.stringify(value, null, 2), stderr: "" };
}

function replaced(name: Recording, from: string, to: string): Finished {
  const finished = recorded(name);
  return { ...finished, stdout: finished.stdout.replaceAll(from, to) };
}
