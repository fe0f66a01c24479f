import * as z from "zod/mini";

import { readPeopleFile } from "../../../directory/people/csv/read-people-file.ts";
import { PlannedPerson, preflight } from "../../../directory/people/preflight.ts";
import { defineOperation, NO_INPUT, type Outcome } from "../../operation.ts";
import { inDirectory } from "../in-directory.ts";
import { TenantParams } from "../tenant-params.ts";

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PEOPLE = 10_000;

const text = z.nullable(z.string());
const Existing = z.object({
  id: z.string(),
  email: text,
  userName: text,
  externalId: text,
  givenName: text,
  familyName: text,
  displayName: text,
  origin: z.enum(["scim", "manual"]),
  active: z.boolean(),
});
/** As it was sent; of a file with its line, and without values where the line cannot be read. */
const Planned = z.extend(z.partial(PlannedPerson), { line: z.optional(z.int()) });

const PreflightAnswer = z.object({
  match: z
    .array(
      z.object({
        planned: Planned,
        existing: Existing,
        by: z.enum(["externalId", "email", "userName"]),
        action: z.enum(["adopt", "reactivate"]),
      }),
    )
    .check(z.describe("They would be adopted or reactivated.")),
  create: z.array(z.object({ planned: Planned })).check(z.describe("They would be created.")),
  nearDuplicate: z
    .array(z.object({ planned: Planned, existing: Existing, why: z.string() }))
    .check(
      z.describe(
        "They would be created, though somebody like them is here; up to 5 entries for each.",
      ),
    ),
  conflict: z
    .array(z.object({ planned: Planned, reason: z.string() }))
    .check(z.describe("The identity provider would be refused.")),
});

type Line = z.infer<typeof Planned>;

/** The people of a file; lines that name nobody go to `faults`. */
function readPlan(csv: string): Outcome<{
  planned: (PlannedPerson & { line: number })[];
  faults: { planned: Line; reason: string }[];
}> {
  const file = readPeopleFile(csv, MAX_PEOPLE);
  if (file.kind === "refused") {
    return { kind: "invalid", errors: [{ path: "csv", message: file.message }] };
  }
  const planned: (PlannedPerson & { line: number })[] = [];
  const faults: { planned: Line; reason: string }[] = [];
  for (const { line, person } of file.rows) {
    if ("fault" in person) {
      faults.push({ planned: { line }, reason: person.fault });
      continue;
    }
    const {
      displayName: _,
      department: __,
      userName = person.fields.email,
      ...rest
    } = person.fields;
    if (userName === undefined) {
      faults.push({ planned: { line }, reason: "Give an email or a userName." });
    } else planned.push({ line, userName, ...rest });
  }
  return { kind: "done", answer: { planned, faults } };
}

export const preflightOperation = defineOperation(
  {
    id: "preflight",
    method: "post",
    path: "/tenants/{slug}/preflight",
    status: 200,
    refusals: [404],
    params: TenantParams,
    query: NO_INPUT,
    body: z
      .strictObject({
        users: z.optional(
          z
            .array(PlannedPerson)
            .check(
              z.maxLength(
                MAX_PEOPLE,
                "Send 10,000 people at most, and the others in another request.",
              ),
            ),
        ),
        csv: z.optional(z.string()),
      })
      .check(
        z.refine(({ users, csv }) => (users === undefined) !== (csv === undefined), {
          path: ["users"],
          message: "Send the planned people, or a file of them as text/csv.",
        }),
      ),
    accepts: { "application/json": MAX_BYTES, "text/csv": MAX_BYTES },
    answer: PreflightAnswer,
  },
  async ({ params, body }, deps, caller) => {
    const plan =
      body.csv === undefined
        ? ({ kind: "done", answer: { planned: body.users ?? [], faults: [] } } as const)
        : readPlan(body.csv);
    if (plan.kind !== "done") return plan;
    const { planned, faults } = plan.answer;
    return inDirectory(params.slug, deps, caller, async (directory) => {
      const report = await preflight<PlannedPerson & Line>(directory, planned);
      return { kind: "done", answer: { ...report, conflict: [...faults, ...report.conflict] } };
    });
  },
);
