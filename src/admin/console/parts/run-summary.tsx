import type * as z from "zod/mini";

import type { RunView } from "../../run-view.ts";
import { Notice } from "./notice.tsx";

/** What a reconciliation that has just been asked for did. */
export function RunSummary({ run }: { run: z.infer<typeof RunView> }) {
  const { tenants, marked, unmarked, retired, repaired, brakes } = run;
  return (
    <Notice tone={brakes.length > 0 ? "warn" : "ok"}>
      {run.finishedAt === null
        ? `Begun: ${tenants} tenants so far, the others follow by themselves.`
        : "Reconciled."}{" "}
      Newly orphaned: {marked}. In use again: {unmarked}. Retired: {retired}. Repaired: {repaired}.
      {brakes.length > 0 &&
        ` Too many departments would have gone at once, so none did: ${brakes.join(", ")}. See the alert there.`}
    </Notice>
  );
}
