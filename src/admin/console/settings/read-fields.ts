import type { ConsoleDeps } from "../console-env.ts";
import type { SettingFacts } from "./fields.ts";

// Only the path of such an address counts.
const FILE = "https://assets.invalid/console/settings.json";

/** The guarantee of the type: the file is made of `FIELDS`, and a test says when it is not any more. */
export async function readFields({
  assets,
}: Pick<ConsoleDeps, "assets">): Promise<readonly SettingFacts[]> {
  const response = await assets.fetch(FILE);
  if (!response.ok)
    throw new Error(`public/console/settings.json was not deployed: ${response.status}.`);
  return response.json();
}
