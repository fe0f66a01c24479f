/** `npm run bench`: the budgets of every operation, the throughput, and the same workload against peers. */
import { showProgress } from "./simulate/show-progress.ts";
import { BUDGETS } from "./bench/budgets.ts";
import { cleanUps } from "./bench/clean-ups.ts";
import { type BudgetRun, measureBudgets } from "./bench/measure-budgets.ts";
import { type BenchOptions, HELP, parseArguments } from "./bench/parse-arguments.ts";
import { missedBudgets, renderBudgets } from "./bench/render-budgets.ts";

const ends = cleanUps();
async function bench(options: BenchOptions): Promise<number> {
  const progress = showProgress(process.stderr);
  const runs: BudgetRun[] = [];
  for (const people of options.sizes) runs.push(await measureBudgets(people, ends, progress));
  console.log(renderBudgets(BUDGETS, runs));
  return missedBudgets(BUDGETS, runs).length === 0 ? 0 : 1;
}
const options = parseArguments(process.argv.slice(2));
if (options === undefined) console.log(HELP);
else if (typeof options === "string") console.error(options);
else process.exitCode = await bench(options);
