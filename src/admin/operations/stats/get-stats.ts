import * as z from "zod/mini";

import {
  PROVISIONING_STATES,
  provisioningState,
} from "../../../directory/stats/provisioning-state.ts";
import { defineOperation, NO_INPUT } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const DAY_MS = 86_400_000;

const count = z.int();
const time = z.nullable(z.string());

export const getStatsOperation = defineOperation(
  {
    id: "getStats",
    method: "get",
    path: "/tenants/{slug}/stats",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: z.object({
      users: z.object({
        total: count,
        active: count,
        inactive: count,
        scim: count,
        manual: count,
      }),
      groups: count,
      departments: z.object({ total: count, orphaned: count }),
      invitations: z.object({ queued: count, sent: count, failed: count, accepted: count }),
      state: z.enum(PROVISIONING_STATES),
      lastRequestAt: time,
      lastWriteAt: time,
      idp: z.nullable(z.string()),
      requests24h: count.check(z.describe("Writes that an identity provider asked for.")),
      errors24h: count.check(z.describe("Those of them that were refused.")),
    }),
  },
  ({ params }, deps, caller) =>
    inDirectory(params.slug, deps, caller, async ({ stats }) => {
      const now = deps.clock.now();
      const known = await stats.stats(new Date(now - DAY_MS).toISOString());
      const { users, groups, departments, invitations, lastRequestAt, lastWriteAt, idp } = known;
      const { total, active, scim } = users;
      return {
        kind: "done",
        answer: {
          users: { total, active, inactive: total - active, scim, manual: total - scim },
          groups,
          departments,
          invitations,
          state: provisioningState({ ...known, scimUsers: scim }, now),
          lastRequestAt,
          lastWriteAt,
          idp,
          requests24h: known.recent.writes + known.recent.refused,
          errors24h: known.recent.refused,
        },
      };
    }),
);
