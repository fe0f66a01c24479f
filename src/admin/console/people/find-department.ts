import type { Context } from "hono";

import { listDepartmentsOperation } from "../../operations/departments/list-departments.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { ConsoleRefusal } from "../console-refusal.ts";

const MAX_OFFERED = 10;

const refused = (message: string) =>
  new ConsoleRefusal({ kind: "invalid", errors: [{ path: "", message }] });

/**
 * The department that somebody means who types its name or the beginning of it: there may be too many to choose
 * from a list. Throws a refusal where it is none, or several.
 */
export async function findDepartment(
  context: Context<ConsoleEnv>,
  slug: string,
  typed: string,
): Promise<{ readonly id: string; readonly name: string }> {
  if (typed === "") throw refused("Type the name of a department.");
  const query = { q: typed, limit: String(MAX_OFFERED) };
  const { items } = await ask(context, listDepartmentsOperation, { params: { slug }, query });
  const exact = items.find(({ name }) => name.toLowerCase() === typed.toLowerCase());
  const [one, ...others] = exact ? [exact] : items;
  if (one === undefined) throw refused(`There is no department “${typed}”. Make it first.`);
  if (others.length === 0) return one;
  const names = items.map(({ name }) => name).join(", ");
  throw refused(`Several departments begin with “${typed}”: ${names}. Type the whole name.`);
}
