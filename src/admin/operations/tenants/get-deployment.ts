import * as z from "zod/mini";

import { defineOperation, NO_INPUT } from "../../operation.ts";

export const getDeploymentOperation = defineOperation(
  {
    id: "getDeployment",
    method: "get",
    path: "/deployment",
    status: 200,
    refusals: [],
    params: NO_INPUT,
    query: NO_INPUT,
    body: NO_INPUT,
    answer: z.object({
      databases: z.array(z.string()),
      schemaVersions: z
        .record(z.string(), z.nullable(z.string()))
        .check(
          z.describe(
            "The newest migration of each database; null: it has none, or does not answer.",
          ),
        ),
      sendsMail: z
        .boolean()
        .check(z.describe("Without mail, invitations stay queued and alerts are shown.")),
      credentials: z.object({
        underNewestPepper: z.int(),
        underOldPeppers: z
          .int()
          .check(
            z.describe(
              "Live ones that were not used since TOKEN_PEPPER was rotated; they end with the old pepper.",
            ),
          ),
      }),
    }),
  },
  async (_input, deps) => {
    const newest = await deps.newestPepper();
    const [counts, versions] = await Promise.all([
      deps.credentialsByPepper(),
      Promise.all(
        deps.databases.map(async (name): Promise<[string, string | null]> => {
          // A failure: the table of migrations is not there.
          const version = await deps.schemaVersion(name).catch(() => undefined);
          return [name, version ?? null];
        }),
      ),
    ]);
    const sum = (isCounted: (pepperId: string) => boolean) =>
      counts.reduce((total, { pepperId, live }) => total + (isCounted(pepperId) ? live : 0), 0);
    return {
      kind: "done",
      answer: {
        databases: [...deps.databases],
        schemaVersions: Object.fromEntries(versions),
        sendsMail: deps.sendsMail,
        credentials: {
          underNewestPepper: sum((pepperId) => pepperId === newest),
          underOldPeppers: sum((pepperId) => pepperId !== newest),
        },
      },
    };
  },
);
