import type { Progress } from "../simulate/show-progress.ts";
import { benchPerson, numberText } from "./bench-person.ts";
import { median } from "./median.ts";
import type { BenchRequest } from "./open-client.ts";
import type { Directory } from "./open-directory.ts";
import { join, leave } from "./scim-requests.ts";
import { created } from "./seeding-target.ts";

/** Milliseconds that one member more or less takes, in the middle. */
export interface GroupComparison {
  readonly add: Readonly<Record<"large" | "ten", number>>;
  readonly remove: Readonly<Record<"large" | "ten", number>>;
  readonly errors: number;
}

const SIZES = ["large", "ten"] as const;
const WARM_UP = 20;

/** Adds somebody to both groups and removes them again, in turns, one request at a time. */
export async function compareGroups(
  { tenant, groups }: Directory,
  times: number,
  progress: Progress,
): Promise<GroupComparison> {
  const scim = tenant.clientOf("ours", 1);
  const guest = await created(
    { scim },
    "/Users",
    benchPerson({ number: numberText(7_000_000_000) }),
  );
  const taken: Record<"add" | "remove", Record<"large" | "ten", number[]>> = {
    add: { large: [], ten: [] },
    remove: { large: [], ten: [] },
  };
  let errors = 0;
  const timed = async (request: BenchRequest): Promise<number> => {
    const { status, milliseconds } = await scim.send(request);
    if (status !== 204) errors += 1;
    return milliseconds;
  };
  progress.begin("group sizes", times + WARM_UP);
  for (let round = 0; round < times + WARM_UP; round++) {
    const sizes = round % 2 === 0 ? SIZES : SIZES.toReversed();
    for (const [kind, requestOf] of [
      ["add", join],
      ["remove", leave],
    ] as const) {
      for (const size of sizes) {
        // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
        const milliseconds = await timed(requestOf(groups[size], guest));
        if (round >= WARM_UP) taken[kind][size].push(milliseconds);
      }
    }
    progress.tick();
  }
  progress.end();
  scim.close();
  const medians = (kind: "add" | "remove") => ({
    large: median(taken[kind].large),
    ten: median(taken[kind].ten),
  });
  return { add: medians("add"), remove: medians("remove"), errors };
}
