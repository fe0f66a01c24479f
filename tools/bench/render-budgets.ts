import { type Budget, type Limit, limitOf, type Operation } from "./budget.ts";
import type { BudgetRun, Measured } from "./measure-budgets.ts";
import type { Cost } from "./meter-d1.ts";

const KINDS = ["trips", "read", "written"] as const;

/** Whether a cost stays within its limit; what could not be measured does not. */
export function isMet(measured: Measured | undefined, limit: Limit): boolean {
  if (measured?.kind !== "cost") return false;
  return KINDS.every(
    (kind) => measured.answered[kind] <= (limit[kind] ?? Number.POSITIVE_INFINITY),
  );
}

/** The operations that cost more than their budget, in words: where and how much. */
export function missedBudgets(
  budgets: readonly Budget[],
  runs: readonly BudgetRun[],
): readonly string[] {
  return budgets.flatMap(({ rule, operations }) =>
    operations.flatMap((operation) => {
      const missed = runs.filter((run) => !isMetBy(operation, run));
      const found = missed.map(
        (run) => `${costOf(operation, run)} at ${thousands(run.plan.people)}`,
      );
      const subject = `${rule.replace(/:.*$/, "")}: ${operation.name}`;
      return found.length === 0
        ? []
        : [`${subject}: ${budgetOf(operation, missed)}, but ${found.join(", ")}`];
    }),
  );
}

const isMetBy = (operation: Operation, { measured, plan }: BudgetRun): boolean =>
  isMet(measured.get(operation), limitOf(operation, plan));

/** The table of budgets as Markdown, with its notes. */
export function renderBudgets(budgets: readonly Budget[], runs: readonly BudgetRun[]): string {
  const missed = missedBudgets(budgets, runs);
  const count = budgets.reduce((sum, { operations }) => sum + operations.length, 0);
  const header = ["operation", "budget", ...runs.map(({ plan }) => thousands(plan.people)), ""];
  const rows = budgets.flatMap(({ rule, operations }) => [
    [`**${rule}**`, ...header.slice(1).map(() => "")],
    ...operations.map((operation) => [
      operation.name,
      budgetOf(operation, runs),
      ...runs.map((run) => cell(operation, run)),
      runs.every((run) => isMetBy(operation, run)) ? "✔" : "✘",
    ]),
  ]);
  return [
    "Round trips to D1 / rows read / rows written, as D1's `meta` bills them, the fence included. What a request",
    "leaves for after its answer (`waitUntil`) is not counted; where there was any, a note says what it cost.",
    "",
    ...runs.map(seeded),
    "",
    row(header),
    row(header.map(() => "---")),
    ...rows.map(row),
    "",
    missed.length === 0
      ? `All ${count} operations stay within their budgets.`
      : `**${missed.length} of ${count} operations cost more than their budgets.**`,
    ...notes(budgets, runs),
  ].join("\n");
}

/** As numbers; where they depend on the size of the tenant, those of each. */
function budgetOf(operation: Operation, runs: readonly BudgetRun[]): string {
  const limits = runs.map(({ plan }) => triple(limitOf(operation, plan)));
  return [...new Set(limits)].join("; ");
}

function costOf(operation: Operation, { measured }: BudgetRun): string {
  const found = measured.get(operation);
  return found?.kind === "cost" ? triple(found.answered) : "failed";
}

const cell = (operation: Operation, run: BudgetRun): string =>
  costOf(operation, run) + (isMetBy(operation, run) ? "" : " ✘");

function notes(budgets: readonly Budget[], runs: readonly BudgetRun[]): string[] {
  const lines = budgets.flatMap(({ operations }) =>
    operations.flatMap((operation) =>
      runs.flatMap(({ measured, plan }) => {
        const found = measured.get(operation);
        const place = `${operation.name}, ${thousands(plan.people)} people`;
        if (found?.kind === "failure") return [`- ${place}: ${found.reason}`];
        if (found === undefined || found.later.trips === 0) return [];
        return [`- ${place}: ${triple(found.later)} after the answer`];
      }),
    ),
  );
  return lines.length === 0 ? [] : ["", ...lines];
}

function seeded({ plan, seedSeconds, bytes }: BudgetRun): string {
  const { people, large, smallGroups, departments } = plan;
  const perPerson = Math.round(bytes / people);
  return `- ${thousands(people)} people: seeded in ${seedSeconds.toFixed(1)} s; large group of ${thousands(large)}, ${thousands(smallGroups)} groups of 20, one of 10, ${thousands(departments)} departments beside those of the groups; ${thousands(perPerson)} bytes a person in all`;
}

const triple = (cost: Partial<Cost>) =>
  KINDS.map((kind) => (cost[kind] === undefined ? "–" : thousands(cost[kind]))).join(" / ");

export const thousands = (number: number): string => number.toLocaleString("en-US");
export const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
