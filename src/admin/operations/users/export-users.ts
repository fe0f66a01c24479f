import { exportLine, EXPORT_HEADER } from "../../../directory/people/csv/export-line.ts";
import { defineOperation, NO_ANSWER, NO_INPUT, type Outcome } from "../../operation.ts";
import { streamPages, type TextPage } from "../../stream-pages.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const PAGE = 500;

export const exportUsersOperation = defineOperation(
  {
    id: "exportUsers",
    method: "get",
    path: "/tenants/{slug}/users/export",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: NO_INPUT,
    body: NO_INPUT,
    file: "text/csv",
    answer: NO_ANSWER,
  },
  async ({ params }, deps, caller) => {
    // Each portion admits itself: the tenant may change while a file is on its way.
    const portion = (cursor: string | undefined): Promise<Outcome<TextPage<string>>> =>
      inDirectory(params.slug, deps, caller, async ({ people }) => {
        const page = await people.page({ limit: PAGE, cursor, groups: false });
        const text = page.items.map(exportLine).join("");
        return { kind: "done", answer: { text, next: page.nextCursor } };
      });
    // The first one is read before the answer begins: it can still say that there is no such tenant.
    const first = await portion(undefined);
    if (first.kind !== "done") return first;
    const content = streamPages(EXPORT_HEADER, first.answer, async (cursor) => {
      const next = await portion(cursor);
      if (next.kind !== "done") throw new Error("The tenant went away during an export.");
      return next.answer;
    });
    return { kind: "file", file: { type: "text/csv", name: `${params.slug}-users.csv`, content } };
  },
);
