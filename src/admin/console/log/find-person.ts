import type { Context } from "hono";
import type * as z from "zod/mini";

import { listUsersOperation } from "../../operations/users/list-users.ts";
import type { UserView } from "../../user-view.ts";
import { ask } from "../ask.ts";
import type { ConsoleEnv } from "../console-env.ts";

type Person = z.infer<typeof UserView>;

export type FoundPerson =
  /** Empty: nobody was asked for. */
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "several"; readonly people: readonly Person[] }
  | { readonly kind: "nobody" };

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const MAX_OFFERED = 20;

/** Whom somebody means who types a userName, an email, a name, or the beginning of one; an id is what it is. */
export async function findPerson(
  context: Context<ConsoleEnv>,
  slug: string,
  typed: string,
): Promise<FoundPerson> {
  if (typed === "" || ID.test(typed) || !context.var.view.may("listUsers")) {
    return { kind: "id", id: typed };
  }
  const query = { q: typed, limit: String(MAX_OFFERED) };
  const { items: people } = await ask(context, listUsersOperation, { params: { slug }, query });
  const wanted = typed.toLowerCase();
  const exact = people.filter(({ userName, email }) =>
    [userName, email].some((name) => name?.toLowerCase() === wanted),
  );
  const [one, ...others] = exact.length > 0 ? exact : people;
  if (one === undefined) return { kind: "nobody" };
  return others.length === 0
    ? { kind: "id", id: one.id }
    : { kind: "several", people: [one, ...others] };
}
