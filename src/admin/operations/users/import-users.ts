import * as z from "zod/mini";

import { readPeopleFile } from "../../../directory/people/csv/read-people-file.ts";
import { importPeople, importRun } from "../../../directory/people/import-people.ts";
import { defineOperation } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";
import { outcomeOf } from "./user-params.ts";

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PEOPLE = 50_000;

const ImportAnswer = z.object({
  create: z.int(),
  update: z.int(),
  conflict: z.int(),
  skip: z.int(),
  rows: z
    .array(
      z.object({
        line: z.int(),
        outcome: z.enum(["create", "update", "skip", "conflict"]),
        message: z.string(),
      }),
    )
    .check(z.describe("The first 1,000 lines about which there is something to say.")),
  unknownColumns: z
    .array(z.string())
    .check(z.describe("Columns of the file that were passed over.")),
});

export const importUsersOperation = defineOperation(
  {
    id: "importUsers",
    method: "post",
    path: "/tenants/{slug}/users/import",
    status: 200,
    refusals: [404, 409],
    params: TenantParams,
    query: z.object({
      dryRun: z.pipe(
        z._default(z.enum(["true", "false"]), "false"),
        z.transform((dryRun) => dryRun === "true"),
      ),
    }),
    body: z.strictObject({ csv: z.string() }),
    accepts: { "text/csv": MAX_BYTES },
    answer: ImportAnswer,
  },
  async ({ params, query, body }, deps, caller) => {
    const file = readPeopleFile(body.csv, MAX_PEOPLE);
    if (file.kind === "refused") {
      return { kind: "invalid", errors: [{ path: "csv", message: file.message }] };
    }
    // Outside of what is run again when the tenant changes: the import goes on where it was.
    const run = importRun(file.rows);
    return inDirectory(params.slug, deps, caller, async (directory) =>
      outcomeOf(await importPeople(directory, run, query), (report) => ({
        ...report,
        unknownColumns: [...file.unknownColumns],
      })),
    );
  },
);
