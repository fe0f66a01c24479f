import { attributeAt } from "./attribute-at.ts";
import { ask, type Cycle, lastBody } from "./cycle.ts";
import { inParallel } from "./in-parallel.ts";
import { personAt } from "./people.ts";

const MOST_FILTERED = 500;
const PAGE = 100;
const MOST_PAGES = 2000;

/** How many people and groups the tenant has; undefined when it does not say. */
export async function readTotals(
  cycle: Cycle,
): Promise<{ users: number; groups: number } | undefined> {
  const [users, groups] = [await readTotal(cycle, "/Users"), await readTotal(cycle, "/Groups")];
  return users === undefined || groups === undefined ? undefined : { users, groups };
}

/**
 * That the totals grew by what was created and by nothing else, that a filter finds each person once (500
 * of them, spread evenly, in a large directory), and, for Okta's import, that the pages hold everybody once.
 */
export async function verifyCycle(
  cycle: Cycle,
  before: { users: number; groups: number } | undefined,
  ids: ReadonlyMap<number, string>,
): Promise<void> {
  const { tally, options } = cycle;
  const after = await readTotals(cycle);
  if (before !== undefined && after !== undefined) {
    for (const kind of ["users", "groups"] as const) {
      const grown = after[kind] - before[kind];
      if (grown !== tally[kind].created) {
        tally.failures.push(
          `totals\n    ${tally[kind].created} ${kind} were created, totalResults grew by ${grown}`,
        );
      }
    }
  }

  const stride = Math.max(1, Math.ceil(ids.size / MOST_FILTERED));
  const sample = [...ids].filter((_, at) => at % stride === 0);
  cycle.progress.begin("verification", sample.length);
  await inParallel(sample, options.concurrency, async ([number, id]) => {
    const name = encodeURIComponent(personAt(options.idp, number).userName);
    await ask(
      cycle,
      "finds everybody exactly once",
      { method: "GET", path: `/Users?filter=userName+eq+%22${name}%22` },
      { status: 200, body: { totalResults: 1, Resources: [{ id }] } },
    );
    cycle.progress.tick();
  });
  cycle.progress.end();
  if (options.idp === "okta")
    for (const path of ["/Users", "/Groups"]) await readPages(cycle, path);
}

async function readTotal(cycle: Cycle, path: string): Promise<number | undefined> {
  const answer = await ask(
    cycle,
    `reads the total of ${path}`,
    { method: "GET", path: `${path}?startIndex=1&count=1&excludedAttributes=members` },
    { status: 200 },
  );
  const total = attributeAt(lastBody(answer), "totalResults");
  return typeof total === "number" ? total : undefined;
}

/** Okta's import: a person who is missing from the pages is unassigned, one who is there twice is an error. */
async function readPages(cycle: Cycle, path: string): Promise<void> {
  const seen = new Set<unknown>();
  let listed = 0;
  let total = Number.POSITIVE_INFINITY;
  for (let page = 0; listed < total && page < MOST_PAGES; page++) {
    // oxlint-disable-next-line no-await-in-loop -- pages are read one after the other
    const answer = await ask(
      cycle,
      `imports ${path}`,
      { method: "GET", path: `${path}?startIndex=${page * PAGE + 1}&count=${PAGE}` },
      { status: 200, body: { startIndex: page * PAGE + 1 } },
    );
    const resources = attributeAt(lastBody(answer), "Resources");
    if (!Array.isArray(resources) || resources.length === 0) break;
    total = Number(attributeAt(lastBody(answer), "totalResults"));
    listed += resources.length;
    for (const resource of resources) seen.add(attributeAt(resource, "id"));
  }
  if (total !== Number.POSITIVE_INFINITY && (listed !== total || seen.size !== total)) {
    cycle.tally.failures.push(
      `imports ${path}\n    totalResults is ${total}, the pages list ${listed}, of which ${seen.size} differ`,
    );
  }
}
