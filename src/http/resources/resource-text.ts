import type { JsonObject } from "../../scim/json.ts";
import type { Member } from "../../scim/represent.ts";
import type { PagedRecord } from "./resource-endpoint.ts";
import { showResource, type ResourceView } from "./show-resource.ts";

/** A resource, and how the client wants to see it. */
export interface ShownRecord {
  readonly record: PagedRecord;
  readonly view: ResourceView;
}

async function* pagesOf({ members = [], moreMembers }: PagedRecord) {
  yield members;
  if (moreMembers) yield* moreMembers;
}

/**
 * The JSON text of a resource in portions, one page of members in each, the members last: what is broken off is no
 * JSON. Every page is shown by the same functions as a resource that is in hand as a whole.
 */
export async function* resourceText({ record, view }: ShownRecord): AsyncGenerator<string> {
  if (!record.moreMembers) {
    yield JSON.stringify(showResource(record, view));
    return;
  }
  const withMembers = (members: readonly Member[]) => showResource({ ...record, members }, view);
  const { members: none, ...others } = withMembers([]);
  if (none === undefined) {
    yield JSON.stringify(others);
    return;
  }
  // `id` and `schemas` are always among the others, so that a comma may follow.
  const head = JSON.stringify(others).slice(0, -1);
  let before = `${head},"members":[`;
  let isEmpty = true;
  for await (const page of pagesOf(record)) {
    if (page.length === 0) continue;
    isEmpty = false;
    const shown = withMembers(page)["members"];
    // Where a projection leaves nothing of a member, it leaves no attribute either.
    if (shown === undefined) continue;
    yield before + JSON.stringify(shown).slice(1, -1);
    before = ",";
  }
  if (before === ",") yield "]}";
  else if (isEmpty) yield `${head},"members":[]}`;
  else yield `${head}}`;
}

/** A list: the envelope around its resources is that of a list which is in hand as a whole. */
export async function* listText(
  shown: readonly ShownRecord[],
  envelope: (resources: readonly JsonObject[]) => JsonObject,
): AsyncGenerator<string> {
  const { Resources: _inPortions, ...head } = envelope(shown.map(() => ({})));
  yield `${JSON.stringify(head).slice(0, -1)},"Resources":[`;
  for (const [at, one] of shown.entries()) {
    if (at > 0) yield ",";
    yield* resourceText(one);
  }
  yield "]}";
}
