import { parseArgs } from "node:util";

import type { SetUpOptions } from "./set-up.ts";

export interface SetUpFlags extends SetUpOptions {
  readonly dryRun: boolean;
}

const SETUP_FLAGS = {
  help: { type: "boolean", short: "h", default: false },
  "dry-run": { type: "boolean", default: false },
  url: { type: "string" },
  location: { type: "string" },
  jurisdiction: { type: "string" },
} as const;
const { location: _, jurisdiction: __, ...DEPLOY_FLAGS } = SETUP_FLAGS;

/** The flags of `npm run setup`; undefined when help is asked for, a sentence when they cannot be meant. */
export function parseSetUpFlags(argv: readonly string[]): SetUpFlags | string | undefined {
  return parse(() => {
    const { values } = parseArgs({ args: [...argv], options: SETUP_FLAGS });
    if (values.help) return undefined;
    const { url, location, jurisdiction } = values;
    return { dryRun: values["dry-run"], url, location, jurisdiction };
  });
}

/** The flags of `npm run deploy`, in the same way. */
export function parseDeployFlags(
  argv: readonly string[],
): Pick<SetUpFlags, "dryRun" | "url"> | string | undefined {
  return parse(() => {
    const { values } = parseArgs({ args: [...argv], options: DEPLOY_FLAGS });
    return values.help ? undefined : { dryRun: values["dry-run"], url: values.url };
  });
}

function parse<Flags>(read: () => Flags): Flags | string {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
